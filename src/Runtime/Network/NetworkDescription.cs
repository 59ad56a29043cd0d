namespace Whittle;

/// <summary>The architecture of a network as values: what was declared, or what one instance has after depth was chosen.</summary>
/// <param name="Name">Full name of the declared class.</param>
/// <param name="Inputs">Inputs of one sample.</param>
/// <param name="BatchSize">Rows of a mini-batch that the kernels are tiled for.</param>
/// <param name="Loss">The loss that training minimises.</param>
/// <param name="Layers">The layers from input to output, repeated ones one by one.</param>
/// <param name="RepeatedLayer">Index of the first repeated layer, or -1 when no layer repeats.</param>
/// <param name="RepeatCount">How many layers, from <paramref name="RepeatedLayer"/> on, are repetitions of one declaration; 0 when none.</param>
public sealed record NetworkDescription(
    string Name,
    int Inputs,
    int BatchSize,
    Loss Loss,
    IReadOnlyList<LayerDescription> Layers,
    int RepeatedLayer,
    int RepeatCount)
{
    /// <summary>Outputs of the last layer.</summary>
    public int Outputs => Layers[^1].Outputs;

    /// <summary>Number of weights and biases.</summary>
    public long ParameterCount => Layers.Sum(layer => ((long)layer.Inputs + 1) * layer.Outputs);

    /// <summary>Multiply-adds of one sample's exact forward pass.</summary>
    public long MultiplyAdds => Layers.Sum(layer => (long)layer.Inputs * layer.Outputs);

    /// <summary>What a training step costs for each sample, sampled layers by what they compute.</summary>
    /// <param name="batchSize">Rows of a mini-batch; 0 for <see cref="BatchSize"/>.</param>
    public StepCost CostOfStep(int batchSize = 0) => Layers
        .Select((layer, index) => StepCost.Of(layer, index == 0, batchSize > 0 ? batchSize : BatchSize))
        .Aggregate((sum, layer) => sum + layer);

    /// <summary>The architecture with fewer of the repeated layers.</summary>
    /// <param name="depth">How many of the repeated layers to keep, from 1 to <see cref="RepeatCount"/>; 0 for all.</param>
    /// <exception cref="ArgumentOutOfRangeException">The depth is outside that range, or no layer repeats.</exception>
    internal NetworkDescription WithDepth(int depth)
    {
        if (depth == 0 || (depth == RepeatCount && depth > 0))
        {
            return this;
        }

        if (depth < 0 || depth > RepeatCount)
        {
            throw new ArgumentOutOfRangeException(nameof(depth), depth, RepeatCount == 0
                ? $"{Name} has no repeated layers; leave the depth out."
                : $"{Name} can have 1 to {RepeatCount} of its repeated layers.");
        }

        return this with
        {
            Layers = [.. Layers.Take(RepeatedLayer + depth), .. Layers.Skip(RepeatedLayer + RepeatCount)],
            RepeatCount = depth,
        };
    }
}

/// <summary>One layer as values.</summary>
/// <param name="Inputs">Units of the layer below, nIn.</param>
/// <param name="Outputs">Units of this layer, nOut.</param>
/// <param name="Activation">The activation function f.</param>
/// <param name="Slope">Slope of leaky ReLU for negative pre-activations.</param>
/// <param name="Initialization">How the weights start.</param>
/// <param name="Kernel">Index of the compiled layer whose kernels run it: repeated layers share one.</param>
/// <param name="Residual">s of a residual connection, a = x + s f(z); 0 for none.</param>
/// <param name="NodeSampling">How active nodes are chosen; null unless the layer is node-sampled.</param>
/// <param name="InputSampling">How products are estimated; null unless the layer is input-sampled.</param>
public sealed record LayerDescription(
    int Inputs,
    int Outputs,
    Activation Activation,
    float Slope,
    Initialization Initialization,
    int Kernel,
    float Residual = 0,
    NodeSampling? NodeSampling = null,
    InputSampling? InputSampling = null)
{
    /// <summary>Whether each node has a row of parameters, which suits sampling this layer's nodes or its gradients.</summary>
    internal bool InNodeRows => NodeSampling is not null || InputSampling is { Products: not SampledProducts.Forward };

    /// <summary>Whether exact predictions of a hidden layer are scaled by the mean share of the nodes that were active in training.</summary>
    internal bool PredictsMeanShare => NodeSampling is { Inference: NodeInference.Exact, Scaling: NodeScaling.None };

    /// <summary>Whether the forward kernels leave z, which the choice of nodes or their weights depend on.</summary>
    internal bool ComputesPreactivations => NodeSampling is { Selector: NodeSelector.Adaptive or NodeSelector.TopK }
        or { Selector: NodeSelector.Lsh, Scaling: NodeScaling.InverseProbability };
}
