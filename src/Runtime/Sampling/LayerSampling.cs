namespace Whittle;

/// <summary>What one sampled layer keeps from step to step: how it chooses, and what it chose for the current batch.</summary>
internal sealed class LayerSampling : IDisposable
{
    private readonly LayerDescription layer;
    private readonly bool isOutput;
    private readonly Dictionary<int, InputSelection> byRows = [];

    /// <summary>Prepares the sampling of a layer.</summary>
    /// <param name="layer">A layer with sampling.</param>
    /// <param name="layout">Where its parameters lie.</param>
    /// <param name="selection">How its nodes are chosen; null where its inputs are sampled.</param>
    /// <param name="isOutput">Whether it is the output layer, whose labels may be more than the nodes that it selects.</param>
    public LayerSampling(LayerDescription layer, LayerLayout layout, NodeSelection? selection, bool isOutput)
        : this(
            layer,
            selection,
            isOutput,
            ScoresWeights(layer, SampledProducts.Forward) ? WeightNorms.ByInput(layout) : null,
            ScoresWeights(layer, SampledProducts.InputGradient) ? WeightNorms.ByNode(layout) : null)
    {
    }

    private LayerSampling(LayerDescription layer, NodeSelection? selection, bool isOutput, WeightNorms? inputNorms, WeightNorms? nodeNorms)
    {
        this.layer = layer;
        this.isOutput = isOutput;
        Selection = selection;
        if (layer.NodeSampling is { } nodes)
        {
            Active = new ActiveNodes(layer.Outputs, isOutput ? layer.Outputs : selection!.Capacity, nodes.Sharing == NodeSharing.Batch);
        }

        InputNorms = inputNorms;
        NodeNorms = nodeNorms;
        Forward = Samples(layer, SampledProducts.Forward) ? new InputSelection(layer.InputSampling!, layer.Inputs) : null;
        InputGradient = Samples(layer, SampledProducts.InputGradient) ? new InputSelection(layer.InputSampling!, layer.Outputs) : null;
    }

    /// <summary>How active nodes are chosen; null for a layer whose inputs are sampled.</summary>
    public NodeSelection? Selection { get; }

    /// <summary>The active nodes of the current batch; null for a layer whose inputs are sampled.</summary>
    public ActiveNodes? Active { get; }

    /// <summary>What rows have missed of the weight decay of a training; null where there is none.</summary>
    public MissedSteps? Missed { get; set; }

    /// <summary>The norms of the weights against which inputs are drawn; null where that product is exact or its estimator looks at no scores.</summary>
    public WeightNorms? InputNorms { get; }

    /// <summary>The norms of the weights against which gradients are drawn; null where that product is exact or its estimator looks at no scores.</summary>
    public WeightNorms? NodeNorms { get; }

    /// <summary>Draws inputs of the forward product; null where that is exact.</summary>
    public InputSelection? Forward { get; }

    /// <summary>Draws nodes of the input gradient; null where that is exact.</summary>
    public InputSelection? InputGradient { get; }

    /// <summary>Makes the sampling of the layer for another thread of the same training: with choices and draws of its own.</summary>
    public LayerSampling Share() => new(layer, Selection?.Share(), isOutput, InputNorms, NodeNorms);

    /// <summary>Draws samples of the weight gradient of a batch; null where that is exact.</summary>
    public InputSelection? WeightGradient(int rows)
    {
        if (!Samples(layer, SampledProducts.WeightGradient) || layer.InputSampling!.Count(rows) >= rows)
        {
            return null;
        }

        if (!byRows.TryGetValue(rows, out var selection))
        {
            byRows.Add(rows, selection = new InputSelection(layer.InputSampling, rows));
        }

        return selection;
    }

    /// <summary>Forgets what was derived from parameters and inputs, as a training that begins here.</summary>
    public void Reset()
    {
        ForgetParameters();
        Selection?.Reset();
    }

    /// <summary>Forgets what was derived from the parameters: they were replaced.</summary>
    public void ForgetParameters()
    {
        Selection?.ForgetParameters();
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

    private static bool Samples(LayerDescription layer, SampledProducts product) => layer.InputSampling is { } settings && (settings.Products & product) != 0;

    private static bool ScoresWeights(LayerDescription layer, SampledProducts product) =>
        Samples(layer, product) && layer.InputSampling!.Estimator != InputEstimator.Uniform;
}
