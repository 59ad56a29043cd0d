using System.Numerics.Tensors;

namespace Whittle;

/// <summary>Activation functions on rows in memory, where no kernel has them fused.</summary>
internal static class ActivationFunction
{
    /// <summary>Replaces every z by f(z), of which there may be none.</summary>
    public static void Apply(LayerDescription layer, Span<float> values)
    {
        switch (layer.Activation)
        {
            case Activation.Relu:
                TensorPrimitives.Max(values, 0, values);
                break;
            case Activation.LeakyRelu:
                foreach (ref var value in values)
                {
                    value = value > 0 ? value : value * layer.Slope;
                }

                break;
            case Activation.Sigmoid when !values.IsEmpty:
                TensorPrimitives.Sigmoid(values, values);
                break;
            case Activation.Tanh:
                TensorPrimitives.Tanh(values, values);
                break;
        }
    }

    /// <summary>Multiplies gradients by f'(z), told from a = f(z).</summary>
    public static void MultiplyDerivative(LayerDescription layer, ReadOnlySpan<float> activations, Span<float> gradients)
    {
        if (layer.Activation == Activation.Identity)
        {
            return;
        }

        activations = activations[..gradients.Length];
        for (var unit = 0; unit < gradients.Length; unit++)
        {
            gradients[unit] *= Derivative(layer, activations[unit]);
        }
    }

    private static float Derivative(LayerDescription layer, float a) => layer.Activation switch
    {
        Activation.Relu => a > 0 ? 1 : 0,
        Activation.LeakyRelu => a > 0 ? 1 : layer.Slope,
        Activation.Sigmoid => a * (1 - a),
        Activation.Tanh => 1 - (a * a),
        _ => 1,
    };
}
