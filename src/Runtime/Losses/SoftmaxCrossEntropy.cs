using System.Numerics.Tensors;
using System.Runtime.Intrinsics;

namespace Whittle;

/// <summary>
/// -log softmax(z)[label], averaged over the rows with the weights of their classes (divided by the sum of those
/// weights). dL/dz = (softmax(z) - onehot(label)) * weight / sum.
/// </summary>
internal sealed class SoftmaxCrossEntropy(float[]? classWeights) : LossFunction
{
    /// <summary>Far enough from the largest double that one more factor, at most 2^14, cannot overflow.</summary>
    private const double LargeProduct = 1e280;

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

        // A sum of logarithms is the logarithm of a product, whose factors lie between 1 and the number of outputs.
        var sum = 0.0;
        var product = 1.0;
        for (var row = 0; row < batch.Rows; row++)
        {
            var logits = batch.Logits(row);
            var label = batch.Labels[row];
            var weight = classWeights is null ? 1 : classWeights[label];
            var correct = logits[label];
            var normalizer = Softmax.Exponentials(batch.PaddedLogits(row), batch.Outputs, batch.PaddedGradient(row), out var largest);

            // Equal ones may be infinite.
            sum -= correct == largest ? 0 : weight * (correct - largest);
            if (weight != 1)
            {
                sum += weight * Math.Log(normalizer);
            }
            else
            {
                product *= normalizer;
                if (product > LargeProduct)
                {
                    sum += Math.Log(product);
                    product = 1;
                }
            }

            var scale = totalWeight == 0 ? 0 : (float)(weight / totalWeight);
            var gradient = batch.Gradient(row);
            Scale(gradient, scale / normalizer);
            gradient[label] -= scale;
        }

        return new LossValue(sum + Math.Log(product), totalWeight);
    }

    private static void Scale(Span<float> values, float factor)
    {
        if (values.Length > Vector256<float>.Count)
        {
            TensorPrimitives.Multiply(values, factor, values);
            return;
        }

        foreach (ref var value in values)
        {
            value *= factor;
        }
    }
}
