namespace Whittle;

/// <summary>
/// Declares a network that is compiled at build time. The class must be partial and implement
/// <see cref="INetwork{TSelf}"/>; its layers are the layer attributes below this one, in their order.
/// </summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class NetworkAttribute : Attribute
{
    /// <summary>Number of inputs of one sample.</summary>
    public required int Inputs { get; set; }

    /// <summary>Rows of the mini-batch that the kernels are tiled for; any batch up to any size still runs. Default 32.</summary>
    public int BatchSize { get; set; } = Defaults.BatchSize;

    /// <summary>The loss that training minimises. Default: softmax cross-entropy.</summary>
    public Loss Loss { get; set; } = Loss.SoftmaxCrossEntropy;
}
