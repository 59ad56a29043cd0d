#if WHITTLE_GENERATOR
namespace Whittle.Generator.Shared;
#else
namespace Whittle;
#endif

/// <summary>What the active nodes of a node-sampled layer are multiplied with in training.</summary>
public enum NodeScaling
{
    /// <summary>Nothing: the layer above sees less than it would from all nodes (as Spring and Shrivastava 2017).</summary>
    None,

    /// <summary>
    /// 1 / p, p the probability with which the node is active: the layer above sees the sum over all nodes in the mean. Only where p is
    /// known: <see cref="NodeSelector.Uniform"/>, <see cref="NodeSelector.Adaptive"/>, and <see cref="NodeSelector.Lsh"/> with
    /// <see cref="BucketQuery.All"/>.
    /// </summary>
    InverseProbability,
}
