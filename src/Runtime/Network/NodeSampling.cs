namespace Whittle;

/// <summary>
/// How a node-sampled layer chooses its active nodes: the settings of <see cref="NodeSampledAttribute"/>, with everything automatic
/// resolved when the network was compiled.
/// </summary>
/// <param name="Selector">How active nodes are chosen.</param>
/// <param name="Share">Share of the nodes that are active; 1 where the selector decides by itself how many.</param>
/// <param name="Scaling">What active nodes are multiplied with in training.</param>
/// <param name="Inference">Which nodes a prediction computes; never <see cref="NodeInference.Automatic"/>.</param>
/// <param name="Sharing">For what a set is chosen.</param>
/// <param name="Alpha">Alpha of <see cref="NodeSelector.Adaptive"/>.</param>
/// <param name="Beta">Beta of <see cref="NodeSelector.Adaptive"/>.</param>
/// <param name="Rank">Directions of <see cref="NodeSelector.LowRank"/>.</param>
/// <param name="Refresh">Training steps between two refreshes of the sketch of <see cref="NodeSelector.LowRank"/>.</param>
/// <param name="Family">Hash functions of <see cref="NodeSelector.Lsh"/>, to which all that follow belong.</param>
/// <param name="Bits">K, bits of a hash code; not 0.</param>
/// <param name="Tables">L, hash tables; not 0.</param>
/// <param name="Query">How nodes are chosen from the buckets of an input.</param>
/// <param name="Policy">Which nodes a full bucket keeps.</param>
/// <param name="BucketSize">Room of a bucket; 0 only where there are no tables.</param>
/// <param name="Rehash">When changed nodes get new hash codes.</param>
/// <param name="RehashInterval">Samples between two such times; 0 only where there are no tables.</param>
/// <param name="RehashPhase">Samples that the first phase of <see cref="RehashPolicy.Phases"/> lasts.</param>
/// <param name="RehashLateInterval">Samples between two rehashes in its second phase.</param>
/// <param name="RehashGrowth">Lambda of <see cref="RehashPolicy.Exponential"/>.</param>
/// <param name="RehashMovedShare">Share of wrong codes from which <see cref="RehashPolicy.WhenMoved"/> renews them.</param>
/// <param name="BackgroundRehash">Whether a thread of the pool computes new codes.</param>
public sealed record NodeSampling(
    NodeSelector Selector,
    float Share = (float)Defaults.NodeShare,
    NodeScaling Scaling = NodeScaling.None,
    NodeInference Inference = NodeInference.Exact,
    NodeSharing Sharing = NodeSharing.Sample,
    float Alpha = Defaults.Alpha,
    float Beta = Defaults.Beta,
    int Rank = Defaults.Rank,
    int Refresh = Defaults.Refresh,
    HashFamily Family = HashFamily.Alsh,
    int Bits = Defaults.Bits,
    int Tables = Defaults.Tables,
    BucketQuery Query = BucketQuery.Walk,
    BucketPolicy Policy = BucketPolicy.Reservoir,
    int BucketSize = 0,
    RehashPolicy Rehash = RehashPolicy.Phases,
    int RehashInterval = 0,
    int RehashPhase = Defaults.RehashPhase,
    int RehashLateInterval = Defaults.RehashLateInterval,
    float RehashGrowth = (float)Defaults.RehashGrowth,
    float RehashMovedShare = (float)Defaults.RehashMovedShare,
    bool BackgroundRehash = false)
{
    /// <summary>k = round(<see cref="Share"/> * nodes), at least 1, ties away from 0; for a selector that decides by itself the most there can be.</summary>
    /// <param name="nodes">Nodes of the layer.</param>
    public int Active(int nodes) => SampleSize.Of(Share, nodes);
}
