using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Whittle;

/// <summary>Keeps node j with probability p_j = sigmoid(alpha z_j + beta), each on its own: Standout (Ba and Frey 2013).</summary>
internal sealed class AdaptiveNodes
{
    private const int Width = 8;

    // p is a multiple of 2^-24, at least one of them, so that 1 / p is exactly the weight that makes the mean right.
    private const int Certain = 1 << 24;

    private readonly int nodes;
    private readonly float alpha;
    private readonly float beta;
    private readonly float[] preactivations;
    private readonly int[] thresholds;
    private readonly uint[] bits;

    /// <summary>Reserves the working memory.</summary>
    /// <param name="nodes">The layer's nodes.</param>
    /// <param name="alpha">Slope of the probability in z.</param>
    /// <param name="beta">Offset of the probability.</param>
    public AdaptiveNodes(int nodes, float alpha, float beta)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(nodes, 1);
        if (!float.IsFinite(alpha) || !float.IsFinite(beta))
        {
            throw new ArgumentOutOfRangeException(nameof(alpha), $"Alpha {alpha} and beta {beta} must be finite.");
        }

        this.nodes = nodes;
        this.alpha = alpha;
        this.beta = beta;
        var padded = (nodes + Width - 1) / Width * Width;
        preactivations = new float[padded];
        thresholds = new int[padded];
        bits = new uint[padded];
    }

    /// <summary>Chooses the nodes of one sample; their weights are 1 / p. A z that is not a number is kept, so that it shows.</summary>
    /// <param name="z">The pre-activation of each node.</param>
    /// <param name="random">The stream to draw from.</param>
    /// <param name="forced">Nodes that are active in any case, with p = 1; repetitions do no harm.</param>
    /// <param name="sample">Room for all nodes.</param>
    public void Select(ReadOnlySpan<float> z, ref RandomStream random, ReadOnlySpan<int> forced, IndexSample sample)
    {
        z.CopyTo(preactivations);
        random.Fill(bits.AsSpan(0, nodes));
        foreach (var node in forced)
        {
            preactivations[node] = float.NaN;
        }

        sample.Clear();
        for (var index = 0; index < nodes; index += Width)
        {
            var threshold = Thresholds(Vector256.LoadUnsafe(ref preactivations[0], (nuint)index));
            threshold.StoreUnsafe(ref thresholds[0], (nuint)index);
            var draw = (Vector256.LoadUnsafe(ref bits[0], (nuint)index) >> 8).AsInt32();
            for (var mask = Vector256.LessThan(draw, threshold).ExtractMostSignificantBits(); mask != 0; mask &= mask - 1)
            {
                var node = index + BitOperations.TrailingZeroCount(mask);
                if (node < nodes)
                {
                    sample.Add(node, Certain / (float)thresholds[node]);
                }
            }
        }
    }

    /// <summary>2^24 p; 2^24 where z is not a number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector256<int> Thresholds(Vector256<float> z)
    {
        // Outside of +-60 the sigmoid is 0 or 1 to the last bit and the exponential would overflow.
        var exponent = Vector256.Min(Vector256.Max((z * alpha) + Vector256.Create(beta), Vector256.Create(-60f)), Vector256.Create(60f));
        var probability = Vector256<float>.One / (Vector256<float>.One + Vector256.Exp(-exponent));
        var threshold = Vector256.ConvertToInt32(Vector256.Ceiling(probability * (float)Certain));
        return Vector256.ConditionalSelect(Vector256.Equals(z, z).AsInt32(), threshold, Vector256.Create(Certain));
    }
}
