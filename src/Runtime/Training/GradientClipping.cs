using System.Numerics.Tensors;
using System.Runtime.Intrinsics;

namespace Whittle;

/// <summary>Scales a whole gradient down to a norm and applies an update rule to it, element by element.</summary>
internal static unsafe class GradientClipping
{
    // Few enough that a sum of squares in floats stays accurate; their sums are added in doubles.
    private const int Chunk = 4096;

    /// <summary>The sum of the squares of a layer's gradients.</summary>
    public static double SumOfSquares(float* gradients, LayerLayout layout)
    {
        var sum = 0.0;
        for (nuint start = 0; start < layout.Length; start += Chunk)
        {
            var count = (int)Math.Min(layout.Length - start, Chunk);
            sum += TensorPrimitives.SumOfSquares(new ReadOnlySpan<float>(gradients + layout.Offset + start, count));
        }

        return sum;
    }

    /// <summary>Multiplies a layer's gradients by <paramref name="scale"/> and updates its parameters with them.</summary>
    public static void Apply<TRule>(
        ref readonly TRule rule, LayerLayout layout, float* gradients, float scale, float* parameters, float* first, float* second)
        where TRule : struct, IUpdateRule
    {
        gradients += layout.Offset;
        parameters += layout.Offset;
        first = (first == null ? parameters - layout.Offset : first) + layout.Offset;
        second = (second == null ? parameters - layout.Offset : second) + layout.Offset;
        var factor = Vector256.Create(scale);

        // A layer's length is a multiple of the panel width, which is at least one vector of 8.
        for (nuint offset = 0; offset < layout.Length; offset += (nuint)Vector256<float>.Count)
        {
            var gradient = Vector256.Load(gradients + offset) * factor;
            ParameterUpdate.Apply(in rule, gradient, ref *parameters, ref *first, ref *second, offset);
        }
    }
}
