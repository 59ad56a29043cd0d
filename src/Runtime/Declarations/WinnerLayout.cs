#if WHITTLE_GENERATOR
namespace Whittle.Generator.Shared;
#else
namespace Whittle;
#endif

/// <summary>
/// How the bins of winner-take-all hashing lie for kernels: a row of bins for each of their eight coordinates, [8][width]. Three bits of a
/// code are the winner of a bin of eight; bits left over, of the first two or four of a bin.
/// </summary>
internal static class WinnerLayout
{
    /// <summary>Bits of a code that the winner of a whole bin makes.</summary>
    public const int BinBits = 3;

    /// <summary>Coordinates of a bin.</summary>
    public const int BinSize = 1 << BinBits;

    /// <summary>Bins whose winners make one code.</summary>
    /// <param name="bits">K.</param>
    public static int BinsPerTable(int bits) => (bits + BinBits - 1) / BinBits;

    /// <summary>Bits of a code that its last bin makes if they are not three, else 0.</summary>
    /// <param name="bits">K.</param>
    public static int RestBits(int bits) => bits % BinBits;

    /// <summary>All bins. Those that no code uses lend only: together the bins see every coordinate.</summary>
    /// <param name="inputs">nIn.</param>
    /// <param name="bits">K.</param>
    /// <param name="tables">L.</param>
    public static int Bins(int inputs, int bits, int tables) => Math.Max(BinsPerTable(bits) * tables, (inputs + BinSize - 1) / BinSize);

    /// <summary>Bins with those that fill the last vector.</summary>
    /// <param name="bins">Bins.</param>
    public static int Width(int bins) => ProjectionLayout.Width(bins);

    /// <summary>Floats that a kernel needs for winners: those of whole bins, then those of the last bins of codes, where there are any.</summary>
    /// <param name="bins">Bins.</param>
    /// <param name="bits">K.</param>
    public static int WinnerCount(int bins, int bits) => Width(bins) * ((bits >= BinBits ? 1 : 0) + (RestBits(bits) > 0 ? 1 : 0));
}
