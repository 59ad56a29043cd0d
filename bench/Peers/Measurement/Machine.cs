using System.Diagnostics;
using Whittle.Examples.Measurements;

namespace Whittle.Bench.Peers.Measurement;

/// <summary>What the machine can do at most with one thread, to set the times beside.</summary>
/// <param name="Processor">Its name.</param>
/// <param name="PeakGigaFlops">GFLOP/s of multiply-adds in registers, of the widest instruction set.</param>
/// <param name="Avx2PeakGigaFlops">The same limited to AVX2; null where there is none.</param>
/// <param name="ReadGigaBytes">GB/s read from memory.</param>
/// <param name="CopyGigaBytes">GB/s read and written by a copy in memory, both counted.</param>
internal sealed record Machine(string Processor, double PeakGigaFlops, double? Avx2PeakGigaFlops, double ReadGigaBytes, double CopyGigaBytes)
{
    // Far more than any cache.
    private const int BufferBytes = 256 << 20;
    private const int Repetitions = 4;

    /// <summary>Measures.</summary>
    public static Machine Measure()
    {
        var (read, copy) = MeasureMemory();
        var peak = PeakArithmetic.Measure();
        double? avx2 = InstructionSets.Supported switch
        {
            < InstructionSet.Avx2 => null,
            InstructionSet.Avx2 => peak,
            _ => ChildProcess.Measure(ChildProcess.Peak, (InstructionSets.OverrideVariable, "avx2")),
        };
        return new Machine(ProcessorName.Text, peak, avx2, read, copy);
    }

    /// <summary>The better of two measurements of the same machine: neighbours only ever slow it down.</summary>
    public Machine BestOf(Machine other) => this with
    {
        PeakGigaFlops = Math.Max(PeakGigaFlops, other.PeakGigaFlops),
        Avx2PeakGigaFlops = PeakOf(Avx2PeakGigaFlops, other.Avx2PeakGigaFlops),
        ReadGigaBytes = Math.Max(ReadGigaBytes, other.ReadGigaBytes),
        CopyGigaBytes = Math.Max(CopyGigaBytes, other.CopyGigaBytes),
    };

    private static double? PeakOf(double? first, double? second) => first is { } a && second is { } b ? Math.Max(a, b) : first;

    private static (double Read, double Copy) MeasureMemory()
    {
        var source = GC.AllocateUninitializedArray<ulong>(BufferBytes / sizeof(ulong));
        var target = GC.AllocateUninitializedArray<ulong>(BufferBytes / sizeof(ulong));
        source.AsSpan().Fill(1);
        var (read, copy) = (double.MaxValue, double.MaxValue);
        for (var repetition = 0; repetition < Repetitions; repetition++)
        {
            var start = Stopwatch.GetTimestamp();
            // A search for what is not there reads everything, in vectors.
            var found = source.AsSpan().Contains(2UL);
            read = found ? throw new InvalidOperationException("The memory does not hold what was written.") : Math.Min(read, Stopwatch.GetElapsedTime(start).TotalSeconds);
            start = Stopwatch.GetTimestamp();
            source.CopyTo(target, 0);
            copy = Math.Min(copy, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        return (BufferBytes / read / 1e9, 2.0 * BufferBytes / copy / 1e9);
    }
}
