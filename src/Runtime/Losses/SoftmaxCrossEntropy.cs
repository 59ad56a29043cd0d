using System.Numerics.Tensors;

namespace Whittle;

/// <summary>
/// -log softmax(z)[label], averaged over the rows with the weights of their classes (divided by the sum of those
/// weights). dL/dz = (softmax(z) - onehot(label)) * weight / sum.
/// </summary>
internal sealed class SoftmaxCrossEntropy(float[]? classWeights) : LossFunction
{
    /// <inheritdoc/>
    public override bool UsesLabels => true;

    /// <inheritdoc/>
    public override LossValue Compute(LossBatch batch)
    {
        double totalWeight = batch.Rows;
        if (classWeights is not null)
        {
            totalWeight = 0;
            foreach (var label in batch.Labels)
            {
                totalWeight += classWeights[label];
            }
        }

        var sum = 0.0;
        for (var row = 0; row < batch.Rows; row++)
        {
            var logits = batch.Logits(row);
            var gradient = batch.Gradient(row);
            var label = batch.Labels[row];
            var weight = classWeights is null ? 1 : classWeights[label];

            // Shifted by the largest logit, so that no exponential overflows and the largest is 1.
            var largest = TensorPrimitives.Max(logits);
            TensorPrimitives.Subtract(logits, largest, gradient);
            var shifted = gradient[label];
            TensorPrimitives.Exp(gradient, gradient);
            var normalizer = TensorPrimitives.Sum<float>(gradient);
            sum += weight * (Math.Log(normalizer) - shifted);

            var scale = totalWeight == 0 ? 0 : (float)(weight / totalWeight);
            TensorPrimitives.Multiply(gradient, scale / normalizer, gradient);
            gradient[label] -= scale;
        }

        return new LossValue(sum, totalWeight);
    }
}
