using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Whittle;

/// <summary>
/// Guesses a layer's pre-activations from the part of its input that lies in the main directions of recent inputs:
/// z is about (x - m)V (V^T W) + (mW + b), m the mean and V the first r principal directions. Costs about
/// r (non-zero inputs + nodes) multiply-adds.
/// </summary>
/// <remarks>
/// Observing and refreshing belong to one thread; scores may be computed on any thread with its own memory for them. Nothing is
/// allocated after construction.
/// </remarks>
internal sealed class LowRankSketch
{
    private const int Panel = ProjectionLayout.Block;
    private const int NodesAtOnce = 32;

    private readonly int layer;
    private readonly ulong seed;
    private readonly float[] mean;
    private readonly float[] projectedMean;
    private readonly float[] recent;
    private readonly float[] panels;
    private readonly float[] offsets;
    private readonly Orthonormalization orthonormalization;
    private Projection directions;
    private Projection product;
    private int observed;
    private int next;
    private long refreshes;

    /// <summary>Makes a sketch that has seen nothing.</summary>
    /// <param name="nodes">The layer's nodes.</param>
    /// <param name="inputs">The layer's inputs.</param>
    /// <param name="rank">r, 1 to 256.</param>
    /// <param name="seed">The seed from which directions start.</param>
    /// <param name="layer">The layer's number, for its random stream.</param>
    public LowRankSketch(int nodes, int inputs, int rank, ulong seed, int layer)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(nodes, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(inputs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(rank, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rank, Limits.Rank);
        Nodes = nodes;
        Inputs = inputs;
        Rank = rank;
        this.seed = seed;
        this.layer = layer;
        directions = new Projection(inputs, rank);
        product = new Projection(inputs, rank);
        mean = new float[inputs];
        projectedMean = new float[directions.Width];
        panels = new float[checked(ScoreLength * rank)];
        offsets = new float[ScoreLength];
        orthonormalization = new Orthonormalization(rank);
        BufferedRows = SamplingCost.SketchRows(rank, inputs);
        recent = new float[checked(BufferedRows * inputs)];
    }

    /// <summary>The layer's nodes.</summary>
    public int Nodes { get; }

    /// <summary>The layer's inputs.</summary>
    public int Inputs { get; }

    /// <summary>r, the number of directions.</summary>
    public int Rank { get; }

    /// <summary>How many recent inputs the directions follow.</summary>
    public int BufferedRows { get; }

    /// <summary>Room that scores need: the nodes, rounded up to whole panels.</summary>
    public int ScoreLength => ProjectionLayout.Width(Nodes);

    /// <summary>
    /// Takes note of an input; the oldest of <see cref="BufferedRows"/> is forgotten. One that is not finite is passed over: it has no
    /// direction, and its step changes nothing.
    /// </summary>
    public void Observe(ReadOnlySpan<float> x)
    {
        if (!TensorPrimitives.IsFiniteAll(x))
        {
            return;
        }

        x.CopyTo(recent.AsSpan(next * Inputs, Inputs));
        next = (next + 1) % BufferedRows;
        observed = Math.Min(observed + 1, BufferedRows);
    }

    /// <summary>Forgets the inputs, their mean and directions; nodes are those of the next refresh.</summary>
    public void Reset()
    {
        (observed, next, refreshes) = (0, 0, 0);
        directions.Matrix.Clear();
        mean.AsSpan().Clear();
        projectedMean.AsSpan().Clear();
    }

    /// <summary>Follows the inputs observed: mean and directions (block power iteration from the directions before), then all nodes.</summary>
    public void Refresh(NodeRows rows)
    {
        if (observed > 0)
        {
            FollowMean();
            StartMissingDirections();
            for (var iteration = 0; iteration < SamplingCost.PowerIterations; iteration++)
            {
                MultiplyByCovariance();
                orthonormalization.Apply(directions);
            }

            directions.Apply(mean, projectedMean);
        }

        Span<int> nodes = stackalloc int[NodesAtOnce];
        for (var first = 0; first < Nodes; first += NodesAtOnce)
        {
            var count = Math.Min(NodesAtOnce, Nodes - first);
            for (var offset = 0; offset < count; offset++)
            {
                nodes[offset] = first + offset;
            }

            RefreshNodes(rows, nodes[..count]);
        }
    }

    /// <summary>Takes over the weights of at most <see cref="NodesAtOnce"/> nodes.</summary>
    private void RefreshNodes(NodeRows rows, ReadOnlySpan<int> nodes)
    {
        Span<float> projected = stackalloc float[NodesAtOnce * directions.Width];
        directions.ApplyToRows(rows, nodes, projected);
        for (var position = 0; position < nodes.Length; position++)
        {
            var node = nodes[position];
            var panel = panels.AsSpan(node / Panel * Panel * Rank, Panel * Rank);
            for (var r = 0; r < Rank; r++)
            {
                panel[(r * Panel) + (node % Panel)] = projected[(position * directions.Width) + r];
            }

            offsets[node] = Dot(mean, rows.Row(node)) + rows.Bias(node);
        }
    }

    /// <summary>Guesses z of every node.</summary>
    /// <param name="x">The input.</param>
    /// <param name="nonZero">The indices of its elements that are not zero.</param>
    /// <param name="scores">Room for <see cref="ScoreLength"/> values, of which the first are the nodes'.</param>
    public void Score(ReadOnlySpan<float> x, ReadOnlySpan<int> nonZero, Span<float> scores)
    {
        Span<float> y = stackalloc float[directions.Width];
        directions.Apply(x, nonZero, y);
        ScoreProjected(y, scores);
    }

    /// <summary>Guesses z of every node from an input of which no list of non-zero elements is at hand.</summary>
    public void Score(ReadOnlySpan<float> x, Span<float> scores)
    {
        Span<float> y = stackalloc float[directions.Width];
        directions.Apply(x, y);
        ScoreProjected(y, scores);
    }

    private void ScoreProjected(Span<float> y, Span<float> scores)
    {
        for (var r = 0; r < Rank; r++)
        {
            y[r] -= projectedMean[r];
        }

        if (Vector512.IsHardwareAccelerated)
        {
            ScoreProjected<Lanes16>(y, scores[..ScoreLength]);
        }
        else
        {
            ScoreProjected<Lanes8>(y, scores[..ScoreLength]);
        }
    }

    private void ScoreProjected<TLanes>(ReadOnlySpan<float> y, Span<float> scores)
        where TLanes : struct, ILanes<TLanes>
    {
        var lanes = Unsafe.SizeOf<TLanes>() / sizeof(float);
        ref var offset = ref MemoryMarshal.GetArrayDataReference(offsets);
        ref var score = ref MemoryMarshal.GetReference(scores);
        for (var start = 0; start < scores.Length; start += Panel)
        {
            for (var lane = 0; lane < Panel; lane += lanes)
            {
                ref var t = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(panels), (start * Rank) + lane);

                // Two sums, because each multiply-add waits for the one before; the panels themselves overlap in the processor.
                var even = Unsafe.As<float, TLanes>(ref Unsafe.Add(ref offset, start + lane));
                TLanes odd = default;
                var r = 0;
                for (; r + 1 < y.Length && r + 1 < Rank; r += 2)
                {
                    even = TLanes.MultiplyAdd(TLanes.Create(y[r]), Unsafe.As<float, TLanes>(ref Unsafe.Add(ref t, r * Panel)), even);
                    odd = TLanes.MultiplyAdd(TLanes.Create(y[r + 1]), Unsafe.As<float, TLanes>(ref Unsafe.Add(ref t, (r + 1) * Panel)), odd);
                }

                if (r < Rank)
                {
                    even = TLanes.MultiplyAdd(TLanes.Create(y[r]), Unsafe.As<float, TLanes>(ref Unsafe.Add(ref t, r * Panel)), even);
                }

                Unsafe.As<float, TLanes>(ref Unsafe.Add(ref score, start + lane)) = even + odd;
            }
        }
    }

    /// <summary>A dot product in one order on every processor.</summary>
    private static float Dot(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        Vector256<float> even = default, odd = default;
        ref var l = ref MemoryMarshal.GetReference(left);
        ref var r = ref MemoryMarshal.GetReference(right);
        var index = 0;
        for (; index <= left.Length - 16; index += 16)
        {
            even = Vector256.MultiplyAddEstimate(Vector256.LoadUnsafe(ref l, (nuint)index), Vector256.LoadUnsafe(ref r, (nuint)index), even);
            odd = Vector256.MultiplyAddEstimate(
                Vector256.LoadUnsafe(ref l, (nuint)index + 8), Vector256.LoadUnsafe(ref r, (nuint)index + 8), odd);
        }

        even += odd;
        var sum = 0f;
        for (var lane = 0; lane < 8; lane++)
        {
            sum += even.GetElement(lane);
        }

        for (; index < left.Length; index++)
        {
            sum += left[index] * right[index];
        }

        return sum;
    }

    private ReadOnlySpan<float> Observed(int row) => recent.AsSpan(row * Inputs, Inputs);

    private void FollowMean()
    {
        mean.AsSpan().Clear();
        for (var row = 0; row < observed; row++)
        {
            var x = Observed(row);
            for (var input = 0; input < mean.Length; input++)
            {
                mean[input] += x[input];
            }
        }

        foreach (ref var value in mean.AsSpan())
        {
            value /= observed;
        }
    }

    /// <summary>Directions that are zero, at first all, start at random; without that they would stay zero.</summary>
    private void StartMissingDirections()
    {
        var random = new RandomStream(seed, RandomStreams.Sketch(layer, refreshes++));
        Span<bool> present = stackalloc bool[Rank];
        present.Clear();
        for (var input = 0; input < Inputs; input++)
        {
            var row = directions.Row(input);
            for (var r = 0; r < Rank; r++)
            {
                present[r] |= row[r] != 0;
            }
        }

        if (!present.Contains(false))
        {
            return;
        }

        for (var input = 0; input < Inputs; input++)
        {
            var row = directions.Row(input);
            for (var r = 0; r < Rank; r++)
            {
                if (!present[r])
                {
                    row[r] = random.NextNormal();
                }
            }
        }

        orthonormalization.Apply(directions);
    }

    /// <summary>V = X^T X V for the observed inputs X without their mean.</summary>
    private void MultiplyByCovariance()
    {
        Span<float> y = stackalloc float[directions.Width];
        Span<float> sum = stackalloc float[directions.Width];
        sum.Clear();
        product.Matrix.Clear();
        directions.Apply(mean, projectedMean);
        for (var row = 0; row < observed; row++)
        {
            directions.Apply(Observed(row), y);
            for (var r = 0; r < Rank; r++)
            {
                y[r] -= projectedMean[r];
                sum[r] -= y[r];
            }

            product.AddOuterProduct(Observed(row), y);
        }

        product.AddOuterProduct(mean, sum);
        (directions, product) = (product, directions);
    }
}
