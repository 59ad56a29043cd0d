namespace Whittle.Kernels.Tests;

/// <summary>The declared losses and their gradients as the books write them, in double precision with error bounds.</summary>
internal static class ReferenceLoss
{
    private const double Rounding = 1.0 / (1 << 23);

    /// <summary>The loss of one row, and its gradient with respect to the outputs, both divided by the number of rows.</summary>
    /// <param name="loss">The loss.</param>
    /// <param name="outputs">Outputs of the last layer, its activation applied.</param>
    /// <param name="target">A target for each output; one-hot for softmax.</param>
    /// <param name="rows">Rows of the batch.</param>
    public static (Bounded Loss, Bounded[] Gradient) Of(Loss loss, Bounded[] outputs, float[] target, int rows) => loss switch
    {
        Loss.SoftmaxCrossEntropy => Softmax(outputs, Array.IndexOf(target, 1), rows),
        Loss.MeanSquaredError => MeanSquaredError(outputs, target, rows),
        _ => BinaryCrossEntropy(outputs, target, rows),
    };

    private static (Bounded, Bounded[]) Softmax(Bounded[] z, int label, int rows)
    {
        var largest = z.Max(value => value.Value);
        var logSum = largest + Math.Log(z.Sum(value => Math.Exp(value.Value - largest)));
        var shift = z.Max(value => value.Error);
        // Logits that are off by at most e change every probability by a factor of at most exp(2 e).
        var relative = Math.Exp(2 * shift) - 1 + ((z.Length + 16 + z.Max(value => largest - value.Value)) * Rounding);
        var gradient = z.Select((value, index) =>
        {
            var probability = Math.Exp(value.Value - logSum);
            var truth = index == label ? 1 : 0;
            return new Bounded((probability - truth) / rows, ((probability * relative) + (2 * truth * Rounding)) / rows);
        }).ToArray();
        return (new((logSum - z[label].Value) / rows, ((2 * shift) + relative) / rows), gradient);
    }

    private static (Bounded, Bounded[]) MeanSquaredError(Bounded[] a, float[] target, int rows)
    {
        var differences = a.Select((value, index) => value - target[index]).ToArray();
        var sum = Bounded.Dot(a.Length, index => differences[index], index => differences[index]);
        var count = (double)rows * a.Length;
        var gradient = differences.Select(difference => Bounded.Rounded(2 * difference.Value / count, 2 * difference.Error / count)).ToArray();
        return (Bounded.Rounded(sum.Value / count, sum.Error / count), gradient);
    }

    private static (Bounded, Bounded[]) BinaryCrossEntropy(Bounded[] z, float[] target, int rows)
    {
        double sum = 0, error = 0, size = 0;
        var gradient = new Bounded[z.Length];
        for (var index = 0; index < z.Length; index++)
        {
            var logit = z[index].Value;
            var sigmoid = z[index].Activate(Activation.Sigmoid, 0);
            sum += Math.Max(logit, 0) + Math.Log(1 + Math.Exp(-Math.Abs(logit))) - (logit * target[index]);
            error += z[index].Error;
            size += 1 + (2 * Math.Abs(logit));
            var difference = sigmoid - target[index];
            gradient[index] = Bounded.Rounded(difference.Value / rows, difference.Error / rows);
        }

        return (new(sum / rows, (error + ((z.Length + 16) * Rounding * size)) / rows), gradient);
    }
}
