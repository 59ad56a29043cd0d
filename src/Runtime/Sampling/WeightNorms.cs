using System.Numerics.Tensors;

namespace Whittle;

/// <summary>
/// Euclidean norms of a layer's weights, by node or by input, kept instead of recomputed: each step renews one part of them, since
/// weights move little in the steps until every part had its turn.
/// </summary>
internal abstract unsafe class WeightNorms
{
    /// <summary>Steps in which every norm has been renewed.</summary>
    private const int Parts = SamplingCost.NormParts;

    private readonly float[] norms;
    private readonly nuint offset;
    private readonly Lock gate = new();
    private volatile bool known;
    private int next;

    private WeightNorms(int count, nuint offset)
    {
        norms = new float[count];
        this.offset = offset;
    }

    /// <summary>The norm of each node's or input's weights.</summary>
    public ReadOnlySpan<float> Values => norms;

    /// <summary>Norms by node, for a layer with a row of parameters for each.</summary>
    public static WeightNorms ByNode(LayerLayout layout) => new OfNodes(layout);

    /// <summary>Norms by input.</summary>
    public static WeightNorms ByInput(LayerLayout layout) => layout.InNodeRows ? new OfColumns(layout) : new OfPanelRows(layout);

    /// <summary>Renews what is due in a step. Of threads that train together one does.</summary>
    /// <param name="parameters">The network's parameters.</param>
    public void Advance(float* parameters)
    {
        if (!known)
        {
            // Others wait for the first values.
            gate.Enter();
        }
        else if (!gate.TryEnter())
        {
            return;
        }

        try
        {
            AdvanceAlone(parameters);
        }
        finally
        {
            gate.Exit();
        }
    }

    private void AdvanceAlone(float* parameters)
    {
        if (!known)
        {
            next = 0;
        }

        var count = known ? Math.Min(norms.Length - next, (norms.Length + Parts - 1) / Parts) : norms.Length;
        Compute(parameters + offset, next, norms.AsSpan(next, count));
        next = next + count == norms.Length ? 0 : next + count;
        known = true;
    }

    /// <summary>Makes the next step compute all: the weights were replaced.</summary>
    public void Reset() => (known, next) = (false, 0);

    /// <summary>Computes consecutive norms from the layer's weights.</summary>
    protected abstract void Compute(float* weights, int first, Span<float> values);

    private sealed class OfNodes(LayerLayout layout) : WeightNorms(layout.Outputs, layout.Offset)
    {
        protected override void Compute(float* weights, int first, Span<float> values)
        {
            for (var index = 0; index < values.Length; index++)
            {
                values[index] = TensorPrimitives.Norm(new ReadOnlySpan<float>(weights + layout.Column(first + index), layout.Inputs));
            }
        }
    }

    private sealed class OfColumns(LayerLayout layout) : WeightNorms(layout.Inputs, layout.Offset)
    {
        protected override void Compute(float* weights, int first, Span<float> values)
        {
            values.Clear();
            for (var node = 0; node < layout.Outputs; node++)
            {
                var row = new ReadOnlySpan<float>(weights + layout.Column(node) + first, values.Length);
                TensorPrimitives.MultiplyAdd(row, row, values, values);
            }

            TensorPrimitives.Sqrt(values, values);
        }
    }

    private sealed class OfPanelRows(LayerLayout layout) : WeightNorms(layout.Inputs, layout.Offset)
    {
        protected override void Compute(float* weights, int first, Span<float> values)
        {
            for (var index = 0; index < values.Length; index++)
            {
                var sum = 0f;
                for (var panel = 0; panel < layout.Panels; panel++)
                {
                    var row = weights + ((nuint)panel * layout.PanelLength) + ((nuint)(first + index) * (nuint)layout.Width);
                    sum += TensorPrimitives.SumOfSquares(new ReadOnlySpan<float>(row, layout.Width));
                }

                values[index] = MathF.Sqrt(sum);
            }
        }
    }
}
