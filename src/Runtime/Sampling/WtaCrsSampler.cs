using System.Numerics.Tensors;

namespace Whittle;

/// <summary>
/// Winner-take-all column-row sampling (Liu et al. 2023): the |C| most likely indices always, k - |C| draws with replacement from
/// the rest, |C| minimising (1 - sum of p over C) / (k - |C|). E|error|^2 = (sum s^2 / p' - |C_tail|^2) / (k - |C|) over the tail,
/// p' the tail's probabilities, C_tail its part of the product.
/// </summary>
internal sealed class WtaCrsSampler(int inner, int count, float mix) : InputSampler(inner, count, mix)
{
    private readonly float[] tail = new float[inner];
    private readonly float[] tailScores = new float[inner];
    private readonly int[] certain = new int[Math.Min(inner, count)];
    private readonly int[] ranked = new int[Math.Min(inner, count)];
    private readonly float[] descending = new float[Math.Min(inner, count)];
    private readonly IndexSet heavy = new(inner);
    private readonly ReplacementDraws draws = new(count);
    private double tailTotal;

    /// <summary>|C|, the indices that were certain in the last draw.</summary>
    public int HeavyCount { get; private set; }

    /// <summary>The certain indices of the last draw, ascending.</summary>
    public ReadOnlySpan<int> Heavy => certain.AsSpan(0, HeavyCount);

    /// <inheritdoc/>
    public override double SquaredError(ReadOnlySpan<float> scores, double productNormSquared = 0)
    {
        if (HeavyCount == Inner)
        {
            return 0;
        }

        scores.CopyTo(tailScores);
        foreach (var index in Heavy)
        {
            tailScores[index] = 0;
        }

        return (ReplacementDraws.SecondMoment(tailScores, tail, tailTotal) - productNormSquared) / (Wanted - HeavyCount);
    }

    /// <inheritdoc/>
    protected override void Draw(ReadOnlySpan<float> scores, double sum, ref RandomStream random, IndexSample sample)
    {
        if (Wanted >= Inner)
        {
            HeavyCount = Inner;
            sample.AddAll(Inner);
            sample.Indices.CopyTo(certain);
            return;
        }

        Probabilities(scores, sum, tail);
        var found = Largest.Select(tail, Wanted, ranked);
        var largest = descending.AsSpan(0, found);
        for (var rank = 0; rank < found; rank++)
        {
            // Negative, because sorting is ascending.
            largest[rank] = -tail[ranked[rank]];
            tail[ranked[rank]] = 0;
        }

        largest.Sort(ranked.AsSpan(0, found));
        TensorPrimitives.Negate(largest, largest);
        Split(largest);
        for (var rank = 0; rank < found; rank++)
        {
            if (rank < HeavyCount)
            {
                heavy.Add(ranked[rank]);
            }
            else
            {
                tail[ranked[rank]] = largest[rank];
            }
        }

        heavy.MoveTo(certain);
        tailTotal = Sum(tail);
        draws.Draw(tail, tailTotal, Wanted - HeavyCount, Heavy, ref random, sample);
    }

    /// <summary>Chooses |C| from the k largest probabilities; those in <see cref="tail"/> are the others.</summary>
    private void Split(ReadOnlySpan<float> descending)
    {
        var rest = Sum(tail);
        var best = double.PositiveInfinity;
        HeavyCount = 0;

        // From the end, so that what is left is a sum and not a difference.
        for (var count = descending.Length - 1; count >= 0; count--)
        {
            rest += descending[count];
            if (rest / (Wanted - count) <= best)
            {
                best = rest / (Wanted - count);
                HeavyCount = count;
            }
        }
    }
}
