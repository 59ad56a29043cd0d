#if WHITTLE_GENERATOR
namespace Whittle.Generator.Shared;
#else
namespace Whittle;
#endif

/// <summary>How active nodes are chosen from the buckets of an input.</summary>
public enum BucketQuery
{
    /// <summary>
    /// Table after table in random order until the active share is collected; a random part of the last bucket; random nodes where
    /// the buckets have too few (Ebrahimi et al. 2023; vanilla sampling of SLIDE, Chen et al. 2020).
    /// </summary>
    Walk,

    /// <summary>The nodes that are in most buckets, random nodes where the buckets have too few (top-k sampling of SLIDE).</summary>
    Count,

    /// <summary>Every node of the buckets, however many: the only query for which the probability of a node is known.</summary>
    All,
}
