using System.Runtime.Intrinsics;

namespace Whittle;

/// <summary>A loss of single outputs, eight at a time.</summary>
internal interface IOutputLoss
{
    /// <summary>Computes the losses of eight outputs and their derivatives.</summary>
    /// <param name="outputs">What the network computed.</param>
    /// <param name="targets">What it should have computed.</param>
    /// <param name="derivatives">dL/doutput.</param>
    static abstract Vector256<float> Of(Vector256<float> outputs, Vector256<float> targets, out Vector256<float> derivatives);
}

/// <summary>The mean over rows of a sum over outputs, each of which has a loss of its own.</summary>
/// <typeparam name="TLoss">The loss of one output.</typeparam>
/// <param name="meanOverOutputs">Whether the sum over outputs is divided by their number.</param>
internal abstract class ElementwiseLoss<TLoss>(bool meanOverOutputs) : LossFunction
    where TLoss : struct, IOutputLoss
{
    /// <summary>Outputs of several narrow rows that are computed together.</summary>
    private const int Together = 64;

    private static int Lanes => Vector256<float>.Count;

    /// <inheritdoc/>
    public override LossValue Compute(LossBatch batch)
    {
        var divisor = meanOverOutputs ? batch.Outputs : 1;
        var scale = (float)(1.0 / ((double)batch.Rows * divisor));
        var sum = batch.Outputs < Lanes ? NarrowRows(batch, scale) : WideRows(batch, scale);
        return new LossValue(sum / divisor, batch.Rows);
    }

    private static double WideRows(LossBatch batch, float scale)
    {
        var sum = 0.0;
        for (var row = 0; row < batch.Rows; row++)
        {
            sum += Compute(batch.Logits(row), batch.Target(row), batch.Gradient(row), scale);
        }

        return sum;
    }

    /// <summary>Rows that would not fill a vector are packed; the targets already are.</summary>
    private static double NarrowRows(LossBatch batch, float scale)
    {
        var sum = 0.0;
        Span<float> packed = stackalloc float[Together];
        Span<float> gradients = stackalloc float[Together];
        var most = Together / batch.Outputs;
        for (var start = 0; start < batch.Rows; start += most)
        {
            var rows = Math.Min(most, batch.Rows - start);
            var count = 0;
            for (var row = start; row < start + rows; row++)
            {
                foreach (var output in batch.Logits(row))
                {
                    packed[count++] = output;
                }
            }

            sum += Compute(packed[..count], batch.Targets(start, rows), gradients[..count], scale);
            count = 0;
            for (var row = start; row < start + rows; row++)
            {
                foreach (ref var gradient in batch.Gradient(row))
                {
                    gradient = gradients[count++];
                }
            }
        }

        return sum;
    }

    private static double Compute(ReadOnlySpan<float> outputs, ReadOnlySpan<float> targets, Span<float> gradients, float scale)
    {
        var sum = Vector256<double>.Zero;
        var offset = 0;
        for (; offset + Lanes <= outputs.Length; offset += Lanes)
        {
            var losses = TLoss.Of(
                Vector256.Create(outputs.Slice(offset, Lanes)), Vector256.Create(targets.Slice(offset, Lanes)), out var derivatives);
            (derivatives * scale).CopyTo(gradients.Slice(offset, Lanes));
            sum += Widened(losses);
        }

        if (offset < outputs.Length)
        {
            Span<float> rest = stackalloc float[2 * Lanes];
            outputs[offset..].CopyTo(rest);
            targets[offset..outputs.Length].CopyTo(rest[Lanes..]);
            var losses = TLoss.Of(Vector256.Create<float>(rest[..Lanes]), Vector256.Create<float>(rest[Lanes..]), out var derivatives);
            (derivatives * scale).CopyTo(rest);
            rest[..(outputs.Length - offset)].CopyTo(gradients[offset..]);
            var used = Vector256.LessThan(Vector256<int>.Indices, Vector256.Create(outputs.Length - offset)).AsSingle();
            sum += Widened(Vector256.ConditionalSelect(used, losses, Vector256<float>.Zero));
        }

        return Vector256.Sum(sum);
    }

    private static Vector256<double> Widened(Vector256<float> values)
    {
        var (lower, upper) = Vector256.Widen(values);
        return lower + upper;
    }
}
