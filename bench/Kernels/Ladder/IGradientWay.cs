namespace Whittle.Bench.Kernels.Ladder;

/// <summary>How a tile's gradients come to the update rule, as a constant of the compiler.</summary>
internal interface IGradientWay
{
    static abstract bool ThroughScratch { get; }
}

/// <summary>The rule is compiled into the tile once for each of its sums.</summary>
internal readonly struct FromRegisters : IGradientWay
{
    public static bool ThroughScratch => false;
}

/// <summary>The sums go to scratch memory, and one loop with the rule reads them again.</summary>
internal readonly struct ByScratch : IGradientWay
{
    public static bool ThroughScratch => true;
}
