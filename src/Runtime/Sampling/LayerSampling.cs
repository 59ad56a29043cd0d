namespace Whittle;

/// <summary>What one sampled layer keeps from step to step: how it chooses, and what it chose for the current batch.</summary>
internal sealed class LayerSampling : IDisposable
{
    private readonly LayerDescription layer;
    private readonly Dictionary<int, InputSelection> byRows = [];

    /// <summary>Prepares the sampling of a layer.</summary>
    /// <param name="layer">A layer with sampling.</param>
    /// <param name="layout">Where its parameters lie.</param>
    /// <param name="selection">How its nodes are chosen; null where its inputs are sampled.</param>
    /// <param name="isOutput">Whether it is the output layer, whose labels may be more than the nodes that it selects.</param>
    public LayerSampling(LayerDescription layer, LayerLayout layout, NodeSelection? selection, bool isOutput)
    {
        this.layer = layer;
        Selection = selection;
        if (layer.NodeSampling is { } nodes)
        {
            Active = new ActiveNodes(layer.Outputs, isOutput ? layer.Outputs : selection!.Capacity, nodes.Sharing == NodeSharing.Batch);
        }

        if (layer.InputSampling is not { } inputs)
        {
            return;
        }

        if (inputs.Products.HasFlag(SampledProducts.Forward))
        {
            InputNorms = WeightNorms.ByInput(layout);
            Forward = new InputSelection(inputs, layer.Inputs);
        }

        if (inputs.Products.HasFlag(SampledProducts.InputGradient))
        {
            NodeNorms = WeightNorms.ByNode(layout);
            InputGradient = new InputSelection(inputs, layer.Outputs);
        }
    }

    /// <summary>How active nodes are chosen; null for a layer whose inputs are sampled.</summary>
    public NodeSelection? Selection { get; }

    /// <summary>The active nodes of the current batch; null for a layer whose inputs are sampled.</summary>
    public ActiveNodes? Active { get; }

    /// <summary>What rows have missed of the weight decay of a training; null where there is none.</summary>
    public MissedSteps? Missed { get; set; }

    /// <summary>The norms of the weights against which inputs are drawn; null where that product is exact.</summary>
    public WeightNorms? InputNorms { get; }

    /// <summary>The norms of the weights against which gradients are drawn; null where that product is exact.</summary>
    public WeightNorms? NodeNorms { get; }

    /// <summary>Draws inputs of the forward product; null where that is exact.</summary>
    public InputSelection? Forward { get; }

    /// <summary>Draws nodes of the input gradient; null where that is exact.</summary>
    public InputSelection? InputGradient { get; }

    /// <summary>Draws samples of the weight gradient of a batch; null where that is exact.</summary>
    public InputSelection? WeightGradient(int rows)
    {
        if (layer.InputSampling is not { } settings || (settings.Products & SampledProducts.WeightGradient) == 0 || settings.Count(rows) >= rows)
        {
            return null;
        }

        if (!byRows.TryGetValue(rows, out var selection))
        {
            byRows.Add(rows, selection = new InputSelection(settings, rows));
        }

        return selection;
    }

    /// <summary>Forgets what was derived from the parameters: they were replaced.</summary>
    public void Reset()
    {
        Selection?.Reset();
        InputNorms?.Reset();
        NodeNorms?.Reset();
        Forward?.Reset();
        InputGradient?.Reset();
        foreach (var selection in byRows.Values)
        {
            selection.Reset();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Selection?.Dispose();
}
