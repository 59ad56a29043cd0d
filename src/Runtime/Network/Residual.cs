using System.Numerics.Tensors;

namespace Whittle;

/// <summary>Residual connections, a = x + s f(z): the passes over rows that stand beside the products.</summary>
internal static unsafe class Residual
{
    /// <summary>
    /// Adds the connection: from f(z) to the layer's activations. Not in their padding, which stays zero: that of a sigmoid below is not.
    /// </summary>
    public static void Add(LayerDescription description, Workspace workspace, int layer, int rows)
    {
        var (units, stride) = (description.Outputs, (int)workspace.Stride(layer + 1));
        for (var row = 0; row < rows; row++)
        {
            var output = Row(workspace.Outputs(layer), row, stride)[..units];
            TensorPrimitives.MultiplyAdd(output, description.Residual, workspace.Row(layer, row, units), workspace.Row(layer + 1, row, units));
        }
    }

    /// <summary>
    /// Completes an input gradient of a layer with such a connection, or above one: adds what the connection passes on, dL/da, and
    /// multiplies with the derivative of the layer below, whose dL/dz it then is.
    /// </summary>
    public static void Propagate(float scale, LayerDescription below, Workspace workspace, int layer, int rows)
    {
        var width = (int)workspace.Stride(layer);
        for (var row = 0; row < rows; row++)
        {
            var gradient = Row(below.Residual != 0 ? workspace.OutputGradients(layer - 1) : workspace.Gradients(layer - 1), row, width);
            if (scale != 0)
            {
                TensorPrimitives.Add(gradient, Row(workspace.OutputGradients(layer), row, width), gradient);
            }

            var target = Row(workspace.Gradients(layer - 1), row, width);
            if (below.Residual != 0)
            {
                TensorPrimitives.Multiply(gradient, below.Residual, target);
            }

            ActivationFunction.MultiplyDerivative(below, Row(workspace.Outputs(layer - 1), row, width), target);
        }
    }

    private static Span<float> Row(float* rows, int row, int width) => new(rows + ((nuint)row * (nuint)width), width);
}
