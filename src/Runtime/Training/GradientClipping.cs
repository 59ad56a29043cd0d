using System.Numerics.Tensors;
using System.Runtime.Intrinsics;

namespace Whittle;

/// <summary>Scales a whole gradient down to a norm and applies an update rule to it, element by element.</summary>
internal static unsafe class GradientClipping
{
    // Few enough that a sum of squares in floats stays accurate; their sums are added in doubles.
    private const int Chunk = 4096;

    /// <summary>The sum of the squares of a layer's gradients.</summary>
    /// <param name="gradients">Gradients of the network.</param>
    /// <param name="layout">Where the layer's lie.</param>
    /// <param name="nodes">The nodes that have gradients, where each has a row; null for all.</param>
    public static double SumOfSquares(float* gradients, LayerLayout layout, IndexSample? nodes)
    {
        gradients += layout.Offset;
        if (nodes is null)
        {
            return SumOfSquares(gradients, layout.Length);
        }

        var sum = 0.0;
        foreach (var node in nodes.Indices)
        {
            sum += SumOfSquares(gradients + layout.Column(node), layout.RowStride);
        }

        return sum;
    }

    /// <summary>Multiplies a layer's gradients by <paramref name="scale"/> and updates its parameters with them.</summary>
    /// <param name="rule">The rule of this step.</param>
    /// <param name="layout">Where the layer's parameters and gradients lie.</param>
    /// <param name="gradients">Gradients of the network.</param>
    /// <param name="scale">Factor of the gradients.</param>
    /// <param name="parameters">Parameters of the network.</param>
    /// <param name="moments">The layer's moments.</param>
    /// <param name="nodes">The nodes to update, where each has a row; null for all.</param>
    /// <param name="missed">What they have missed; null for nothing.</param>
    public static void Apply<TRule>(
        ref readonly TRule rule,
        LayerLayout layout,
        float* gradients,
        float scale,
        float* parameters,
        LayerMoments moments,
        IndexSample? nodes,
        MissedSteps? missed)
        where TRule : struct, IUpdateRule
    {
        gradients += layout.Offset;
        parameters += layout.Offset;
        if (nodes is null)
        {
            Apply(in rule, gradients, scale, parameters, moments, 0, layout.Length);
            return;
        }

        for (var entry = 0; entry < nodes.Count; entry++)
        {
            missed?.CatchUpMoments(nodes.Indices, entry..(entry + 1), moments, 0, (int)layout.RowStride);
            Apply(in rule, gradients, scale, parameters, moments, layout.Column(nodes.Indices[entry]), layout.RowStride);
        }
    }

    private static double SumOfSquares(float* gradients, nuint length)
    {
        var sum = 0.0;
        for (nuint start = 0; start < length; start += Chunk)
        {
            var count = (int)Math.Min(length - start, Chunk);
            var part = (double)TensorPrimitives.SumOfSquares(new ReadOnlySpan<float>(gradients + start, count));
            sum += double.IsFinite(part) ? part : SumOfLargeSquares(gradients + start, count);
        }

        return sum;
    }

    /// <summary>Of numbers whose squares do not fit single precision.</summary>
    private static double SumOfLargeSquares(float* gradients, int count)
    {
        var sum = 0.0;
        for (var index = 0; index < count; index++)
        {
            sum += (double)gradients[index] * gradients[index];
        }

        return sum;
    }

    private static void Apply<TRule>(
        ref readonly TRule rule, float* gradients, float scale, float* parameters, LayerMoments moments, nuint start, nuint length)
        where TRule : struct, IUpdateRule
    {
        var factor = Vector256.Create(scale);

        // Panels and rows are multiples of 8 floats.
        for (var offset = start; offset < start + length; offset += (nuint)Vector256<float>.Count)
        {
            var gradient = Vector256.Load(gradients + offset) * factor;
            ParameterUpdate.Apply(in rule, gradient, ref *parameters, ref *moments.First, ref *moments.Second, offset);
        }
    }
}
