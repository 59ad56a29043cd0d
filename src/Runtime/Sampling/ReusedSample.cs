namespace Whittle;

/// <summary>
/// A sample that is used for several steps (as RSC does, Liu et al. 2023) and drawn again earlier when the scores have moved away so
/// far that the variance exceeds a budget.
/// </summary>
internal sealed class ReusedSample
{
    private readonly InputSampler sampler;
    private readonly int steps;
    private readonly double varianceBudget;
    private int age;

    /// <summary>Makes the sample, not yet drawn.</summary>
    /// <param name="sampler">What draws it.</param>
    /// <param name="steps">The most steps that use one draw, at least 1.</param>
    /// <param name="varianceBudget">
    /// The largest <see cref="InputSampler.RelativeSquaredError"/> for which a draw is kept; a budget that a fresh draw exceeds means
    /// a draw each step. Infinite for none.
    /// </param>
    public ReusedSample(InputSampler sampler, int steps = 1, double varianceBudget = double.PositiveInfinity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        if (!(varianceBudget > 0))
        {
            throw new ArgumentOutOfRangeException(nameof(varianceBudget), varianceBudget, "The variance budget must be above 0.");
        }

        this.sampler = sampler;
        this.steps = steps;
        this.varianceBudget = varianceBudget;
        age = steps;
        Sample = new IndexSample(sampler.Capacity);
    }

    /// <summary>The indices to use.</summary>
    public IndexSample Sample { get; }

    /// <summary>How often the sample was drawn.</summary>
    public long Draws { get; private set; }

    /// <summary>Whether the next step looks at its scores; otherwise they need not be computed.</summary>
    public bool NeedsScores => sampler.UsesScores && (age >= steps || !double.IsPositiveInfinity(varianceBudget));

    /// <summary><see cref="InputSampler.RelativeSquaredError"/> of the draw in use for some scores.</summary>
    public double RelativeSquaredError(ReadOnlySpan<float> scores) => sampler.RelativeSquaredError(scores);

    /// <summary>Begins a step: draws again where that is due.</summary>
    /// <param name="scores">The scores of this step; may be empty unless <see cref="NeedsScores"/>.</param>
    /// <param name="random">The stream to draw from.</param>
    /// <returns>Whether the sample is new.</returns>
    public bool Advance(ReadOnlySpan<float> scores, ref RandomStream random)
    {
        // A comparison that is false for not-a-number, too.
        if (age < steps && (!NeedsScores || sampler.RelativeSquaredError(scores) <= varianceBudget))
        {
            age++;
            return false;
        }

        sampler.Draw(scores, ref random, Sample);
        age = 1;
        Draws++;
        return true;
    }

    /// <summary>Makes the next step draw, as after a change of the learning rate or of the parameters.</summary>
    public void Invalidate() => age = steps;
}
