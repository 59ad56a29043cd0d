#if WHITTLE_GENERATOR
namespace Whittle.Generator.Shared;
#else
namespace Whittle;
#endif

/// <summary>The sizes that a declared network may have; the generator refuses others at build time.</summary>
internal static class Limits
{
    /// <summary>Most layers of one network, each repetition counted.</summary>
    public const int Layers = 20;

    /// <summary>Most units of one layer.</summary>
    public const int Units = 16_384;

    /// <summary>Most inputs of a network.</summary>
    public const int Inputs = 1 << 20;

    /// <summary>Largest declared batch.</summary>
    public const int BatchSize = 16_384;

    /// <summary>Most weights of a layer whose reductions are unrolled fully; larger layers loop.</summary>
    public const int FullUnroll = 64;
}
