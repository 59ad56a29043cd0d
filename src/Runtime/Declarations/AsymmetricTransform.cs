#if WHITTLE_GENERATOR
namespace Whittle.Generator.Shared;
#else
namespace Whittle;
#endif

/// <summary>
/// The coordinates that asymmetric hashing adds, as rows that the projections of a vector are corrected with, [m + 1][width]: times
/// |w|^2, |w|^4 and |w|^8 for weights, and times |x| for inputs.
/// </summary>
internal static class AsymmetricTransform
{
    /// <summary>m, the coordinates added to weights: as many rows.</summary>
    public const int Extra = 3;

    /// <summary>The row for inputs, whose three coordinates are the same.</summary>
    public const int InputRow = Extra;

    /// <summary>Factors of a node: the scale of its projections, then one for each coordinate added.</summary>
    public const int NodeFactors = 1 + Extra;
}
