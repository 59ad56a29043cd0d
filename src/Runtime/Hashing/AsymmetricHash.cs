using System.Numerics.Tensors;

namespace Whittle;

/// <summary>
/// Asymmetric hashing for large inner products (transforms of Shrivastava and Li 2014 with m = 3 and U = 0.83, signs of Gaussian
/// projections as Spring and Shrivastava 2017 use them): weights, scaled so that the longest row has length U, become
/// [w; |w|^2; |w|^4; |w|^8], inputs [x / |x|; 1/2; 1/2; 1/2]; a bit is the sign of a projection.
/// </summary>
internal sealed class AsymmetricHash : SignHash
{
    /// <summary>U, the length that the longest row of weights is scaled to.</summary>
    public const float LongestRow = 0.83f;

    private readonly float[] transform;

    /// <summary>Draws the projections.</summary>
    public AsymmetricHash(int inputs, int bits, int tables, ref RandomStream random)
        : base(inputs, bits, tables)
    {
        for (var input = 0; input < inputs; input++)
        {
            Fill(Projection.Row(input), ref random);
        }

        transform = new float[(AsymmetricTransform.Extra + 1) * Projection.Width];
        var ofInputs = transform.AsSpan(AsymmetricTransform.InputRow * Projection.Width);
        for (var coordinate = 0; coordinate < AsymmetricTransform.Extra; coordinate++)
        {
            var row = transform.AsSpan(coordinate * Projection.Width, Projection.Width);
            Fill(row, ref random);
            for (var column = 0; column < row.Length; column++)
            {
                ofInputs[column] += row[column] / 2;
            }
        }

        void Fill(Span<float> row, ref RandomStream random)
        {
            foreach (ref var entry in row[..(bits * tables)])
            {
                entry = random.NextNormal();
            }
        }
    }

    /// <inheritdoc/>
    public override ReadOnlySpan<float> Transform => transform;

    /// <inheritdoc/>
    public override bool UsesScale => true;

    /// <inheritdoc/>
    public override float ScaleFor(float longest) => longest > 0 && float.IsFinite(longest) ? LongestRow / longest : 1;

    /// <summary>|x|: the projections stay times |x|, which changes no sign.</summary>
    public override float InputFactor(ReadOnlySpan<float> x) => TensorPrimitives.Norm(x);

    /// <summary>The scale s, |s w|^2, |s w|^4 and |s w|^8.</summary>
    public override void NodeFactors(NodeRows rows, ReadOnlySpan<int> nodes, float scale, Span<float> factors)
    {
        for (var position = 0; position < nodes.Length; position++)
        {
            var square = scale * scale * TensorPrimitives.SumOfSquares(rows.Row(nodes[position]));
            var fourth = square * square;
            var own = factors.Slice(position * AsymmetricTransform.NodeFactors, AsymmetricTransform.NodeFactors);
            (own[0], own[1], own[2], own[3]) = (scale, square, fourth, fourth * fourth);
        }
    }

    /// <inheritdoc/>
    public override double CollisionProbability(double product, double inputLength, double weightLength, float scale)
    {
        if (inputLength == 0)
        {
            // An input of zeros has no direction: all its bits are 0, whatever the node's.
            return Math.Pow(0.5, Bits);
        }

        var square = Math.Pow(scale * weightLength, 2);
        var (fourth, eighth) = (Math.Pow(square, 2), Math.Pow(square, 4));
        var transformed = (scale * product / inputLength) + ((square + fourth + eighth) / 2);
        var lengths = Math.Sqrt(1 + (AsymmetricTransform.Extra / 4.0)) * Math.Sqrt(square + (square * square) + (fourth * fourth) + (eighth * eighth));
        return Math.Pow(SignCodes.SameSignProbability(Cosine(transformed, lengths)), Bits);
    }

    /// <inheritdoc/>
    protected override void TransformInput(Span<float> sums, float factor)
    {
        var row = transform.AsSpan(AsymmetricTransform.InputRow * sums.Length, sums.Length);
        for (var column = 0; column < sums.Length; column++)
        {
            sums[column] += factor * row[column];
        }
    }

    /// <inheritdoc/>
    protected override void TransformNode(Span<float> sums, ReadOnlySpan<float> factors)
    {
        var width = sums.Length;
        for (var column = 0; column < width; column++)
        {
            sums[column] = (sums[column] * factors[0]) + (factors[1] * transform[column]) + (factors[2] * transform[width + column])
                + (factors[3] * transform[(2 * width) + column]);
        }
    }
}
