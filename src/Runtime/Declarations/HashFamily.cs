#if WHITTLE_GENERATOR
namespace Whittle.Generator.Shared;
#else
namespace Whittle;
#endif

/// <summary>The locality-sensitive hash functions that find a layer's nodes.</summary>
public enum HashFamily
{
    /// <summary>
    /// Signs of Gaussian projections of weights and inputs with three more coordinates, so that large inner products collide, not
    /// only small angles (the transforms of Shrivastava and Li 2014 with m = 3 and U = 0.83, as Spring and Shrivastava 2017 use them).
    /// </summary>
    Alsh,

    /// <summary>Signs of sparse projections with entries +1, 0 and -1 (Charikar 2002; Li et al. 2006): small angles collide.</summary>
    SimHash,

    /// <summary>Which of a few random coordinates is largest, for sparse inputs (densified winner-take-all, Chen and Shrivastava 2018).</summary>
    Dwta,
}
