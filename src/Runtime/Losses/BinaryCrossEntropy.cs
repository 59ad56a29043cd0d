using System.Numerics.Tensors;

namespace Whittle;

/// <summary>
/// The mean over rows of the sum over outputs of log(1 + exp(z)) - z t, the cross-entropy of sigmoid(z) against t.
/// dL/dz = (sigmoid(z) - t) / rows.
/// </summary>
internal sealed class BinaryCrossEntropy : LossFunction
{
    /// <inheritdoc/>
    public override LossValue Compute(LossBatch batch)
    {
        var sum = 0.0;
        var scale = 1f / batch.Rows;
        var scratch = batch.Scratch;
        for (var row = 0; row < batch.Rows; row++)
        {
            var logits = batch.Logits(row);
            var target = batch.Target(row);
            var gradient = batch.Gradient(row);

            // log(1 + exp(z)) = max(z, 0) + log(1 + exp(-|z|)): the exponential cannot overflow.
            TensorPrimitives.Abs(logits, scratch);
            TensorPrimitives.Negate(scratch, scratch);
            TensorPrimitives.Exp(scratch, scratch);
            TensorPrimitives.LogP1(scratch, scratch);
            sum += TensorPrimitives.Sum<float>(scratch);
            TensorPrimitives.Max(logits, 0f, scratch);
            TensorPrimitives.Multiply(logits, target, gradient);
            TensorPrimitives.Subtract(scratch, gradient, scratch);
            sum += TensorPrimitives.Sum<float>(scratch);

            TensorPrimitives.Sigmoid(logits, gradient);
            TensorPrimitives.Subtract(gradient, target, gradient);
            TensorPrimitives.Multiply(gradient, scale, gradient);
        }

        return new LossValue(sum, batch.Rows);
    }
}
