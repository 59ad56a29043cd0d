using System.Numerics.Tensors;

namespace Whittle;

/// <summary>
/// Euclidean norms of a layer's weights, by node or by input, kept instead of recomputed: each step renews one part of them, since
/// weights move little in the steps until every part had its turn.
/// </summary>
/// <param name="layout">Where the weights lie: node rows for norms by node, panels for norms by input.</param>
internal sealed unsafe class WeightNorms(LayerLayout layout)
{
    /// <summary>Steps in which every norm has been renewed.</summary>
    internal const int Parts = 64;

    private readonly float[] norms = new float[layout.InNodeRows ? layout.Outputs : layout.Inputs];
    private bool known;
    private int next;

    /// <summary>The norm of each node's or input's weights.</summary>
    public ReadOnlySpan<float> Values => norms;

    /// <summary>Renews what is due in a step.</summary>
    /// <param name="parameters">The network's parameters.</param>
    public void Advance(float* parameters)
    {
        var count = known ? (norms.Length + Parts - 1) / Parts : norms.Length;
        for (var done = 0; done < count; done++)
        {
            norms[next] = Norm(parameters + layout.Offset, next);
            next = next + 1 == norms.Length ? 0 : next + 1;
        }

        known = true;
    }

    /// <summary>Makes the next step compute all: the weights were replaced.</summary>
    public void Reset() => known = false;

    private float Norm(float* weights, int index)
    {
        if (layout.InNodeRows)
        {
            return TensorPrimitives.Norm(new ReadOnlySpan<float>(weights + layout.Column(index), layout.Inputs));
        }

        var sum = 0f;
        for (var panel = 0; panel < layout.Panels; panel++)
        {
            var row = weights + ((nuint)panel * layout.PanelLength) + ((nuint)index * (nuint)layout.Width);
            sum += TensorPrimitives.SumOfSquares(new ReadOnlySpan<float>(row, layout.Width));
        }

        return MathF.Sqrt(sum);
    }
}
