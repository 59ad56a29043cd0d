using System.Globalization;
using Whittle.Runtime.Tests.Sampling;

namespace Whittle.Runtime.Tests.Hashing;

/// <summary>
/// How many of the nodes with the largest 5 % of the inner products the tables find. With <c>-showLiveOutput</c> the test program
/// prints the table.
/// </summary>
public class RecallTests
{
    private const int Nodes = 1000;
    private const int Inputs = 64;
    private const int Active = Nodes / 20;

    [Fact]
    public void Asymmetric_codes_rank_by_inner_product_the_better_the_more_tables()
    {
        using var layer = new RandomLayer(Nodes, Inputs, 1, bias: 0);
        var walk = Curve(layer, BucketQuery.Walk);
        var count = Curve(layer, BucketQuery.Count);

        // Chance is 0.05; 20 inputs of 50 nodes each give a standard error of at most 0.016.
        Assert.True(count[(6, 50)] > 0.15, $"{count[(6, 50)]}");
        Assert.True(count[(6, 100)] > count[(6, 50)] && count[(6, 50)] > count[(6, 5)]);
        Assert.True(count[(6, 50)] > walk[(6, 50)]);
        Assert.InRange(walk[(6, 5)], 0.05, 0.2);
    }

    [Fact]
    public void Sizes_are_chosen_so_that_unrelated_nodes_make_up_the_active_share()
    {
        var size = HashTableSize.Choose(1000, 0.05);
        Assert.Equal(new HashTableSize(8, 13, 16), size);
        foreach (var nodes in (int[])[1, 16, 300, 4096, 670_000])
        {
            foreach (var share in (double[])[0.001, 0.01, 0.05, 0.25])
            {
                var chosen = HashTableSize.Choose(nodes, share);
                Assert.True(chosen.Bytes(nodes) <= HashTableSize.DefaultMemoryLimit);
                Assert.True(chosen.Bits == 1 || (chosen.Tables <= 64 && chosen.Bits * chosen.Tables <= nodes / 8));
                var found = 1 - Math.Pow(1 - Math.Pow(2, -chosen.Bits), chosen.Tables);
                Assert.True(chosen.Tables == 1 || (found > 0.6 * share && found < 1.4 * share), $"{chosen}: {found} for {share}");
            }
        }

        Assert.True(HashTableSize.Choose(670_000, 0.005, 64 << 20).Bytes(670_000) <= 64 << 20);
        Assert.Throws<ArgumentOutOfRangeException>(() => HashTableSize.Choose(1000, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => HashTableSize.Choose(0, 0.5));
    }

    [Fact]
    public void All_nodes_found_weighted_by_their_inverse_probability_give_an_unbiased_sum()
    {
        const int nodes = 40;
        using var layer = new RandomLayer(nodes, Inputs, 2, bias: 0);
        var x = layer.Input(1, rectified: true);
        var z = Enumerable.Range(0, nodes).Select(j => RandomLayer.Product(x, layer.Rows.Row(j))).ToArray();
        var lengths = Enumerable.Range(0, nodes).Select(j => Math.Sqrt(RandomLayer.Product(layer.Rows.Row(j), layer.Rows.Row(j)))).ToArray();
        var length = Math.Sqrt(RandomLayer.Product(x, x));
        var test = new JointMeanTest(z);
        var sample = new IndexSample(nodes);
        for (var seed = 0UL; seed < 2_000; seed++)
        {
            var functions = HashFunctions.Create(HashFamily.Alsh, Inputs, 3, 4, seed, 0);
            using var hashing = new NodeHashing(functions, nodes, nodes, BucketPolicy.Reservoir, RehashSchedule.Every(1));
            hashing.Build(layer.Rows);
            var random = new RandomStream(seed, 1);
            new LshNodes(functions, hashing, BucketQuery.All, nodes).Select(x, RandomLayer.NonZero(x), ref random, [], sample);
            var error = z.Select(v => -v).ToArray();
            foreach (var node in sample.Indices)
            {
                error[node] += z[node] / functions.RetrievalProbability(z[node], length, lengths[node], hashing.Scale);
            }

            test.Add(error);
        }

        // A false alarm has a probability of 1e-4.
        Assert.InRange(test.Statistic(), 0, JointMeanTest.Bound);
    }

    private static Dictionary<(int Bits, int Tables), double> Curve(RandomLayer layer, BucketQuery query)
    {
        var inputs = Enumerable.Range(0, 20).Select(_ => layer.Input(1, rectified: true)).ToArray();
        var truth = inputs.Select(x => layer.Preactivations(x).Index().OrderByDescending(z => z.Item).Take(Active).Select(z => z.Index).ToArray()).ToArray();
        var curve = new Dictionary<(int Bits, int Tables), double>();
        var output = TestContext.Current.TestOutputHelper;
        output?.WriteLine($"recall of the largest 5 % of {Nodes} inner products, {query}");
        foreach (var (bits, tables) in ((int, int)[])[(4, 5), (6, 5), (6, 50), (6, 100), (8, 13), (8, 50), (8, 100)])
        {
            var functions = HashFunctions.Create(HashFamily.Alsh, layer.Inputs, bits, tables, 1, 0);
            using var hashing = new NodeHashing(functions, Nodes, 200, BucketPolicy.Reservoir, RehashSchedule.Every(1));
            hashing.Build(layer.Rows);
            var nodes = new LshNodes(functions, hashing, query, Active);
            var sample = new IndexSample(Active);
            var (recall, retrieved) = (0.0, 0);
            for (var input = 0; input < inputs.Length; input++)
            {
                var random = new RandomStream(1, (ulong)input);
                nodes.Select(inputs[input], RandomLayer.NonZero(inputs[input]), ref random, [], sample);
                recall += (double)truth[input].Intersect(sample.Indices.ToArray()).Count() / Active / inputs.Length;
                retrieved += nodes.Retrieved;
            }

            curve[(bits, tables)] = recall;
            output?.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"K {bits,2} L {tables,3}  recall {recall:F3}  from buckets {(double)retrieved / inputs.Length / Active:F2}"));
        }

        return curve;
    }
}
