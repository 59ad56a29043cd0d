using System.Numerics.Tensors;
using System.Runtime.Intrinsics;

namespace Whittle;

/// <summary>
/// exp(z) / sum exp(z) of one row of logits, in the padded rows of working memory: a row of a few classes is one or two
/// vectors, for which calls over spans would cost more than the exponentials.
/// </summary>
internal static class Softmax
{
    /// <summary>Most outputs that go vector by vector through this class; more amortise a call for each operation.</summary>
    private const int MostOutputs = 32;

    private static int Lanes => Vector256<float>.Count;

    /// <summary>
    /// Computes exp(z - max z), so that no exponential overflows and the largest is 1. Where all logits are -infinity, as of an output layer
    /// whose tables retrieve no node, all are 1: nothing is known.
    /// </summary>
    /// <param name="logits">z, padded.</param>
    /// <param name="outputs">How many elements of the row are no padding.</param>
    /// <param name="exponentials">Receives exp(z - max z), and zeros up to the end of the last vector; may be <paramref name="logits"/>.</param>
    /// <param name="largest">max z.</param>
    /// <returns>The sum of the exponentials.</returns>
    public static float Exponentials(ReadOnlySpan<float> logits, int outputs, Span<float> exponentials, out float largest)
    {
        var vectors = (outputs + Lanes - 1) / Lanes;
        if (outputs > MostOutputs || vectors * Lanes > Math.Min(logits.Length, exponentials.Length))
        {
            logits = logits[..outputs];
            exponentials = exponentials[..outputs];
            largest = TensorPrimitives.Max(logits);
            if (KnowsNothing(logits, largest))
            {
                return Equal(exponentials, outputs);
            }

            TensorPrimitives.Subtract(logits, largest, exponentials);
            TensorPrimitives.Exp(exponentials, exponentials);
            return TensorPrimitives.Sum<float>(exponentials);
        }

        var start = (vectors - 1) * Lanes;
        var padding = Vector256.GreaterThanOrEqual(Vector256<int>.Indices, Vector256.Create(outputs - start)).AsSingle();
        var last = Vector256.ConditionalSelect(padding, Vector256.Create(float.NegativeInfinity), Vector256.Create(logits[start..]));

        // A maximum may lose a logit that is not a number; its own exponential keeps it.
        var maximum = last;
        for (var offset = 0; offset < start; offset += Lanes)
        {
            maximum = Vector256.MaxNative(maximum, Vector256.Create(logits[offset..]));
        }

        largest = MaxAcross(maximum);
        if (KnowsNothing(logits[..outputs], largest))
        {
            return Equal(exponentials[..(vectors * Lanes)], outputs);
        }

        var shift = Vector256.Create(largest);
        var sum = Vector256<float>.Zero;
        for (var offset = 0; offset < start; offset += Lanes)
        {
            var exponential = Vector256.Exp(Vector256.Create(logits[offset..]) - shift);
            exponential.CopyTo(exponentials[offset..]);
            sum += exponential;
        }

        last = Vector256.ConditionalSelect(padding, Vector256<float>.Zero, Vector256.Exp(last - shift));
        last.CopyTo(exponentials[start..]);
        return Vector256.Sum(sum + last);
    }

    /// <summary>Computes the probabilities of the classes.</summary>
    /// <param name="logits">The logits of one row, padded; overwritten.</param>
    /// <param name="probabilities">Receives [outputs].</param>
    public static void Normalize(Span<float> logits, Span<float> probabilities)
    {
        var sum = Exponentials(logits, probabilities.Length, logits, out _);
        if (probabilities.Length > MostOutputs)
        {
            TensorPrimitives.Divide(logits[..probabilities.Length], sum, probabilities);
            return;
        }

        for (var output = 0; output < probabilities.Length; output++)
        {
            probabilities[output] = logits[output] / sum;
        }
    }

    private static bool KnowsNothing(ReadOnlySpan<float> logits, float largest) =>
        float.IsNegativeInfinity(largest) && !logits.ContainsAnyExcept(float.NegativeInfinity);

    private static float Equal(Span<float> exponentials, int outputs)
    {
        exponentials[..outputs].Fill(1);
        exponentials[outputs..].Clear();
        return outputs;
    }

    private static float MaxAcross(Vector256<float> values)
    {
        var halves = Vector128.MaxNative(values.GetLower(), values.GetUpper());
        var pairs = Vector128.MaxNative(halves, Vector128.Shuffle(halves, Vector128.Create(2, 3, 0, 1)));
        return Vector128.MaxNative(pairs, Vector128.Shuffle(pairs, Vector128.Create(1, 0, 3, 2))).ToScalar();
    }
}
