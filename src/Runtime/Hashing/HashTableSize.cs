#if WHITTLE_GENERATOR
namespace Whittle.Generator.Shared;
#else
namespace Whittle;
#endif

/// <summary>Bits, tables and room of buckets, and their choice from a layer's width.</summary>
/// <param name="Bits">K.</param>
/// <param name="Tables">L.</param>
/// <param name="Capacity">Room of a bucket.</param>
internal readonly record struct HashTableSize(int Bits, int Tables, int Capacity)
{
    /// <summary>Memory for one layer's tables and codes unless another limit is given.</summary>
    public const long DefaultMemoryLimit = 256L << 20;

    private const int LongestArray = 0x7FFFFFC7;
    private const int MostTables = 64;
    private const int LeastCapacity = 16;

    /// <summary>Bytes of the tables with all nodes' codes.</summary>
    /// <param name="nodes">Number of nodes.</param>
    public long Bytes(int nodes) => sizeof(int) * ((((long)Tables << Bits) * (Math.Min(Capacity, nodes) + 1)) + ((long)Tables * nodes));

    /// <summary>Whether the tables can be made: their buckets, and the codes of all nodes, are an array each.</summary>
    /// <param name="nodes">Number of nodes.</param>
    public bool Fits(int nodes) => ((long)Tables << Bits) * Math.Min(Capacity, nodes) <= LongestArray && (long)Tables * nodes <= LongestArray;

    /// <summary>Room of a bucket for four times the mean, at least 16, at most all nodes.</summary>
    /// <param name="nodes">Number of nodes.</param>
    /// <param name="bits">K.</param>
    public static int Room(int nodes, int bits)
    {
        var room = LeastCapacity;
        while (room < 4.0 * nodes / (1 << bits))
        {
            room *= 2;
        }

        return Math.Min(nodes, room);
    }

    /// <summary>Chooses bits and tables.</summary>
    /// <remarks>
    /// A node unrelated to the input shares a code of K bits with probability 2^-K, and is found in L tables with 1 - (1 - 2^-K)^L. For
    /// each K, L is the number of tables for which that is the active share: fewer find too few nodes, more find unrelated ones. More
    /// bits (with the tables that they need) tell related nodes from unrelated ones better. So K is the largest for which hashing an
    /// input costs at most an eighth of computing all nodes (K L at most nodes / 8), at most 64 tables are needed and the memory
    /// suffices; at least 1. Buckets get room for four times the mean.
    /// </remarks>
    /// <param name="nodes">Number of nodes.</param>
    /// <param name="activeShare">Share of the nodes that are to be active, above 0 and below 1.</param>
    /// <param name="memoryLimit">Most bytes of tables and codes.</param>
    public static HashTableSize Choose(int nodes, double activeShare, long memoryLimit = DefaultMemoryLimit)
    {
        if (nodes < 1)
        {
            throw new ArgumentOutOfRangeException(nameof(nodes), nodes, "There must be a node.");
        }

        if (activeShare is not (> 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(activeShare), activeShare, "The active share must be above 0 and below 1.");
        }

        var best = Sized(nodes, 1, activeShare);
        for (var bits = 2; bits <= Limits.HashBits; bits++)
        {
            var size = Sized(nodes, bits, activeShare);
            if (size.Tables > MostTables || bits * size.Tables > nodes / 8 || size.Bytes(nodes) > memoryLimit)
            {
                break;
            }

            best = size;
        }

        return best;
    }

    private static HashTableSize Sized(int nodes, int bits, double activeShare)
    {
        var collision = Math.Pow(2, -bits);
        var tables = (int)Math.Max(1, Math.Min(1 << 16, Math.Round(Math.Log(1 - activeShare) / Math.Log(1 - collision))));
        return new HashTableSize(bits, tables, Room(nodes, bits));
    }
}
