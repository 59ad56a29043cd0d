namespace Whittle;

/// <summary>Hash functions whose bits are the signs of projections.</summary>
internal abstract class SignHash(int inputs, int bits, int tables) : HashFunctions(inputs, bits, tables)
{
    private const int MostFloatsAtOnce = 16_384;

    /// <summary>The projections, [inputs][K L].</summary>
    public Projection Projection { get; } = new(inputs, bits * tables);

    /// <summary>What the projections of transformed vectors add, [m + 1][width] as <see cref="AsymmetricTransform"/> says; empty without a transform.</summary>
    public virtual ReadOnlySpan<float> Transform => default;

    /// <summary>The factor of an input in its transform.</summary>
    public virtual float InputFactor(ReadOnlySpan<float> x, ReadOnlySpan<int> nonZero) => 0;

    /// <summary>The factors of nodes in their transforms.</summary>
    /// <param name="rows">The weights.</param>
    /// <param name="nodes">Which nodes.</param>
    /// <param name="scale">What <see cref="HashFunctions.ScaleFor"/> says.</param>
    /// <param name="factors">Room for [nodes][m + 1]; stays as it is without a transform.</param>
    public virtual void NodeFactors(NodeRows rows, ReadOnlySpan<int> nodes, float scale, Span<float> factors)
    {
    }

    /// <inheritdoc/>
    public override void HashInput(ReadOnlySpan<float> x, ReadOnlySpan<int> nonZero, Span<int> codes)
    {
        Span<float> sums = stackalloc float[Projection.Width];
        Projection.Apply(x, nonZero, sums);
        TransformInput(sums, InputFactor(x, nonZero));
        SignCodes.Pack(sums, Bits, codes[..Tables]);
    }

    /// <inheritdoc/>
    public override void HashNodes(NodeRows rows, ReadOnlySpan<int> nodes, float scale, Span<int> codes)
    {
        var width = Projection.Width;
        var atOnce = Math.Clamp(MostFloatsAtOnce / width / 8, 1, 4) * 8;
        Span<float> sums = stackalloc float[atOnce * width];
        Span<float> factors = stackalloc float[atOnce * AsymmetricTransform.NodeFactors];
        for (var start = 0; start < nodes.Length; start += atOnce)
        {
            var some = nodes[start..Math.Min(start + atOnce, nodes.Length)];
            Projection.ApplyToRows(rows, some, sums);
            NodeFactors(rows, some, scale, factors);
            for (var position = 0; position < some.Length; position++)
            {
                var own = sums.Slice(position * width, width);
                TransformNode(own, factors.Slice(position * AsymmetricTransform.NodeFactors, AsymmetricTransform.NodeFactors));
                SignCodes.Pack(own, Bits, codes.Slice((start + position) * Tables, Tables));
            }
        }
    }

    /// <summary>Turns the projections of an input into those of its transform.</summary>
    protected virtual void TransformInput(Span<float> sums, float factor)
    {
    }

    /// <summary>Turns the projections of a node's weights into those of their transform.</summary>
    protected virtual void TransformNode(Span<float> sums, ReadOnlySpan<float> factors)
    {
    }
}
