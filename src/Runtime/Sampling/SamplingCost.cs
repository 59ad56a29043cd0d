#if WHITTLE_GENERATOR
namespace Whittle.Generator.Shared;
#else
namespace Whittle;
#endif

/// <summary>
/// What sampling costs, in multiply-adds: one source for the runtime, which tells it, and for the generator, which advises by it.
/// </summary>
internal static class SamplingCost
{
    /// <summary>Share of the inputs that a sparse sign projection looks at.</summary>
    public const float SparseSigns = 1f / 3;

    /// <summary>Parts of the weights' norms, of which each step renews one.</summary>
    public const int NormParts = 64;

    /// <summary>Power iterations of a refresh of a sketch.</summary>
    public const int PowerIterations = 2;

    // A weight of a tile serves so many rows, one of a sample's own list serves one.
    private const int RowsOfTile = 8;

    private const int MostSketchRows = 256;
    private const int MostSketchFloats = 1 << 22;

    /// <summary>Share of the nodes that a mini-batch touches when each row has a set of its own: 1 - (1 - s)^B, sets being independent.</summary>
    /// <param name="share">s, a row's share.</param>
    /// <param name="rows">B.</param>
    public static double Touched(double share, int rows) => 1 - Math.Pow(1 - share, rows);

    /// <summary>Share of the nodes that Standout keeps at z = 0.</summary>
    public static double KeptByStandout(double beta) => 1 / (1 + Math.Exp(-beta));

    /// <summary>Share of unrelated nodes that are in a bucket of an input: 1 - (1 - 2^-K)^L.</summary>
    public static double FoundByChance(int bits, int tables) => Touched(Math.Pow(2, -bits), tables);

    /// <summary>Rows of inputs that a sketch is derived from.</summary>
    public static int SketchRows(int rank, int inputs) => Math.Max(2 * rank, Math.Min(MostSketchRows, MostSketchFloats / inputs));

    /// <summary>Scores of a sketch for one sample, with its share of a refresh.</summary>
    public static double Sketch(int inputs, int nodes, int rank, int refresh, int rows) =>
        ((double)rank * (inputs + nodes)) + (SketchRefresh(inputs, nodes, rank) / refresh / rows);

    /// <summary>A refresh of a sketch.</summary>
    public static double SketchRefresh(int inputs, int nodes, int rank) =>
        (2.0 * PowerIterations * SketchRows(rank, inputs) * rank * inputs) + ((rank + 1.0) * inputs * nodes);

    /// <summary>Codes of one sample, and its part of those of the nodes that have changed since the last rehash.</summary>
    public static double Hashing(int inputs, int nodes, double share, HashFamily family, int bits, int tables, int interval)
    {
        var code = (double)bits * tables * inputs * (family == HashFamily.SimHash ? SparseSigns : 1);
        return code * (1 + (nodes * Touched(share, interval) / Math.Max(interval, 1)));
    }

    /// <summary>
    /// How many multiply-adds in tiles of a mini-batch a multiply-add over one sample's own list takes as long as. Measured: dropout that
    /// keeps half of three layers of 1000 at batch 20 computes half and takes 3.7 times as long as exact layers.
    /// </summary>
    public static int OfListed(int rows) => Math.Min(rows, RowsOfTile);
}
