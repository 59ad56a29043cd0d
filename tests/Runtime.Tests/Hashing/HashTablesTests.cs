using Whittle.Runtime.Tests.Memory;

namespace Whittle.Runtime.Tests.Hashing;

public class HashTablesTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(9)]
    [InlineData(64)]
    [InlineData(1000)]
    public void A_ranking_is_an_order_of_all_nodes_of_its_own_for_each_table(int nodes)
    {
        foreach (var policy in Enum.GetValues<BucketPolicy>())
        {
            var orders = Enumerable.Range(0, 3).Select(table =>
            {
                var ranking = new NodeRanking(nodes, policy, table);
                var order = Enumerable.Range(0, ranking.Ranks).Select(ranking.Node).Where(node => node < nodes).ToArray();
                Assert.Equal(Enumerable.Range(0, nodes), order.Order());
                Assert.All(Enumerable.Range(0, nodes), node => Assert.Equal(node, ranking.Node(ranking.Rank(node))));
                return string.Join(',', order);
            }).Distinct().Count();
            if (nodes >= 64)
            {
                Assert.Equal(policy == BucketPolicy.Fifo ? 1 : 3, orders);
            }
        }
    }

    // Which of 64 nodes a bucket with room for 16 keeps, over 256 tables: chi-squared with 63 degrees of freedom, scaled for draws
    // without replacement, exceeds 113 with a probability of 1e-4.
    [Fact]
    public void A_reservoir_keeps_every_node_equally_often()
    {
        var tables = new HashTables(64, 1, 256, 16, BucketPolicy.Reservoir);
        tables.Update([.. Enumerable.Range(0, 64)], new int[64 * 256]);
        var kept = new int[64];
        for (var table = 0; table < 256; table++)
        {
            foreach (var node in tables.Bucket(table, 0))
            {
                kept[node]++;
            }
        }

        Assert.Equal(256 * 16, kept.Sum());
        Assert.InRange(kept.Sum(n => (n - 64.0) * (n - 64) / 64) / 0.75 * 63 / 64, 10, 113);
    }

    [Theory]
    [InlineData(BucketPolicy.Reservoir, 1, 3)]
    [InlineData(BucketPolicy.Reservoir, 4, 3)]
    [InlineData(BucketPolicy.Reservoir, 300, 2)]
    [InlineData(BucketPolicy.Reservoir, 8, 6)]
    [InlineData(BucketPolicy.Fifo, 1, 3)]
    [InlineData(BucketPolicy.Fifo, 5, 3)]
    public void Tables_after_changes_equal_tables_built_afresh(BucketPolicy policy, int capacity, int bits)
    {
        const int nodes = 90;
        const int tableCount = 4;
        var random = new RandomStream((ulong)capacity, (ulong)bits);
        var codes = new int[nodes * tableCount];
        var changed = new HashTables(nodes, bits, tableCount, capacity, policy);
        for (var round = 0; round < 60; round++)
        {
            // Sometimes a few nodes and sometimes nearly all, some of them with the codes that they had, many with the same code.
            var count = round == 0 ? nodes : 1 + random.NextInt32(round % 7 == 0 ? nodes : 12);
            int[] order = [.. Enumerable.Range(0, nodes)];
            random.Shuffle(order);
            var some = order[..count];
            foreach (var node in some)
            {
                for (var table = 0; table < tableCount; table++)
                {
                    if (random.NextInt32(4) > 0)
                    {
                        codes[(node * tableCount) + table] = random.NextInt32(1 << (random.NextInt32(2) == 0 ? 1 : bits));
                    }
                }
            }

            changed.Update(some, [.. some.SelectMany(node => codes[(node * tableCount)..((node + 1) * tableCount)])]);
            var afresh = new HashTables(nodes, bits, tableCount, capacity, policy);
            afresh.Update([.. Enumerable.Range(0, nodes)], codes);
            AssertEqual(afresh, changed);
            AssertCanonical(changed, codes, policy);
        }
    }

    [Fact]
    public void Nodes_without_codes_are_in_no_bucket()
    {
        var tables = new HashTables(10, 2, 3, 4, BucketPolicy.Fifo);
        Assert.Equal(0, tables.Statistics().Kept);
        tables.Update([7], [1, 2, 3]);
        Assert.Equal([7], tables.Bucket(1, 2).ToArray());
        Assert.Equal(-1, tables.Code(0, 3));
        Assert.Equal(3, tables.Statistics().Kept);
    }

    [Fact]
    public void Statistics_add_up()
    {
        var tables = new HashTables(6, 2, 2, 3, BucketPolicy.Fifo);
        tables.Update([0, 1, 2, 3, 4, 5], [0, 0, 0, 1, 0, 2, 0, 3, 1, 0, 1, 0]);

        // Table 0: 4 and 2 nodes; table 1: 3, 1, 1, 1. Pairs with equal codes: 6 + 1 and 3 of 2 x 15.
        var statistics = tables.Statistics();
        Assert.Equal(new BucketStatistics(8, 6, 2, 11, 1, 4, 10 / 30.0), statistics);
        Assert.Equal(11 / 6.0, statistics.MeanLoad);
        Assert.Equal(2 / 8.0, statistics.FullShare);
        Assert.Equal(4, tables.Total(0, 0));
        Assert.Equal([3, 2, 1], tables.Bucket(0, 0).ToArray());
    }

    [Fact]
    public void Updates_allocate_nothing_and_tables_that_are_too_large_are_refused()
    {
        var tables = new HashTables(100, 3, 4, 5, BucketPolicy.Reservoir);
        int[] nodes = [.. Enumerable.Range(0, 100)];
        int[] codes = [.. Enumerable.Range(0, 400).Select(i => i * 7 % 8)];
        tables.Update(nodes, codes);
        Assert.Equal(0, Allocation.Of(() =>
        {
            tables.Update(nodes.AsSpan(0, 9), codes.AsSpan(40));
            tables.Update(nodes, codes.AsSpan());
        }));
        var refused = Assert.Throws<ArgumentOutOfRangeException>(() => new HashTables(1 << 20, 20, 256, 1 << 10, BucketPolicy.Reservoir));
        Assert.Contains("fewer bits, tables or room", refused.Message);
    }

    internal static void AssertEqual(HashTables expected, HashTables actual)
    {
        for (var table = 0; table < expected.Tables; table++)
        {
            for (var code = 0; code < 1 << expected.Bits; code++)
            {
                Assert.Equal(expected.Bucket(table, code).ToArray(), actual.Bucket(table, code).ToArray());
                Assert.Equal(expected.Total(table, code), actual.Total(table, code));
            }
        }
    }

    private static void AssertCanonical(HashTables tables, int[] codes, BucketPolicy policy)
    {
        for (var table = 0; table < tables.Tables; table++)
        {
            var ranking = new NodeRanking(tables.Nodes, policy, table);
            for (var code = 0; code < 1 << tables.Bits; code++)
            {
                var nodes = Enumerable.Range(0, tables.Nodes).Where(node => codes[(node * tables.Tables) + table] == code).ToArray();
                Assert.Equal(nodes.OrderBy(ranking.Rank).Take(tables.Capacity), tables.Bucket(table, code).ToArray());
                Assert.Equal(nodes.Length, tables.Total(table, code));
            }
        }
    }
}
