using System.Runtime.Intrinsics;

namespace Whittle;

/// <summary>
/// The mean over rows of the sum over outputs of log(1 + exp(z)) - z t, the cross-entropy of sigmoid(z) against t.
/// dL/dz = (sigmoid(z) - t) / rows.
/// </summary>
internal sealed class BinaryCrossEntropy() : ElementwiseLoss<LogisticLoss>(meanOverOutputs: false);

/// <summary>log(1 + exp(z)) - z t.</summary>
internal readonly struct LogisticLoss : IOutputLoss
{
    /// <inheritdoc/>
    public static Vector256<float> Of(Vector256<float> outputs, Vector256<float> targets, out Vector256<float> derivatives)
    {
        // log(1 + exp(z)) = max(z, 0) + log(1 + exp(-|z|)): the exponential cannot overflow, and gives the sigmoid too.
        var exponential = Vector256.Exp(-Vector256.Abs(outputs));
        var normalizer = Vector256<float>.One + exponential;
        var numerator = Vector256.ConditionalSelect(
            Vector256.LessThan(outputs, Vector256<float>.Zero), exponential, Vector256<float>.One);
        derivatives = (numerator / normalizer) - targets;
        var positive = Vector256.MaxNative(outputs, Vector256<float>.Zero);

        // An inactive output is minus infinity, of which nothing is to be taken where nothing is wanted.
        var wanted = Vector256.ConditionalSelect(Vector256.Equals(targets, Vector256<float>.Zero), Vector256<float>.Zero, outputs * targets);
        return positive - wanted + Vector256.Log(normalizer);
    }
}
