using System.IO.Enumeration;
using Whittle.Bench.Peers.Networks;
using Whittle.Bench.Peers.Protocol;
using static Whittle.Bench.Peers.Cases.ContenderKind;

namespace Whittle.Bench.Peers.Cases;

/// <summary>All cases.</summary>
internal static class CaseCatalog
{
    private static readonly (string Name, Work Work)[] Steps = [("sgd", Work.SgdStep), ("adam", Work.AdamStep)];

    /// <summary>In the order of the table.</summary>
    public static IReadOnlyList<BenchmarkCase> All { get; } =
        [.. Forward(), .. WideSteps(), .. Avx2(), .. Threads(), .. Small(), .. RuntimeShapes(), .. AheadOfTime(), .. Sampled()];

    /// <summary>Enough to tell that everything in this program works, in seconds and without any peer's process.</summary>
    public static IReadOnlyList<BenchmarkCase> Smoke { get; } =
    [
        .. All.Where(test => test.Name is "forward-20" or "sampled-inputs-weight-gradient-20" or "avx2-forward-128" or "small-37-113-5-forward-20" or "small-8-7-3-forward-1" or "aot-step-sgd-20"),
        .. All.Where(test => test.Name is "runtime-shapes-step-sgd-20" or "small-64-32-32-1-step-sgd-20" or "step-adam-20")
            .Select(test => test with { Peers = [.. test.Peers.Where(peer => peer is Tensors or ContenderKind.RuntimeShapes)] }),
    ];

    /// <summary>The cases whose name contains the text, or matches it as a whole where it has * or ?.</summary>
    public static IReadOnlyList<BenchmarkCase> Select(IReadOnlyList<BenchmarkCase> cases, string? filter) => filter switch
    {
        null => cases,
        _ when filter.AsSpan().ContainsAny('*', '?') => [.. cases.Where(test => FileSystemName.MatchesSimpleExpression(filter, test.Name))],
        _ => [.. cases.Where(test => test.Name.Contains(filter, StringComparison.OrdinalIgnoreCase))],
    };

    private static IEnumerable<BenchmarkCase> Forward()
    {
        var wide = DeclaredNetworks.Wide;
        yield return new("forward-1-dense", wide, Work.Forward, 1, InputKind.Dense, Own, [OnnxRuntime]);
        yield return new("forward-1-images", wide, Work.Forward, 1, InputKind.Images, Own, [OnnxRuntime]);
        foreach (var batch in (int[])[20, 128, 512])
        {
            yield return new($"forward-{batch}", wide, Work.Forward, batch, InputKind.Images, Own, [OnnxRuntime]);
        }
    }

    private static IEnumerable<BenchmarkCase> WideSteps() =>
        from step in Steps
        from batch in (int[])[1, 20, 128, 512]
        // Generic C# falls ever further behind with the batch, and would take most of the time.
        select new BenchmarkCase(
            $"step-{step.Name}-{batch}", DeclaredNetworks.Wide, step.Work, batch, InputKind.Images, Own, batch <= 20 ? [TorchSharp, PyTorch, Tensors] : [TorchSharp, PyTorch]);

    private static IEnumerable<BenchmarkCase> Avx2()
    {
        if (InstructionSets.Supported < InstructionSet.Avx2)
        {
            yield break;
        }

        yield return new("avx2-forward-128", DeclaredNetworks.Wide, Work.Forward, 128, InputKind.Images, OwnAvx2, []);
        yield return new("avx2-step-sgd-512", DeclaredNetworks.Wide, Work.SgdStep, 512, InputKind.Images, OwnAvx2, [PyTorchAvx2]);
    }

    private static IEnumerable<BenchmarkCase> Threads() =>
        from work in Environment.ProcessorCount < 2 ? (string[])[] : ["forward", "step-sgd"]
        from batch in (int[])[20, 128, 512]
        select new BenchmarkCase(
            $"threads-2-{work}-{batch}", DeclaredNetworks.Wide, work == "forward" ? Work.Forward : Work.SgdStep, batch, InputKind.Images, Own, [OwnOneThread])
        {
            Threads = 2,
        };

    private static IEnumerable<BenchmarkCase> Small() =>
        from shape in (NetworkShape[])[DeclaredNetworks.Odd, DeclaredNetworks.Regression, DeclaredNetworks.Tiny]
        from work in (string[])["forward", "step-sgd"]
        from batch in (int[])[1, 20]
        let isStep = work != "forward"
        select new BenchmarkCase(
            $"small-{shape}-{work}-{batch}", shape, isStep ? Work.SgdStep : Work.Forward, batch, InputKind.Dense, Own, isStep ? [TorchSharp, PyTorch] : [OnnxRuntime]);

    /// <summary>Sampled layers against exact ones of the same shape; a training with them computes something else, so that only times are compared.</summary>
    private static IEnumerable<BenchmarkCase> Sampled()
    {
        var (wide, deep) = (DeclaredNetworks.Wide, DeclaredNetworks.Deep);
        foreach (var (name, step) in Steps)
        {
            yield return Case($"lsh-{name}-1", wide, step, 1, nameof(LshBatch1), TorchSharp);
        }

        yield return Case("lowrank-3-sgd-1", wide, Work.SgdStep, 1, nameof(LowRankBatch1), TorchSharp);
        yield return Case("lowrank-7-sgd-1", deep, Work.SgdStep, 1, nameof(DeepLowRankBatch1), TorchSharp);
        foreach (var (batch, network) in ((int, string)[])[(20, nameof(InputSampledBatch20)), (128, nameof(InputSampledBatch128))])
        {
            yield return Case($"inputs-sgd-{batch}", wide, Work.SgdStep, batch, network, TorchSharp);
            yield return Case($"inputs-input-gradient-{batch}", wide, Work.InputGradient, batch, network);
            yield return Case($"inputs-weight-gradient-{batch}", wide, Work.WeightGradient, batch, network, WeightPass);
        }

        yield return Case("uniform-sgd-20", wide, Work.SgdStep, 20, nameof(OwnUniformBatch20), TorchSharp);
        yield return Case("uniform-shared-sgd-20", wide, Work.SgdStep, 20, nameof(UniformBatch20), TorchSharp);
        if (Environment.ProcessorCount > 1)
        {
            yield return Hogwild("hogwild-2", Work.SgdStep, nameof(LshBatch1));
            yield return Hogwild("hogwild-2-adam", Work.AdamStep, nameof(LshBatch1));
            yield return Hogwild("hogwild-2-lowrank", Work.SgdStep, nameof(LowRankBatch1));
        }

        static BenchmarkCase Case(string name, NetworkShape shape, Work work, int batch, string network, params ContenderKind[] peers) =>
            new($"sampled-{name}", shape, work, batch, InputKind.Images, OwnSampled, [Own, .. peers]) { Sampled = network };

        // 512 steps of one row each.
        BenchmarkCase Hogwild(string name, Work work, string network) =>
            new($"sampled-{name}", wide, work, 512, InputKind.Images, OwnHogwild, [OwnHogwildOneThread]) { Sampled = network, Threads = 2 };
    }

    private static IEnumerable<BenchmarkCase> RuntimeShapes() =>
        from shape in (NetworkShape[])[DeclaredNetworks.Wide, DeclaredNetworks.Odd, DeclaredNetworks.Tiny]
        from work in (string[])["forward", "step-sgd"]
        from batch in shape == DeclaredNetworks.Wide ? (int[])[1, 20, 128] : [1, 20]
        let isWide = shape == DeclaredNetworks.Wide
        select new BenchmarkCase(
            $"runtime-shapes-{(isWide ? "" : $"{shape}-")}{work}-{batch}",
            shape,
            work == "forward" ? Work.Forward : Work.SgdStep,
            batch,
            isWide ? InputKind.Images : InputKind.Dense,
            Own,
            [ContenderKind.RuntimeShapes]);

    private static IEnumerable<BenchmarkCase> AheadOfTime() =>
        from work in (string[])["forward", "step-sgd"]
        from batch in (int[])[1, 20, 128]
        select new BenchmarkCase(
            $"aot-{work}-{batch}", DeclaredNetworks.Wide, work == "forward" ? Work.Forward : Work.SgdStep, batch, InputKind.Images, Own, [OwnAot]);
}
