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

    /// <summary>Fewest nodes or inputs that can be sampled: fewer are one vector, of which nothing can be saved.</summary>
    public const int LeastSampled = 16;

    /// <summary>Most bits of a hash code.</summary>
    public const int HashBits = 20;

    /// <summary>Most hash tables of a layer.</summary>
    public const int HashTables = 256;

    /// <summary>Most directions of a sketch.</summary>
    public const int Rank = 256;
}
