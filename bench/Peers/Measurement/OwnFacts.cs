using System.Diagnostics;
using Whittle.Bench.Peers.Networks;
using Whittle.Bench.Peers.Protocol;

namespace Whittle.Bench.Peers.Measurement;

/// <summary>What else must hold for ours: it allocates nothing in a step, starts fast, and the JIT compiler optimises all of it.</summary>
/// <param name="AllocatedBytes">Bytes that a step allocates, in the thread that calls it: the most over the declared networks and optimisers, on one thread and two.</param>
/// <param name="FirstStep">Time from the start of the process to the end of its first training step.</param>
/// <param name="CompiledMethods">Generated methods that the JIT compiler compiled in runs that exercise all networks in each instruction set.</param>
/// <param name="Unoptimized">Those of them that it refused to optimise (MinOpts).</param>
internal sealed record OwnFacts(double AllocatedBytes, Spread FirstStep, int CompiledMethods, IReadOnlyList<string> Unoptimized)
{
    private const string GeneratedCode = "Whittle.Generated.";

    // The compiler's word for a method that is too large or complex to optimise, whatever else stands beside it.
    private const string GivenUp = "MinOpts";
    private const int AllocationSteps = 200;
    private const int AllocationBlocks = 5;
    private const int Starts = 5;

    /// <summary>What does not hold, one line each.</summary>
    public IReadOnlyList<string> Problems
    {
        get
        {
            var problems = new List<string>();
            if (AllocatedBytes > 0)
            {
                problems.Add(FormattableString.Invariant($"a training step allocates {AllocatedBytes:N1} bytes; it must allocate nothing."));
            }

            if (CompiledMethods == 0)
            {
                problems.Add("the JIT compiler's report names no generated method; the check for unoptimised ones saw nothing.");
            }

            problems.AddRange(Unoptimized.Select(method => $"the JIT compiler does not optimise {method}."));
            return problems;
        }
    }

    /// <summary>Measures.</summary>
    public static OwnFacts Measure(Effort effort, CancellationToken cancellation)
    {
        var allocated = (
            from network in DeclaredNetworks.All
            from optimizer in (Optimizer[])[Optimizer.Sgd(), Optimizer.Adam()]
            from threads in (int[])[1, 2]
            from hasZeros in (bool[])[false, true]
            select AllocatedByStep(network, optimizer, threads, hasZeros)).Max();
        cancellation.ThrowIfCancellationRequested();
        var starts = Enumerable.Range(0, effort == Effort.Smoke ? 1 : Starts).Select(_ => TimeFirstStep()).ToArray();
        cancellation.ThrowIfCancellationRequested();
        var (count, unoptimized) = CheckCompilation();
        return new OwnFacts(allocated, Spread.Of(starts), count, unoptimized);
    }

    /// <summary>Writes them, one line each.</summary>
    public void Write(Action<FormattableString> line)
    {
        line($"Allocated by a training step: {AllocatedBytes:N0} bytes.");
        line($"From the start of a process to the end of its first training step, 784-1000-1000-1000-10, batch 20: {FirstStep.Median:N0} ms (10 %..90 %: {FirstStep.Low:N0}..{FirstStep.High:N0}).");
        line($"Generated methods compiled by the JIT compiler: {CompiledMethods}, of them without optimisation (MinOpts): {Unoptimized.Count}.");
    }

    private static double AllocatedByStep(DeclaredNetwork declared, Optimizer optimizer, int threads, bool hasZeros)
    {
        using var network = declared.Create(1);
        using var session = new TrainingSession(network, new StepOptions { Optimizer = optimizer, Threads = threads });
        var inputs = new float[declared.BatchSize * declared.Shape.Inputs];
        for (var index = 0; index < inputs.Length; index++)
        {
            inputs[index] = hasZeros && index % declared.Shape.Inputs % 3 == 0 ? 0 : 0.5f;
        }

        var labels = new int[declared.BatchSize];
        var targets = new float[declared.BatchSize * declared.Shape.Outputs];
        void Step()
        {
            if (declared.Shape.Objective == Objective.CrossEntropy)
            {
                session.Step(inputs, labels);
            }
            else
            {
                session.Step(inputs, targets);
            }
        }

        // The first steps may make room. What the runtime allocates once, when it compiles a method anew, falls into one of the
        // blocks; what a step allocates is in all of them.
        Step();
        var steps = Math.Max(3, AllocationSteps / declared.BatchSize);
        var least = long.MaxValue;
        for (var block = 0; block < AllocationBlocks && least > 0; block++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var step = 0; step < steps; step++)
            {
                Step();
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return (double)least / steps;
    }

    private static double TimeFirstStep()
    {
        var start = Stopwatch.GetTimestamp();
        ChildProcess.Measure(ChildProcess.FirstStep);
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    // Without tiers every method is compiled once and to be optimised, so that one that cannot be shows itself at once. The
    // summary has a line for each: "  12: JIT compiled Class:Method(...) [FullOpts, IL size=..., code size=...]".
    private static (int Count, IReadOnlyList<string> Unoptimized) CheckCompilation()
    {
        var directory = Directory.CreateTempSubdirectory("whittle-peers-");
        try
        {
            var compiled = new HashSet<(string Method, string Tier)>();
            foreach (var set in Enum.GetValues<InstructionSet>().Where(set => set <= InstructionSets.Supported))
            {
                var file = Path.Combine(directory.FullName, $"{set}.txt");
                ChildProcess.Measure(
                    ChildProcess.Exercise,
                    (InstructionSets.OverrideVariable, set.ToString()),
                    ("DOTNET_TieredCompilation", "0"),
                    ("DOTNET_JitStdOutFile", file),
                    ("DOTNET_JitDisasmSummary", "1"));
                compiled.UnionWith(File.ReadLines(file).Select(Compilation).Where(line => IsGenerated(line.Method)));
            }

            return (compiled.Count, [.. compiled.Where(line => line.Tier.Contains(GivenUp, StringComparison.Ordinal)).Select(line => line.Method)]);
        }
        finally
        {
            directory.Delete(recursive: true);
        }

        static bool IsGenerated(string method) =>
            method.StartsWith(GeneratedCode, StringComparison.Ordinal) || DeclaredNetworks.All.Any(network => method.Contains($".{network.ClassName}:", StringComparison.Ordinal));
    }

    private static (string Method, string Tier) Compilation(string line)
    {
        const string Before = "compiled ";
        var start = line.IndexOf(Before, StringComparison.Ordinal) + Before.Length;
        var bracket = line.LastIndexOf(" [", StringComparison.Ordinal);
        return bracket < start ? (line, "") : (line[start..bracket], line[(bracket + 2)..line.IndexOf(',', bracket)]);
    }
}
