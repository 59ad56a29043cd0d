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
    public virtual float InputFactor(ReadOnlySpan<float> x) => 0;

    /// <summary>The factors of nodes in their transforms.</summary>
    /// <param name="rows">The weights.</param>
    /// <param name="nodes">Which nodes.</param>
    /// <param name="scale">What <see cref="HashFunctions.ScaleFor"/> says.</param>
    /// <param name="factors">Room for [nodes][m + 1]; stays as it is without a transform.</param>
    public virtual void NodeFactors(NodeRows rows, ReadOnlySpan<int> nodes, float scale, Span<float> factors)
    {
    }

    /// <summary>The projections whose signs are the bits of an input.</summary>
    /// <param name="x">The input.</param>
    /// <param name="nonZero">Ascending indices of its elements that are not zero.</param>
    /// <param name="sums">Room for [width].</param>
    public void ProjectInput(ReadOnlySpan<float> x, ReadOnlySpan<int> nonZero, Span<float> sums)
    {
        Projection.Apply(x, nonZero, sums);
        TransformInput(sums[..Projection.Width], InputFactor(x));
    }

    /// <summary>The projections whose signs are the bits of some nodes.</summary>
    /// <param name="rows">The weights.</param>
    /// <param name="nodes">Which nodes.</param>
    /// <param name="scale">What <see cref="HashFunctions.ScaleFor"/> says.</param>
    /// <param name="sums">Room for [nodes][width].</param>
    public void ProjectNodes(NodeRows rows, ReadOnlySpan<int> nodes, float scale, Span<float> sums)
    {
        Span<float> factors = stackalloc float[nodes.Length * AsymmetricTransform.NodeFactors];
        Projection.ApplyToRows(rows, nodes, sums);
        NodeFactors(rows, nodes, scale, factors);
        for (var position = 0; position < nodes.Length; position++)
        {
            TransformNode(
                sums.Slice(position * Projection.Width, Projection.Width), factors.Slice(position * AsymmetricTransform.NodeFactors, AsymmetricTransform.NodeFactors));
        }
    }

    /// <inheritdoc/>
    public override void HashInput(ReadOnlySpan<float> x, ReadOnlySpan<int> nonZero, Span<int> codes)
    {
        Span<float> sums = stackalloc float[Projection.Width];
        ProjectInput(x, nonZero, sums);
        SignCodes.Pack(sums, Bits, codes[..Tables]);
    }

    /// <inheritdoc/>
    public override void HashNodes(NodeRows rows, ReadOnlySpan<int> nodes, float scale, Span<int> codes)
    {
        var width = Projection.Width;
        var atOnce = Math.Clamp(MostFloatsAtOnce / width / 8, 1, 4) * 8;
        Span<float> sums = stackalloc float[atOnce * width];
        for (var start = 0; start < nodes.Length; start += atOnce)
        {
            var some = nodes[start..Math.Min(start + atOnce, nodes.Length)];
            ProjectNodes(rows, some, scale, sums);
            for (var position = 0; position < some.Length; position++)
            {
                SignCodes.Pack(sums.Slice(position * width, width), Bits, codes.Slice((start + position) * Tables, Tables));
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
