namespace Whittle;

/// <summary>The k largest scores, unweighted: an error of at most the sum of the scores left out, and no variance.</summary>
internal sealed class TopKSampler(int inner, int count) : InputSampler(inner, count, 0)
{
    private readonly int[] kept = new int[Math.Min(inner, count)];

    /// <inheritdoc/>
    public override double SquaredError(ReadOnlySpan<float> scores, double productNormSquared = 0)
    {
        var leftOut = Sum(scores);
        foreach (var index in kept)
        {
            leftOut -= scores[index];
        }

        return kept.Length == Inner ? 0 : leftOut * leftOut;
    }

    /// <inheritdoc/>
    protected override void Draw(ReadOnlySpan<float> scores, double sum, ref RandomStream random, IndexSample sample)
    {
        sample.Complete(Largest.Select(scores, Wanted, sample.Room));
        sample.Indices.CopyTo(kept);
    }
}
