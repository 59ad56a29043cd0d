namespace Whittle.Kernels.Tests;

/// <summary>Activations and their derivatives in double precision.</summary>
internal static class Reference
{
    public static double Activate(Activation activation, double slope, double z) => activation switch
    {
        Activation.Relu => Math.Max(z, 0),
        Activation.LeakyRelu => z > 0 ? z : slope * z,
        Activation.Sigmoid => 1 / (1 + Math.Exp(-z)),
        Activation.Tanh => Math.Tanh(z),
        _ => z,
    };

    /// <summary>f'(z) told from a = f(z).</summary>
    public static double DerivativeAt(Activation activation, double slope, double a) => activation switch
    {
        Activation.Relu => a > 0 ? 1 : 0,
        Activation.LeakyRelu => a > 0 ? 1 : slope,
        Activation.Sigmoid => a * (1 - a),
        Activation.Tanh => 1 - (a * a),
        _ => 1,
    };
}
