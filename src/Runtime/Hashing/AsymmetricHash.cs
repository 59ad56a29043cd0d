using System.Numerics.Tensors;

namespace Whittle;

/// <summary>
/// Asymmetric hashing for large inner products (transforms of Shrivastava and Li 2014 with m = 3 and U = 0.83, signs of Gaussian
/// projections as Spring and Shrivastava 2017 use them): weights, scaled so that the longest row has length U, become
/// [w; |w|^2; |w|^4; |w|^8], inputs [x / |x|; 1/2; 1/2; 1/2]; a bit is the sign of a projection.
/// </summary>
internal sealed class AsymmetricHash : SignHash
{
    /// <summary>m, the coordinates added.</summary>
    public const int Extra = 3;

    /// <summary>U, the length that the longest row of weights is scaled to.</summary>
    public const float LongestRow = 0.83f;

    private readonly float[] extra;
    private readonly float[] inputConstants;

    /// <summary>Draws the projections.</summary>
    public AsymmetricHash(int inputs, int bits, int tables, ref RandomStream random)
        : base(inputs, bits, tables)
    {
        for (var input = 0; input < inputs; input++)
        {
            Fill(Projection.Row(input), ref random);
        }

        extra = new float[Extra * Projection.Width];
        inputConstants = new float[Projection.Width];
        for (var row = 0; row < Extra; row++)
        {
            Fill(extra.AsSpan(row * Projection.Width, Projection.Width), ref random);
            for (var column = 0; column < inputConstants.Length; column++)
            {
                inputConstants[column] += extra[(row * Projection.Width) + column] / 2;
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

    /// <summary>The projections of the coordinates added to weights, [m][width]: times |w|^2, |w|^4 and |w|^8.</summary>
    public ReadOnlySpan<float> ExtraProjection => extra;

    /// <summary>What |x| is multiplied with to add the coordinates of inputs to a projection of x, [width].</summary>
    public ReadOnlySpan<float> InputConstants => inputConstants;

    /// <inheritdoc/>
    public override bool UsesScale => true;

    /// <inheritdoc/>
    public override float ScaleFor(float longest) => longest > 0 && float.IsFinite(longest) ? LongestRow / longest : 1;

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
        var lengths = Math.Sqrt(1 + (Extra / 4.0)) * Math.Sqrt(square + (square * square) + (fourth * fourth) + (eighth * eighth));
        return Math.Pow(SignCodes.SameSignProbability(Cosine(transformed, lengths)), Bits);
    }

    /// <inheritdoc/>
    protected override void TransformInput(Span<float> sums, ReadOnlySpan<float> x, ReadOnlySpan<int> nonZero)
    {
        var squares = 0f;
        foreach (var index in nonZero)
        {
            squares += x[index] * x[index];
        }

        // Times |x|, which changes no sign.
        var length = MathF.Sqrt(squares);
        for (var column = 0; column < sums.Length; column++)
        {
            sums[column] += length * inputConstants[column];
        }
    }

    /// <inheritdoc/>
    protected override void TransformNode(Span<float> sums, ReadOnlySpan<float> weights, float scale)
    {
        var square = scale * scale * TensorPrimitives.SumOfSquares(weights);
        var fourth = square * square;
        var eighth = fourth * fourth;
        var width = sums.Length;
        for (var column = 0; column < width; column++)
        {
            sums[column] = (sums[column] * scale) + (square * extra[column]) + (fourth * extra[width + column])
                + (eighth * extra[(2 * width) + column]);
        }
    }
}
