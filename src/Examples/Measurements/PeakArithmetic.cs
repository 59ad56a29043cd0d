using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Whittle.Examples.Measurements;

/// <summary>How fast one thread of this machine multiplies and adds when nothing but the arithmetic counts.</summary>
public static class PeakArithmetic
{
    private const int Chains = 12;
    private const int Rounds = 1 << 20;

    /// <summary>
    /// Runs 12 independent chains of multiply-adds in registers, enough to hide their latency on two units, in the
    /// vectors of the active instruction set, and returns the fastest of several runs.
    /// </summary>
    /// <returns>GFLOP/s; a multiply-add counts as two.</returns>
    public static double Measure()
    {
        var lanes = InstructionSets.Lanes(InstructionSets.Active);
        Action run = InstructionSets.Active switch
        {
            InstructionSet.Avx512 => static () => Run<Lanes16>(),
            InstructionSet.Avx2 => static () => Run<Lanes8>(),
            _ => static () => Run<Lanes4>(),
        };
        var best = double.MaxValue;
        var clock = Stopwatch.StartNew();
        while (clock.ElapsedMilliseconds < 300)
        {
            var start = Stopwatch.GetTimestamp();
            run();
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        return 2.0 * lanes * Chains * Rounds / best / 1e9;
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static TLanes Run<TLanes>()
        where TLanes : struct, ILanes<TLanes>
    {
        var factor = TLanes.Create(0.999f);
        var addend = TLanes.Create(0.001f);
        TLanes a = addend, b = addend, c = addend, d = addend, e = addend, f = addend;
        TLanes g = addend, h = addend, i = addend, j = addend, k = addend, l = addend;
        for (var round = 0; round < Rounds; round++)
        {
            a = TLanes.MultiplyAdd(a, factor, addend);
            b = TLanes.MultiplyAdd(b, factor, addend);
            c = TLanes.MultiplyAdd(c, factor, addend);
            d = TLanes.MultiplyAdd(d, factor, addend);
            e = TLanes.MultiplyAdd(e, factor, addend);
            f = TLanes.MultiplyAdd(f, factor, addend);
            g = TLanes.MultiplyAdd(g, factor, addend);
            h = TLanes.MultiplyAdd(h, factor, addend);
            i = TLanes.MultiplyAdd(i, factor, addend);
            j = TLanes.MultiplyAdd(j, factor, addend);
            k = TLanes.MultiplyAdd(k, factor, addend);
            l = TLanes.MultiplyAdd(l, factor, addend);
        }

        return a + b + c + d + e + f + g + h + i + j + k + l;
    }
}
