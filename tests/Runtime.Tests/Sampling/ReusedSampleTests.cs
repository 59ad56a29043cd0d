namespace Whittle.Runtime.Tests.Sampling;

public class ReusedSampleTests
{
    [Fact]
    public void A_sample_is_drawn_again_after_its_steps()
    {
        var reused = new ReusedSample(InputSampler.Create(InputEstimator.Crs, 100, 10), steps: 3);
        var random = new RandomStream(1, 1);
        var scores = new SampledProduct(100, 1).Scores;
        var drawn = Enumerable.Range(0, 7).Select(_ => reused.NeedsScores & reused.Advance(reused.NeedsScores ? scores : [], ref random)).ToArray();
        Assert.Equal([true, false, false, true, false, false, true], drawn);
        Assert.Equal(3, reused.Draws);
    }

    [Fact]
    public void A_sample_is_kept_unchanged_and_drawn_early_when_the_scores_moved_away()
    {
        var sampler = InputSampler.Create(InputEstimator.Crs, 100, 10);
        var reused = new ReusedSample(sampler, steps: 1000, varianceBudget: 0.15);
        var random = new RandomStream(1, 1);
        float[] scores = [.. Enumerable.Range(0, 100).Select(i => i < 50 ? 1f : 0.1f)];
        reused.Advance(scores, ref random);
        Assert.Equal(0.1, sampler.RelativeSquaredError(scores), 1e-4);
        var kept = reused.Sample.Indices.ToArray();
        Assert.True(reused.NeedsScores);
        Assert.False(reused.Advance(scores, ref random));
        Assert.Equal(kept, reused.Sample.Indices.ToArray());
        Assert.True(reused.Advance([.. scores.Reverse()], ref random));
        Assert.False(reused.Advance([.. scores.Reverse()], ref random));
        reused.Invalidate();
        Assert.True(reused.Advance(scores, ref random));
    }

    [Theory]
    [InlineData(InputEstimator.Crs)]
    [InlineData(InputEstimator.Bernoulli)]
    [InlineData(InputEstimator.WtaCrs)]
    [InlineData(InputEstimator.TopK)]
    public void A_score_that_a_kept_sample_could_not_draw_exceeds_every_budget(InputEstimator estimator)
    {
        var reused = new ReusedSample(InputSampler.Create(estimator, 20, 4), steps: 1000, varianceBudget: 0.9);
        var random = new RandomStream(1, 1);
        float[] scores = [.. Enumerable.Range(0, 20).Select(i => i < 10 ? 1f : 0)];
        reused.Advance(scores, ref random);
        Assert.False(reused.Advance(scores, ref random));
        Assert.True(reused.Advance([.. scores.Reverse()], ref random));
    }

    [Fact]
    public void A_sample_without_scores_needs_none()
    {
        var reused = new ReusedSample(InputSampler.Create(InputEstimator.Uniform, 20, 4), steps: 2);
        var random = new RandomStream(1, 1);
        Assert.False(reused.NeedsScores);
        Assert.True(reused.Advance([], ref random));
        Assert.False(reused.Advance([], ref random));
        Assert.True(reused.Advance([], ref random));
    }

    [Fact]
    public void Settings_that_make_no_sense_are_refused()
    {
        var sampler = InputSampler.Create(InputEstimator.Crs, 20, 4);
        Assert.Throws<ArgumentOutOfRangeException>(() => new ReusedSample(sampler, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ReusedSample(sampler, 1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ReusedSample(sampler, 1, double.NaN));
    }
}
