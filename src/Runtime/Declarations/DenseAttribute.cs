namespace Whittle;

/// <summary>Declares a layer in which every unit is connected with every input: a = f(xW + b), all products exact.</summary>
/// <param name="units">Number of units (outputs), 1 to 16,384.</param>
/// <param name="activation">The function f. Default: identity, which leaves logits on an output layer.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class DenseAttribute(int units, Activation activation = Activation.Identity) : Attribute
{
    /// <summary>Number of units (outputs).</summary>
    public int Units { get; } = units;

    /// <summary>The activation function.</summary>
    public Activation Activation { get; } = activation;

    /// <summary>Slope of leaky ReLU for negative pre-activations, between 0 and 1. Default 0.01.</summary>
    public double Slope { get; set; } = Defaults.Slope;

    /// <summary>How the weights start.</summary>
    public Initialization Initialization { get; set; }

    /// <summary>
    /// Declares up to this many equal layers, which share their kernels. The constructor's <c>depth</c> chooses how
    /// many of them the network has (default: all). At most one layer attribute of a network may repeat.
    /// </summary>
    public int Repeat { get; set; } = 1;

    /// <summary>
    /// s of a residual connection around the layer, a = x + s f(xW + b), which needs as many units as inputs; a finite number above 0.
    /// Default 0: no connection.
    /// </summary>
    public double Residual { get; set; }
}
