using BenchmarkDotNet.Attributes;

namespace Whittle.Bench.Kernels;

/// <summary>dL/dz of the layer below, of which the first layer has none: dot products along panels, or panels turned round.</summary>
public class InputGradient() : LayerBenchmark(KernelProduct.InputGradient)
{
    /// <summary>Index of the layer.</summary>
    [Params(1, 3)]
    public int Layer { get; set; }

    /// <summary>Rows of the batch. The generated kernel is that of a declared batch of 20.</summary>
    [Params(20, 128)]
    public int Rows { get; set; }

    protected override int LayerIndex => Layer;

    protected override int BatchRows => Rows;

    [Benchmark]
    public void DotProducts() => Hand.DotProducts();

    [Benchmark]
    public void TurnedPanels() => Hand.TurnedPanels();

    private protected override IEnumerable<(string Name, float[] Result)> ResultsByHand()
    {
        yield return ResultOf(nameof(DotProducts), DotProducts);
        yield return ResultOf(nameof(TurnedPanels), TurnedPanels);
    }
}
