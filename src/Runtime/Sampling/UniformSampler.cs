namespace Whittle;

/// <summary>
/// k of n without replacement, weight n / k: E|error|^2 = n (n - k) / (k (n - 1)) (sum s^2 - |C|^2 / n), the variance of the mean of
/// a finite population (Cochran 1977, theorem 2.2).
/// </summary>
internal sealed class UniformSampler(int inner, int count) : InputSampler(inner, count, 0)
{
    private readonly IndexSet drawn = new(inner);

    /// <inheritdoc/>
    public override bool UsesScores => false;

    /// <inheritdoc/>
    public override double SquaredError(ReadOnlySpan<float> scores, double productNormSquared = 0)
    {
        if (Wanted >= Inner)
        {
            return 0;
        }

        var squares = 0.0;
        foreach (var score in scores)
        {
            squares += (double)score * score;
        }

        return (double)Inner * (Inner - Wanted) / ((double)Wanted * (Inner - 1)) * (squares - (productNormSquared / Inner));
    }

    /// <inheritdoc/>
    protected override void Draw(ReadOnlySpan<float> scores, double sum, ref RandomStream random, IndexSample sample)
    {
        drawn.AddRandom(Capacity, ref random);
        sample.Complete(drawn.MoveTo(sample.Room), (float)Inner / Capacity);
    }
}
