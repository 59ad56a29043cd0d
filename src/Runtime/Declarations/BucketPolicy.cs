#if WHITTLE_GENERATOR
namespace Whittle.Generator.Shared;
#else
namespace Whittle;
#endif

/// <summary>Which nodes a bucket of a hash table keeps that has more of them than room.</summary>
public enum BucketPolicy
{
    /// <summary>A random choice, fixed for each table: what reservoir sampling gives, whatever the order of insertion.</summary>
    Reservoir,

    /// <summary>The nodes of the highest index: what first in, first out gives when nodes are inserted in their order.</summary>
    Fifo,
}
