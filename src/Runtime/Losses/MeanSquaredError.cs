using System.Runtime.Intrinsics;

namespace Whittle;

/// <summary>The mean over rows and outputs of (a - t)^2. dL/da = 2 (a - t) / (rows * outputs).</summary>
internal sealed class MeanSquaredError() : ElementwiseLoss<SquaredError>(meanOverOutputs: true);

/// <summary>(a - t)^2.</summary>
internal readonly struct SquaredError : IOutputLoss
{
    /// <inheritdoc/>
    public static Vector256<float> Of(Vector256<float> outputs, Vector256<float> targets, out Vector256<float> derivatives)
    {
        var error = outputs - targets;
        derivatives = error + error;
        return error * error;
    }
}
