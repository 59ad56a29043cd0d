namespace Whittle;

/// <summary>Selection by a low-rank sketch that follows the layer's inputs and parameters.</summary>
internal sealed class LowRankSelection : NodeSelection
{
    private readonly LowRankNodes selector;

    public LowRankSelection(LayerDescription layer, int index, ulong seed)
    {
        var settings = layer.NodeSampling!;
        Capacity = settings.Active(layer.Outputs);
        selector = new LowRankNodes(new LowRankSketch(layer.Outputs, layer.Inputs, settings.Rank, seed, index), Capacity, settings.Refresh);
    }

    private LowRankSelection(LowRankSelection other) => (Capacity, selector) = (other.Capacity, other.selector.Share());

    /// <inheritdoc/>
    public override bool NeedsNonZero => true;

    /// <inheritdoc/>
    public override int Capacity { get; }

    /// <inheritdoc/>
    public override NodeSelection Share() => new LowRankSelection(this);

    /// <inheritdoc/>
    public override void BeginStep(NodeRows rows, ReadOnlySpan<float> input) => selector.Advance(input, rows);

    /// <inheritdoc/>
    public override void Select(in NodeChoice choice, ref RandomStream random, IndexSample sample) =>
        selector.Select(choice.Input, choice.NonZero, choice.Forced, sample);

    /// <inheritdoc/>
    public override void ForgetParameters() => selector.RefreshNext();

    /// <inheritdoc/>
    public override void Reset() => selector.Reset();
}
