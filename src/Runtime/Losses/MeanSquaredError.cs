using System.Numerics.Tensors;

namespace Whittle;

/// <summary>The mean over rows and outputs of (a - t)^2. dL/da = 2 (a - t) / (rows * outputs).</summary>
internal sealed class MeanSquaredError : LossFunction
{
    /// <inheritdoc/>
    public override LossValue Compute(LossBatch batch)
    {
        var sum = 0.0;
        var scale = (float)(2.0 / ((double)batch.Rows * batch.Outputs));
        for (var row = 0; row < batch.Rows; row++)
        {
            var gradient = batch.Gradient(row);
            TensorPrimitives.Subtract(batch.Logits(row), batch.Target(row), gradient);
            sum += (double)TensorPrimitives.SumOfSquares<float>(gradient) / batch.Outputs;
            TensorPrimitives.Multiply(gradient, scale, gradient);
        }

        return new LossValue(sum, batch.Rows);
    }
}
