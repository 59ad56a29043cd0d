using Whittle.Runtime.Tests.Memory;

namespace Whittle.Runtime.Tests.Hashing;

public class LshQueryTests
{
    private const int Nodes = 100;

    // Table t has node j in bucket j / (20 t + 20): 20, 40 and 60 nodes in bucket 0.
    private static readonly int[] AllZero = [0, 0, 0];

    [Fact]
    public void A_walk_collects_exactly_the_budget_from_the_buckets()
    {
        var tables = Nested();
        var query = new LshQuery(tables);
        var sample = new IndexSample(Nodes);
        foreach (var order in Enum.GetValues<QueryOrder>())
        {
            for (var seed = 0UL; seed < 50; seed++)
            {
                foreach (var budget in (int[])[1, 19, 20, 21, 60])
                {
                    var random = new RandomStream(seed, 1);
                    query.Walk(tables, AllZero, budget, ref random, [], sample, order);
                    Assert.Equal(budget, sample.Count);
                    Assert.Equal((budget, 0), (query.Retrieved, query.Filled));
                    AssertAscending(sample);
                    Assert.All(sample.Indices.ToArray(), node => Assert.InRange(node, 0, 59));
                    if (order == QueryOrder.Fixed && budget >= 20)
                    {
                        Assert.Equal(20, sample.Indices.ToArray().Count(node => node < 20));
                    }
                }
            }
        }
    }

    // Each table is first in a third of the walks, and each node of its bucket is taken equally often then: node 0 is in all three
    // buckets, 25 in two, 45 in one. 3 binomial counts, each within 4 standard deviations (6e-5 each).
    [Fact]
    public void A_walk_visits_tables_and_subsamples_buckets_at_random()
    {
        var tables = Nested();
        var query = new LshQuery(tables);
        var sample = new IndexSample(Nodes);
        var taken = new int[Nodes];
        const int walks = 6_000;
        for (var seed = 0UL; seed < walks; seed++)
        {
            var random = new RandomStream(seed, 1);
            query.Walk(tables, AllZero, 10, ref random, [], sample);
            foreach (var node in sample.Indices)
            {
                taken[node]++;
            }
        }

        AssertBinomial(taken[0], (10 / 20.0 + 10 / 40.0 + 10 / 60.0) / 3);
        AssertBinomial(taken[25], (10 / 40.0 + 10 / 60.0) / 3);
        AssertBinomial(taken[45], 10 / 60.0 / 3);

        static void AssertBinomial(int count, double p) =>
            Assert.InRange((count - (walks * p)) / Math.Sqrt(walks * p * (1 - p)), -4, 4);
    }

    [Fact]
    public void Missing_nodes_are_filled_at_random_or_left_out()
    {
        var tables = Nested();
        var query = new LshQuery(tables);
        var sample = new IndexSample(Nodes);
        var random = new RandomStream(1, 1);
        query.Walk(tables, AllZero, 75, ref random, [99], sample);
        Assert.Equal((75, 60, 14), (sample.Count, query.Retrieved, query.Filled));
        Assert.Contains(99, sample.Indices.ToArray());
        query.Walk(tables, AllZero, 75, ref random, [], sample, fill: false);
        Assert.Equal((60, 60, 0), (sample.Count, query.Retrieved, query.Filled));
        query.Count(tables, AllZero, 75, ref random, [98, 99, 98], sample);
        Assert.Equal((75, 60, 13), (sample.Count, query.Retrieved, query.Filled));
        query.Count(tables, AllZero, 200, ref random, [], sample);
        Assert.Equal(Enumerable.Range(0, Nodes), sample.Indices.ToArray());
        AssertAscending(sample);
    }

    [Theory]
    [InlineData(5, 0, 0)]
    [InlineData(20, 20, 0)]
    [InlineData(25, 20, 5)]
    [InlineData(40, 20, 20)]
    [InlineData(50, 20, 20)]
    public void Counting_takes_the_nodes_of_most_buckets_first(int budget, int sure, int second)
    {
        var tables = Nested();
        var query = new LshQuery(tables);
        var sample = new IndexSample(Nodes);
        for (var seed = 0UL; seed < 20; seed++)
        {
            var random = new RandomStream(seed, 1);
            query.Count(tables, AllZero, budget, ref random, [], sample);
            AssertAscending(sample);
            Assert.Equal(budget, sample.Count);
            Assert.Equal(Math.Min(budget, 20), sample.Indices.ToArray().Count(node => node < 20));
            Assert.True(sure == 0 || sample.Indices.ToArray().Count(node => node < 20) == sure);
            Assert.Equal(second, sample.Indices.ToArray().Count(node => node is >= 20 and < 40));
        }
    }

    [Fact]
    public void Counting_agrees_with_counts_made_one_by_one()
    {
        var random = new RandomStream(5, 5);
        int[] codes = [.. Enumerable.Range(0, Nodes * 8).Select(_ => random.NextInt32(4))];
        var tables = new HashTables(Nodes, 2, 8, 20, BucketPolicy.Reservoir);
        tables.Update([.. Enumerable.Range(0, Nodes)], codes);
        var query = new LshQuery(tables);
        var sample = new IndexSample(Nodes);
        for (var draw = 0; draw < 50; draw++)
        {
            int[] input = [.. Enumerable.Range(0, 8).Select(_ => random.NextInt32(4))];
            int[] forced = [draw, 99 - draw];
            var counts = new int[Nodes];
            for (var table = 0; table < 8; table++)
            {
                foreach (var node in tables.Bucket(table, input[table]))
                {
                    counts[node]++;
                }
            }

            query.Count(tables, input, 25, ref random, forced, sample);
            var chosen = sample.Indices.ToArray();
            Assert.Equal(25, chosen.Length);
            Assert.Empty(forced.Except(chosen));
            var least = chosen.Except(forced).Min(node => counts[node]);
            Assert.All(Enumerable.Range(0, Nodes).Except(chosen), node => Assert.True(counts[node] <= least));
            query.All(tables, input, forced, sample);
            Assert.Equal(Enumerable.Range(0, Nodes).Where(node => counts[node] > 0 || forced.Contains(node)), sample.Indices.ToArray());
        }
    }

    [Fact]
    public void Forced_nodes_are_active_and_counted_in_every_query()
    {
        var tables = Nested();
        var query = new LshQuery(tables);
        var sample = new IndexSample(Nodes);
        var random = new RandomStream(1, 1);
        int[] forced = [99, 3, 99];
        query.Walk(tables, AllZero, 5, ref random, forced, sample);
        Assert.Equal((5, 3), (sample.Count, query.Retrieved));
        Assert.Empty(forced.Except(sample.Indices.ToArray()));
        query.Walk(tables, AllZero, 1, ref random, forced, sample);
        Assert.Equal([3, 99], sample.Indices.ToArray());
        query.Count(tables, AllZero, 1, ref random, forced, sample);
        Assert.Equal([3, 99], sample.Indices.ToArray());
        query.All(tables, AllZero, forced, sample);
        Assert.Equal(61, sample.Count);
    }

    [Fact]
    public void Queries_depend_on_the_seed_alone_and_allocate_nothing()
    {
        var tables = Nested();
        var query = new LshQuery(tables);
        var sample = new IndexSample(Nodes);
        var first = Run(new LshQuery(tables));
        Run(query);
        Assert.Equal(0, Allocation.Of(() =>
        {
            var random = new RandomStream(4, 1);
            query.Walk(tables, AllZero, 30, ref random, [1], sample);
            query.Count(tables, AllZero, 30, ref random, [1], sample);
            query.All(tables, AllZero, [1], sample);
        }));
        Assert.Equal(first, Run(query));

        int[] Run(LshQuery query)
        {
            var random = new RandomStream(3, 1);
            query.Walk(tables, AllZero, 30, ref random, [], sample);
            int[] walk = [.. sample.Indices];
            query.Count(tables, AllZero, 30, ref random, [], sample);
            return [.. walk, .. sample.Indices];
        }
    }

    private static HashTables Nested()
    {
        var tables = new HashTables(Nodes, 3, 3, Nodes, BucketPolicy.Reservoir);
        tables.Update([.. Enumerable.Range(0, Nodes)], [.. Enumerable.Range(0, Nodes).SelectMany(node => (int[])[node / 20, node / 40, node / 60])]);
        return tables;
    }

    private static void AssertAscending(IndexSample sample)
    {
        Assert.Equal(sample.Indices.ToArray().Distinct().Order(), sample.Indices.ToArray());
        Assert.All(sample.Weights.ToArray(), weight => Assert.Equal(1, weight));
    }
}
