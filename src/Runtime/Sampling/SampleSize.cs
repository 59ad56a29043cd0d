#if WHITTLE_GENERATOR
namespace Whittle.Generator.Shared;
#else
namespace Whittle;
#endif

/// <summary>How many of n a share is.</summary>
internal static class SampleSize
{
    /// <summary>round(share * n), at least 1, ties away from 0.</summary>
    public static int Of(float share, int n) => Math.Max(1, (int)Math.Round((double)share * n, MidpointRounding.AwayFromZero));
}
