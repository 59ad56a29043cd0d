namespace Whittle.Generator.Model;

/// <summary>A declared network as values only: equal declarations are equal specs, whatever else in the source moved.</summary>
/// <param name="Namespace">Namespace of the class; empty for the global one.</param>
/// <param name="ContainingTypes">Headers of the types around it, outermost first, such as <c>partial class Models</c>.</param>
/// <param name="Name">Name of the class.</param>
/// <param name="Modifiers">The modifiers the generated part repeats: accessibility, and <c>sealed</c> if declared.</param>
/// <param name="Inputs">Inputs of one sample.</param>
/// <param name="BatchSize">Rows of the declared mini-batch.</param>
/// <param name="Loss">The loss.</param>
/// <param name="Layers">The layer attributes in their order.</param>
internal sealed record NetworkSpec(
    string Namespace,
    EquatableArray<string> ContainingTypes,
    string Name,
    string Modifiers,
    int Inputs,
    int BatchSize,
    Loss Loss,
    EquatableArray<LayerSpec> Layers)
{
    /// <summary>Full name with dots: namespace, containing types, class; without the @ that source may need.</summary>
    public string FullName => string.Join(".", new[] { Namespace }
        .Concat(ContainingTypes.Select(header => header.Substring(header.LastIndexOf(' ') + 1)))
        .Append(Name)
        .Where(part => part.Length > 0))
        .Replace("@", "");
}

/// <summary>One layer attribute.</summary>
/// <param name="Units">Units of each of its layers.</param>
/// <param name="Activation">The activation function.</param>
/// <param name="Slope">Slope of leaky ReLU; zero for every other activation, so that it cannot tell equal layers apart.</param>
/// <param name="Initialization">How the weights start.</param>
/// <param name="Repeat">How many equal layers it declares at most.</param>
/// <param name="Residual">s of a residual connection; 0 for none.</param>
/// <param name="Nodes">How active nodes are chosen; null unless it is node-sampled.</param>
/// <param name="Inputs">How products are estimated; null unless it is input-sampled.</param>
internal sealed record LayerSpec(
    int Units,
    Activation Activation,
    float Slope,
    Initialization Initialization,
    int Repeat,
    float Residual = 0,
    NodeSamplingSpec? Nodes = null,
    InputSamplingSpec? Inputs = null)
{
    /// <summary>Whether each node has a row of parameters, which suits sampling this layer's nodes or its gradients.</summary>
    public bool InNodeRows => Nodes is not null || Inputs is { Products: not SampledProducts.Forward };

    /// <summary>Whether the forward kernels leave z, which the choice of nodes or their weights depend on, and the runtime applies the activation function.</summary>
    public bool ComputesPreactivations => Nodes is { Selector: NodeSelector.Adaptive or NodeSelector.TopK }
        or { Selector: NodeSelector.Lsh, Scaling: NodeScaling.InverseProbability };
}
