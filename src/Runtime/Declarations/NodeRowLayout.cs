#if WHITTLE_GENERATOR
namespace Whittle.Generator.Shared;
#else
namespace Whittle;
#endif

/// <summary>
/// Where a layer with a row of parameters for each node keeps them: [nOut][stride], each row the node's weights, padded with
/// zeros to a cache line, and then its bias.
/// </summary>
internal static class NodeRowLayout
{
    /// <summary>How far ahead in a list of nodes kernels fetch the rows that they will change: so many entries are readable past its end.</summary>
    public const int EntriesAhead = 48;

    private const int CacheLine = 16;

    /// <summary>Position of the bias in a row: the first of a cache line of its own, whose other floats stay zero.</summary>
    /// <param name="inputs">nIn.</param>
    public static int BiasColumn(int inputs) => (inputs + CacheLine - 1) / CacheLine * CacheLine;

    /// <summary>Floats from one row to the next: an odd number of cache lines, since rows a power of two apart share few sets of the cache.</summary>
    /// <param name="inputs">nIn.</param>
    public static int Stride(int inputs) => ((BiasColumn(inputs) / CacheLine + 1) | 1) * CacheLine;
}
