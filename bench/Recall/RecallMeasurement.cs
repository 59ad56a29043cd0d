namespace Whittle.Bench.Recall;

/// <summary>What hash tables of one size find of a layer's largest nodes, in the mean over inputs.</summary>
/// <param name="Layer">What the weights are.</param>
/// <param name="Family">The hash family.</param>
/// <param name="Bits">K.</param>
/// <param name="Tables">L.</param>
/// <param name="ByCount">Recall of the true top 5 % if as many nodes are taken in the order of their number of buckets.</param>
/// <param name="ByWalk">Recall if tables are visited until there are as many nodes.</param>
/// <param name="InBuckets">Share of the layer's nodes that are in any bucket of an input.</param>
/// <param name="Megabytes">Memory of tables and codes.</param>
internal sealed record RecallMeasurement(
    string Layer, HashFamily Family, int Bits, int Tables, double ByCount, double ByWalk, double InBuckets, double Megabytes)
{
    /// <summary>Hash functions for an input as a share of the layer's nodes: with a dense projection for each bit, what hashing costs beside computing all nodes.</summary>
    public double Functions => (double)Bits * Tables / StudiedLayer.Nodes;

    /// <summary>Measures.</summary>
    public static RecallMeasurement Of(StudiedLayer layer, HashFamily family, int bits, int tables, ulong seed)
    {
        var size = new HashTableSize(bits, tables, HashTableSize.Room(StudiedLayer.Nodes, bits));
        var functions = HashFunctions.Create(family, StudiedLayer.Nodes, bits, tables, seed, 0);
        using var hashing = new NodeHashing(functions, StudiedLayer.Nodes, size.Capacity, BucketPolicy.Reservoir, RehashSchedule.Every(1));
        hashing.Build(layer.Rows);
        return new RecallMeasurement(
            layer.Name,
            family,
            bits,
            tables,
            Found(BucketQuery.Count).Recall,
            Found(BucketQuery.Walk).Recall,
            Found(BucketQuery.All).Chosen,
            size.Bytes(StudiedLayer.Nodes) / 1e6);

        (double Recall, double Chosen) Found(BucketQuery query)
        {
            var nodes = new LshNodes(functions, hashing, query, StudiedLayer.Active);
            var sample = new IndexSample(StudiedLayer.Nodes);
            var (found, chosen) = (0L, 0L);
            for (var input = 0; input < layer.Inputs.Length; input++)
            {
                var x = layer.Inputs[input];
                var random = new RandomStream(seed, RandomStreams.NodeSelection(0, input));
                int[] nonZero = [.. Enumerable.Range(0, x.Length).Where(index => x[index] != 0)];
                nodes.Select(x, nonZero, ref random, [], sample);
                chosen += sample.Count;
                foreach (var node in sample.Indices)
                {
                    found += layer.Largest[input].Contains(node) ? 1 : 0;
                }
            }

            return ((double)found / StudiedLayer.Active / layer.Inputs.Length, (double)chosen / StudiedLayer.Nodes / layer.Inputs.Length);
        }
    }
}
