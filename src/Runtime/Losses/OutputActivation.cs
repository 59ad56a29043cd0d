namespace Whittle;

/// <summary>The last step of a loss: from dL/da to dL/dz where the output layer has an activation.</summary>
internal static class OutputActivation
{
    /// <summary>Multiplies the gradient of every row by f'(z), computed from a = f(z).</summary>
    public static void MultiplyDerivative(LossBatch batch, LayerDescription layer)
    {
        if (layer.Activation == Activation.Identity)
        {
            return;
        }

        for (var row = 0; row < batch.Rows; row++)
        {
            var activations = batch.Logits(row);
            var gradient = batch.Gradient(row);
            for (var output = 0; output < gradient.Length; output++)
            {
                gradient[output] *= Derivative(layer, activations[output]);
            }
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
