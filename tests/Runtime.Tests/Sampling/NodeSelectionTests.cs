using Whittle.Runtime.Tests.Memory;

namespace Whittle.Runtime.Tests.Sampling;

public class NodeSelectionTests
{
    private const int Nodes = 50;

    // Independent nodes with their true probabilities: each count is binomial; chi-squared with 50 degrees of freedom exceeds 94.6
    // with a probability of 1.5e-4.
    [Theory]
    [InlineData(0.5f, 1f)]
    [InlineData(2f, -1f)]
    public void Adaptive_nodes_are_kept_with_their_probability_and_weighted_by_its_inverse(float alpha, float beta)
    {
        var random = new RandomStream(1, 1);
        float[] z = [.. Enumerable.Range(0, Nodes).Select(_ => 2 * random.NextNormal())];
        var p = z.Select(x => 1 / (1 + Math.Exp(-((alpha * x) + beta)))).ToArray();
        var counts = new int[Nodes];
        var selector = new AdaptiveNodes(Nodes, alpha, beta);
        var sample = new IndexSample(Nodes);
        const int draws = 4_000;
        for (var seed = 0UL; seed < draws; seed++)
        {
            var stream = new RandomStream(seed, RandomStreams.NodeSelection(0, 5));
            selector.Select(z, ref stream, [], sample);
            for (var position = 0; position < sample.Count; position++)
            {
                var node = sample.Indices[position];
                counts[node]++;
                Assert.Equal(1 / p[node], sample.Weights[position], (1e-6 / p[node]) + (1e-6 / (p[node] * p[node])));
            }
        }

        Assert.InRange(counts.Select((n, j) => Math.Pow(n - (draws * p[j]), 2) / (draws * p[j] * (1 - p[j]))).Sum(), 10, 94.6);
    }

    [Fact]
    public void Adaptive_keeps_what_is_forced_or_not_a_number_and_extremes_do_not_overflow()
    {
        var selector = new AdaptiveNodes(10, 1, 0);
        var sample = new IndexSample(10);
        var random = new RandomStream(1, 1);
        float[] z = [-1e30f, 1e30f, float.NaN, float.NegativeInfinity, float.PositiveInfinity, -100, 100, -1e30f, -1e30f, -1e30f];
        selector.Select(z, ref random, [8, 8], sample);
        Assert.Equal([1, 2, 4, 6, 8], sample.Indices.ToArray());
        Assert.All(sample.Weights.ToArray(), weight => Assert.Equal(1, weight));
    }

    [Theory]
    [InlineData(5, new int[0], 5)]
    [InlineData(5, new[] { 7, 3, 7 }, 5)]
    [InlineData(2, new[] { 9, 0, 49 }, 3)]
    [InlineData(50, new[] { 1 }, 50)]
    [InlineData(45, new[] { 1 }, 45)]
    public void Uniform_takes_exactly_the_active_count_and_inverse_probabilities_add_up(int active, int[] forced, int expected)
    {
        var selector = new UniformNodes(Nodes, active);
        var sample = new IndexSample(Math.Max(active, forced.Length));
        for (var seed = 0UL; seed < 200; seed++)
        {
            var random = new RandomStream(seed, 1);
            selector.Select(ref random, forced, sample);
            Assert.Equal(expected, sample.Count);
            Assert.Equal(sample.Indices.ToArray().Distinct().Order(), sample.Indices.ToArray());
            Assert.Empty(forced.Except(sample.Indices.ToArray()));
            Assert.All(forced, node => Assert.Equal(1, sample.Weights[sample.Indices.IndexOf(node)]));
            if (active > forced.Length)
            {
                Assert.Equal(Nodes, sample.Weights.ToArray().Sum(), 1e-3);
            }
        }
    }

    [Fact]
    public void Uniform_nodes_are_equally_likely()
    {
        var selector = new UniformNodes(Nodes, 10);
        var sample = new IndexSample(10);
        var counts = new int[Nodes];
        for (var seed = 0UL; seed < 4_000; seed++)
        {
            var random = new RandomStream(seed, RandomStreams.NodeSelection(1, 2));
            selector.Select(ref random, [3], sample);
            foreach (var node in sample.Indices)
            {
                counts[node]++;
            }
        }

        Assert.Equal(4_000, counts[3]);
        var rest = counts.Where((_, node) => node != 3).ToArray();
        var expected = 4_000 * 9 / 49.0;

        // Chi-squared with 48 degrees of freedom, scaled by 1 - 9/49 for draws without replacement: 91 has a probability of 2e-4.
        Assert.InRange(rest.Sum(n => (n - expected) * (n - expected) / expected) / (1 - (9 / 49.0)) * 48 / 49, 10, 91);
    }

    [Theory]
    [InlineData(3, new int[0], new[] { 0, 1, 2 })]
    [InlineData(3, new[] { 5 }, new[] { 0, 1, 5 })]
    [InlineData(3, new[] { 5, 5, 0 }, new[] { 0, 1, 5 })]
    [InlineData(1, new[] { 5, 4 }, new[] { 4, 5 })]
    [InlineData(6, new[] { 5 }, new[] { 0, 1, 2, 3, 4, 5 })]
    public void Top_nodes_count_the_forced_ones(int active, int[] forced, int[] expected)
    {
        var sample = new IndexSample(6);
        new TopNodes(6, active).Select([6, 5, 4, 3, 2, 1], forced, sample);
        Assert.Equal(expected, sample.Indices.ToArray());
        Assert.All(sample.Weights.ToArray(), weight => Assert.Equal(1, weight));
    }

    [Fact]
    public void Selecting_allocates_nothing()
    {
        var sample = new IndexSample(500);
        var z = new SampledProduct(500, 1).Scores;
        var (uniform, adaptive, top) = (new UniformNodes(500, 25), new AdaptiveNodes(500, 1, 0), new TopNodes(500, 25));
        Select(1);
        Assert.Equal(0, Allocation.Of(() => Select(2)));

        void Select(ulong seed)
        {
            var random = new RandomStream(seed, 1);
            uniform.Select(ref random, [3], sample);
            adaptive.Select(z, ref random, [3], sample);
            top.Select(z, [3], sample);
        }
    }
}
