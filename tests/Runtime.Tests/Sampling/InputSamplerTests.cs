using Whittle.Runtime.Tests.Memory;

namespace Whittle.Runtime.Tests.Sampling;

public class InputSamplerTests
{
    private const int Inner = 40;
    private const int Seeds = 2_000;

    public static TheoryData<InputEstimator, int, float> Unbiased => new()
    {
        { InputEstimator.Crs, 4, 0 },
        { InputEstimator.Crs, 12, 0.1f },
        { InputEstimator.Bernoulli, 4, 0 },
        { InputEstimator.Bernoulli, 12, 0.1f },
        { InputEstimator.WtaCrs, 4, 0 },
        { InputEstimator.WtaCrs, 12, 0 },
        { InputEstimator.WtaCrs, 12, 0.1f },
        { InputEstimator.Uniform, 4, 0 },
        { InputEstimator.Uniform, 30, 0 },
    };

    public static TheoryData<InputEstimator> Weighted => [InputEstimator.Crs, InputEstimator.Bernoulli, InputEstimator.WtaCrs, InputEstimator.Uniform];

    public static TheoryData<InputEstimator> All => [.. Enum.GetValues<InputEstimator>()];

    // 9 cases at a false-alarm rate of 1e-4 each; the mean of 2,000 squared errors has a standard error of 2 to 3 %.
    [Theory]
    [MemberData(nameof(Unbiased))]
    public void Estimates_are_unbiased_and_vary_as_the_formula_says(InputEstimator estimator, int count, float mix)
    {
        var product = new SampledProduct(Inner, 5);
        var sampler = InputSampler.Create(estimator, Inner, count, mix);
        var sample = new IndexSample(sampler.Capacity);
        var test = new JointMeanTest(product.Exact);
        var squaredError = 0.0;
        for (var seed = 0UL; seed < Seeds; seed++)
        {
            var random = new RandomStream(seed, RandomStreams.InputSampling(1, 0, 9));
            sampler.Draw(product.Scores, ref random, sample);
            AssertWellFormed(sample, sampler);
            var error = product.Error(sample);
            test.Add(error);
            squaredError += SampledProduct.Square(error) / Seeds;
        }

        Assert.InRange(test.Statistic(), 0, JointMeanTest.Bound);
        var expected = product.SquaredError(estimator, count, mix);
        Assert.InRange(squaredError, 0.9 * expected, 1.1 * expected);
        var norm = sampler is WtaCrsSampler wta ? TailNorm(product, wta.Heavy.ToArray()) : SampledProduct.Square(product.Exact);
        Assert.Equal(expected, sampler.SquaredError(product.Scores, norm), expected * 1e-4);
    }

    // Terms of about one direction, most of which are drawn: a product of so little variance shows a bias of 2 %. Another 4 cases at 1e-4.
    [Theory]
    [MemberData(nameof(Weighted))]
    public void Estimates_have_no_bias_of_two_percent(InputEstimator estimator)
    {
        Assert.InRange(Statistic(0), 0, JointMeanTest.Bound);
        Assert.True(Statistic(0.02) > JointMeanTest.Bound, $"{Statistic(0.02)}");
        Assert.True(Statistic(-0.02) > JointMeanTest.Bound, $"{Statistic(-0.02)}");

        double Statistic(double bias)
        {
            var product = new SampledProduct(Inner, 5, spread: 0.3);
            var sampler = InputSampler.Create(estimator, Inner, 30);
            var sample = new IndexSample(sampler.Capacity);
            var test = new JointMeanTest(product.Exact);
            for (var seed = 0UL; seed < Seeds; seed++)
            {
                var random = new RandomStream(seed, 3);
                sampler.Draw(product.Scores, ref random, sample);
                test.Add([.. product.Error(sample).Zip(product.Exact, (error, exact) => error + (bias * exact))]);
            }

            return test.Statistic();
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(10)]
    [InlineData(30)]
    public void Winner_take_all_varies_less_than_plain_sampling(int count)
    {
        var product = new SampledProduct(Inner, 6);
        var random = new RandomStream(1, 1);
        var sample = new IndexSample(Inner);
        var plain = InputSampler.Create(InputEstimator.Crs, Inner, count);
        plain.Draw(product.Scores, ref random, sample);
        var winner = (WtaCrsSampler)InputSampler.Create(InputEstimator.WtaCrs, Inner, count);
        winner.Draw(product.Scores, ref random, sample);
        Assert.True(
            winner.SquaredError(product.Scores, TailNorm(product, winner.Heavy.ToArray()))
            < plain.SquaredError(product.Scores, SampledProduct.Square(product.Exact)));
    }

    [Fact]
    public void Winner_take_all_keeps_the_number_of_indices_that_minimises_the_variance()
    {
        for (var seed = 0UL; seed < 50; seed++)
        {
            var scores = new SampledProduct(Inner, seed).Scores;
            var count = 3 + ((int)seed % 30);
            var random = new RandomStream(seed, 1);
            var sampler = (WtaCrsSampler)InputSampler.Create(InputEstimator.WtaCrs, Inner, count);
            var sample = new IndexSample(sampler.Capacity);
            sampler.Draw(scores, ref random, sample);
            var descending = scores.OrderDescending().Select(x => (double)x).ToArray();
            var best = Enumerable.Range(0, count).MinBy(heavy => descending.Skip(heavy).Sum() / (count - heavy));
            Assert.Equal(best, sampler.HeavyCount);
            Assert.Equal(scores.Index().OrderByDescending(s => s.Item).Take(best).Select(s => s.Index).Order(), sampler.Heavy.ToArray());
        }
    }

    [Theory]
    [InlineData(InputEstimator.Uniform)]
    [InlineData(InputEstimator.TopK)]
    [InlineData(InputEstimator.WtaCrs)]
    public void All_indices_have_the_weight_one_exactly(InputEstimator estimator)
    {
        foreach (var inner in (int[])[1, 7, 8, 9, 40])
        {
            foreach (var count in (int[])[inner, inner + 1, 3 * inner])
            {
                var sampler = InputSampler.Create(estimator, inner, count);
                var sample = new IndexSample(sampler.Capacity);
                var random = new RandomStream(1, 1);
                sampler.Draw(new SampledProduct(inner, 3).Scores, ref random, sample);
                Assert.Equal(Enumerable.Range(0, inner), sample.Indices.ToArray());
                Assert.All(sample.Weights.ToArray(), weight => Assert.Equal(1, weight));
                Assert.Equal(0, sampler.SquaredError(new SampledProduct(inner, 3).Scores));
            }
        }
    }

    [Fact]
    public void Bernoulli_with_room_for_all_keeps_all_that_have_a_score()
    {
        var sampler = InputSampler.Create(InputEstimator.Bernoulli, 5, 4);
        var sample = new IndexSample(sampler.Capacity);
        var random = new RandomStream(1, 1);
        sampler.Draw([1, 0, 1000, 1e-6f, 2], ref random, sample);
        Assert.Equal([0, 2, 3, 4], sample.Indices.ToArray());
        Assert.All(sample.Weights.ToArray(), weight => Assert.Equal(1, weight));
    }

    [Fact]
    public void Bernoulli_expects_the_wanted_number_although_large_scores_are_certain()
    {
        float[] scores = [.. Enumerable.Range(0, 1000).Select(i => i < 5 ? 1e5f : 1 + (i % 7))];
        var sampler = InputSampler.Create(InputEstimator.Bernoulli, 1000, 50);
        var sample = new IndexSample(sampler.Capacity);
        var sum = 0;
        for (var seed = 0UL; seed < 500; seed++)
        {
            var random = new RandomStream(seed, 1);
            sampler.Draw(scores, ref random, sample);
            Assert.Equal([0, 1, 2, 3, 4], sample.Indices[..5].ToArray());
            sum += sample.Count;
        }

        // The standard error of the mean of 500 counts is at most sqrt(45 / 500) = 0.3: 4 of them.
        Assert.InRange(sum / 500.0, 48.8, 51.2);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Edge_cases_give_samples_that_are_well_formed(InputEstimator estimator)
    {
        foreach (var inner in (int[])[1, 2, 15, 16, 17, 100])
        {
            foreach (var count in (int[])[1, 2, inner, 2 * inner])
            {
                foreach (var scores in Edges(inner))
                {
                    var sampler = InputSampler.Create(estimator, inner, count);
                    var sample = new IndexSample(sampler.Capacity);
                    for (var seed = 0UL; seed < 5; seed++)
                    {
                        var random = new RandomStream(seed, 1);
                        sampler.Draw(scores, ref random, sample);
                        AssertWellFormed(sample, sampler);
                    }
                }
            }
        }

        static IEnumerable<float[]> Edges(int inner)
        {
            yield return new float[inner];
            yield return [.. Enumerable.Repeat(1f, inner)];
            yield return [.. Enumerable.Range(0, inner).Select(i => i == inner / 2 ? 1f : 0)];
            yield return [.. Enumerable.Range(0, inner).Select(i => i == inner - 1 ? 0 : i == 0 ? 1e-20f : 1f)];
            yield return [.. Enumerable.Range(0, inner).Select(i => i % 3 == 0 ? 1e30f : 1e-30f)];
            yield return [.. Enumerable.Repeat(float.Epsilon, inner)];
        }
    }

    [Theory]
    [InlineData(InputEstimator.Crs)]
    [InlineData(InputEstimator.Bernoulli)]
    [InlineData(InputEstimator.WtaCrs)]
    public void A_product_that_is_zero_needs_no_indices(InputEstimator estimator)
    {
        var sampler = InputSampler.Create(estimator, 30, 3);
        var sample = new IndexSample(sampler.Capacity);
        var random = new RandomStream(1, 1);
        sampler.Draw(new float[30], ref random, sample);
        Assert.Equal(0, sample.Count);
        var mixed = InputSampler.Create(estimator, 30, 30, 0.1f);
        sample = new IndexSample(mixed.Capacity);
        mixed.Draw(new float[30], ref random, sample);
        Assert.NotEqual(0, sample.Count);
    }

    [Theory]
    [InlineData(InputEstimator.Crs)]
    [InlineData(InputEstimator.Bernoulli)]
    [InlineData(InputEstimator.WtaCrs)]
    [InlineData(InputEstimator.TopK)]
    public void Scores_that_are_not_finite_are_in_the_sample_so_that_they_show(InputEstimator estimator)
    {
        foreach (var bad in (float[])[float.NaN, -float.NaN, float.PositiveInfinity])
        {
            float[] scores = [.. Enumerable.Range(0, 50).Select(i => i is 13 or 49 ? bad : i)];
            var sampler = InputSampler.Create(estimator, 50, 5);
            var sample = new IndexSample(sampler.Capacity);
            var random = new RandomStream(1, 1);
            sampler.Draw(scores, ref random, sample);
            Assert.Contains(13, sample.Indices.ToArray());
            Assert.Contains(49, sample.Indices.ToArray());
            Assert.All(sample.Weights.ToArray(), weight => Assert.Equal(1, weight));
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void The_same_seed_gives_the_same_sample_whatever_was_drawn_before(InputEstimator estimator)
    {
        var first = Draw(new SampledProduct(200, 1).Scores, InputSampler.Create(estimator, 200, 20, Mix(estimator)), 0);
        var sampler = InputSampler.Create(estimator, 200, 20, Mix(estimator));
        Draw(new SampledProduct(200, 2).Scores, sampler, 1);
        Assert.Equal(first, Draw(new SampledProduct(200, 1).Scores, sampler, 0));

        static float Mix(InputEstimator estimator) => estimator is InputEstimator.Crs ? 0.1f : 0;

        static (int Index, float Weight)[] Draw(float[] scores, InputSampler sampler, ulong seed)
        {
            var sample = new IndexSample(sampler.Capacity);
            var random = new RandomStream(seed, 1);
            sampler.Draw(scores, ref random, sample);
            return [.. sample.Indices.ToArray().Zip(sample.Weights.ToArray())];
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Drawing_allocates_nothing(InputEstimator estimator)
    {
        var scores = new SampledProduct(500, 1).Scores;
        var sampler = InputSampler.Create(estimator, 500, 50);
        var sample = new IndexSample(sampler.Capacity);
        var random = new RandomStream(1, 1);
        sampler.Draw(scores, ref random, sample);
        Assert.Equal(0, Allocation.Of(() => sampler.Draw(scores, ref random, sample)));
    }

    [Fact]
    public void Arguments_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => InputSampler.Create(InputEstimator.Crs, 0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => InputSampler.Create(InputEstimator.Crs, 5, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => InputSampler.Create(InputEstimator.Crs, 5, 1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => InputSampler.Create(InputEstimator.Crs, 5, 1, float.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => InputSampler.Create((InputEstimator)9, 5, 1));
        Assert.Throws<ArgumentException>(() =>
        {
            var random = new RandomStream(1, 1);
            InputSampler.Create(InputEstimator.Crs, 5, 1).Draw(new float[4], ref random, new IndexSample(1));
        });
    }

    private static void AssertWellFormed(IndexSample sample, InputSampler sampler)
    {
        Assert.InRange(sample.Count, 0, sampler.Capacity);
        for (var position = 0; position < sample.Count; position++)
        {
            Assert.InRange(sample.Indices[position], position == 0 ? 0 : sample.Indices[position - 1] + 1, sampler.Inner - 1);
            Assert.True(float.IsFinite(sample.Weights[position]) && sample.Weights[position] > 0, $"{sample.Weights[position]}");
        }
    }

    private static double TailNorm(SampledProduct product, int[] heavy) =>
        SampledProduct.Square(product.Sum(Enumerable.Range(0, product.Scores.Length).Except(heavy), _ => 1));
}
