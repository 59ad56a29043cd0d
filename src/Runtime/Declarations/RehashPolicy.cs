#if WHITTLE_GENERATOR
namespace Whittle.Generator.Shared;
#else
namespace Whittle;
#endif

/// <summary>When nodes whose weights have changed get new hash codes; counted in training samples.</summary>
public enum RehashPolicy
{
    /// <summary>Often in the first phase of each epoch, seldom after it (Spring and Shrivastava 2017).</summary>
    Phases,

    /// <summary>At a fixed interval.</summary>
    Every,

    /// <summary>At intervals that grow exponentially, since weights move less and less (SLIDE, Chen et al. 2020).</summary>
    Exponential,

    /// <summary>When enough codes of some of the changed nodes are no longer right (the idea of MONGOOSE, Chen et al. 2021).</summary>
    WhenMoved,
}
