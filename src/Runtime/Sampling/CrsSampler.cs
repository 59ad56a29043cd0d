namespace Whittle;

/// <summary>
/// Column-row sampling with replacement (Drineas et al. 2006; Adelman et al. 2021): E|error|^2 = (sum s^2 / p - |C|^2) / k, which is
/// ((sum s)^2 - |C|^2) / k for p = s / sum s.
/// </summary>
internal sealed class CrsSampler(int inner, int count, float mix) : InputSampler(inner, count, mix)
{
    private readonly float[] probabilities = new float[inner];
    private readonly ReplacementDraws draws = new(count);
    private double total;

    /// <inheritdoc/>
    public override double SquaredError(ReadOnlySpan<float> scores, double productNormSquared = 0) =>
        (ReplacementDraws.SecondMoment(scores, probabilities, total) - productNormSquared) / Wanted;

    /// <inheritdoc/>
    protected override void Draw(ReadOnlySpan<float> scores, double sum, ref RandomStream random, IndexSample sample)
    {
        total = Probabilities(scores, sum, probabilities);
        draws.Draw(probabilities, total, Wanted, [], ref random, sample);
    }
}
