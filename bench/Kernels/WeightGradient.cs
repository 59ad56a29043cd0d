using BenchmarkDotNet.Attributes;
using Whittle.Bench.Kernels.Ladder;

namespace Whittle.Bench.Kernels;

/// <summary>
/// dL/dW and the step with it: the update of each tile from registers or through scratch memory. Plain descent, and, by hand alone,
/// Adam, whose rule is what tells the two apart.
/// </summary>
public class WeightGradient() : LayerBenchmark(KernelProduct.WeightGradient)
{
    private const float Beta1 = 0.9f;
    private const float Beta2 = 0.999f;

    /// <summary>Index of the layer.</summary>
    [Params(0, 1, 3)]
    public int Layer { get; set; }

    /// <summary>Rows of the batch.</summary>
    [Params(20)]
    public int Rows { get; set; }

    protected override int LayerIndex => Layer;

    protected override int BatchRows => Rows;

    [Benchmark]
    public void FixedRule() => Hand.FixedRule(rate: 0);

    [Benchmark]
    public void UpdateFromRegisters() => Hand.Update<SgdRule, FromRegisters>(new SgdRule(0));

    [Benchmark]
    public void UpdateThroughScratch() => Hand.Update<SgdRule, ByScratch>(new SgdRule(0));

    [Benchmark]
    public void AdamFromRegisters() => Hand.Update<AdamRule, FromRegisters>(Adam(rate: 0));

    [Benchmark]
    public void AdamThroughScratch() => Hand.Update<AdamRule, ByScratch>(Adam(rate: 0));

    private protected override IEnumerable<(string Name, float[] Result)> ResultsByHand()
    {
        yield return ResultOf(nameof(FixedRule), () => Hand.FixedRule(rate: 1));
        yield return ResultOf(nameof(UpdateFromRegisters), () => Hand.Update<SgdRule, FromRegisters>(new SgdRule(1)));
        yield return ResultOf(nameof(UpdateThroughScratch), () => Hand.Update<SgdRule, ByScratch>(new SgdRule(1)));

        // Adam's first step has no bound in the gradient's error where that is nearly 0; its first moment is the gradient, scaled.
        Hand.Update<AdamRule, FromRegisters>(Adam(rate: 1));
        var parameters = Hand.Result(KernelProduct.WeightGradient);
        yield return (nameof(AdamFromRegisters), Hand.FirstMomentResult(Beta1));
        Hand.Update<AdamRule, ByScratch>(Adam(rate: 1));
        if (!Hand.Result(KernelProduct.WeightGradient).AsSpan().SequenceEqual(parameters))
        {
            throw new InvalidOperationException($"{nameof(AdamThroughScratch)} gives other parameters than {nameof(AdamFromRegisters)}.");
        }

        yield return (nameof(AdamThroughScratch), Hand.FirstMomentResult(Beta1));
    }

    private static AdamRule Adam(float rate) => new(1, rate, Beta1, Beta2, 1e-8f, weightDecay: 0, decoupled: false);
}
