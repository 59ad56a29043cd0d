using BenchmarkDotNet.Attributes;

namespace Whittle.Bench.Kernels;

/// <summary>a = f(xW + b): from one vector of sums over rows of W to tiles over panels.</summary>
public class Forward() : LayerBenchmark(KernelProduct.Forward)
{
    /// <summary>Index of the layer.</summary>
    [Params(0, 1, 3)]
    public int Layer { get; set; }

    /// <summary>Rows of the batch.</summary>
    [Params(20)]
    public int Rows { get; set; }

    protected override int LayerIndex => Layer;

    protected override int BatchRows => Rows;

    [Benchmark]
    public void OneAccumulator() => Hand.OneAccumulator();

    [Benchmark]
    public void SeveralAccumulators() => Hand.SeveralAccumulators();

    [Benchmark]
    public void RegisterTile() => Hand.RegisterTile();

    [Benchmark]
    public void PackedPanels() => Hand.PackedPanels();

    private protected override IEnumerable<(string Name, float[] Result)> ResultsByHand()
    {
        yield return ResultOf(nameof(OneAccumulator), OneAccumulator);
        yield return ResultOf(nameof(SeveralAccumulators), SeveralAccumulators);
        yield return ResultOf(nameof(RegisterTile), RegisterTile);
        yield return ResultOf(nameof(PackedPanels), PackedPanels);
    }
}
