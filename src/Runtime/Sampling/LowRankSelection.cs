namespace Whittle;

/// <summary>Selection by a low-rank sketch that follows the layer's inputs and parameters.</summary>
internal sealed class LowRankSelection : NodeSelection
{
    private readonly LayerDescription layer;
    private readonly int index;
    private readonly ulong seed;
    private LowRankNodes selector;

    public LowRankSelection(LayerDescription layer, int index, ulong seed)
    {
        (this.layer, this.index, this.seed) = (layer, index, seed);
        selector = NewSelector();
    }

    private LowRankSelection(LowRankSelection other)
    {
        (layer, index, seed) = (other.layer, other.index, other.seed);
        selector = other.selector.Share();
    }

    /// <inheritdoc/>
    public override bool NeedsNonZero => true;

    /// <inheritdoc/>
    public override int Capacity => layer.NodeSampling!.Active(layer.Outputs);

    /// <inheritdoc/>
    public override NodeSelection Share() => new LowRankSelection(this);

    /// <inheritdoc/>
    public override void BeginStep(NodeRows rows, ReadOnlySpan<float> input) => selector.Advance(input, rows);

    /// <inheritdoc/>
    public override void Select(in NodeChoice choice, ref RandomStream random, IndexSample sample) =>
        selector.Select(choice.Input, choice.NonZero, choice.Forced, sample);

    /// <inheritdoc/>
    public override void EndStep(NodeRows rows, ReadOnlySpan<int> changed, int samples) => selector.MarkChanged(changed);

    /// <inheritdoc/>
    public override void Reset() => selector = NewSelector();

    private LowRankNodes NewSelector() => new(
        new LowRankSketch(layer.Outputs, layer.Inputs, layer.NodeSampling!.Rank, seed, index), Capacity, layer.NodeSampling.Refresh);
}
