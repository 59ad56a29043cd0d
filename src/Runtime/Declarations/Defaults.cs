#if WHITTLE_GENERATOR
namespace Whittle.Generator.Shared;
#else
namespace Whittle;
#endif

/// <summary>Values of attribute properties that a declaration leaves out.</summary>
internal static class Defaults
{
    public const int BatchSize = 32;

    public const float Slope = 0.01f;

    public const double NodeShare = 0.05;

    public const float Alpha = 1;

    public const float Beta = 0;

    public const int Rank = 16;

    public const int Refresh = 1000;

    public const int Bits = 6;

    public const int Tables = 5;

    public const int RehashPhase = 10_000;

    public const int RehashLateInterval = 1000;

    public const double RehashGrowth = 0.05;

    public const double RehashMovedShare = 0.1;

    public const InputEstimator Estimator = InputEstimator.WtaCrs;

    public const double InputShare = 0.1;

    public const SampledProducts Products = SampledProducts.Backward;

    /// <summary>Samples between rehashes of a policy, for Exponential before the first.</summary>
    public static int RehashInterval(RehashPolicy policy) => policy switch
    {
        RehashPolicy.Exponential => 1000,
        RehashPolicy.WhenMoved => 500,
        _ => 100,
    };
}
