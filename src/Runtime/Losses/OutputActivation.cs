namespace Whittle;

/// <summary>The last step of a loss: from dL/da to dL/dz where the output layer has an activation.</summary>
internal static class OutputActivation
{
    /// <summary>Multiplies the gradient of every row by f'(z), computed from a = f(z).</summary>
    public static void MultiplyDerivative(LossBatch batch, LayerDescription layer)
    {
        for (var row = 0; row < batch.Rows && layer.Activation != Activation.Identity; row++)
        {
            ActivationFunction.MultiplyDerivative(layer, batch.Logits(row), batch.Gradient(row));
        }
    }
}
