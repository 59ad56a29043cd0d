#if WHITTLE_GENERATOR
namespace Whittle.Generator.Shared;
#else
namespace Whittle;
#endif

/// <summary>The products that an input-sampled layer estimates; the others are exact.</summary>
public enum SampledProducts
{
    /// <summary>xW, from some of the inputs.</summary>
    Forward = 1,

    /// <summary>d W^T, from some of the units, and x^T d, from some rows of the mini-batch.</summary>
    Backward = 2,

    /// <summary>All three.</summary>
    Both = Forward | Backward,
}
