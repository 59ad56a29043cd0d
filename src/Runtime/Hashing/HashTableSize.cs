using System.Numerics;

namespace Whittle;

/// <summary>Bits, tables and room of buckets, and their choice from a layer's width.</summary>
/// <param name="Bits">K.</param>
/// <param name="Tables">L.</param>
/// <param name="Capacity">Room of a bucket.</param>
internal readonly record struct HashTableSize(int Bits, int Tables, int Capacity)
{
    /// <summary>Memory for one layer's tables and codes unless another limit is given.</summary>
    public const long DefaultMemoryLimit = 256L << 20;

    private const int MostTables = 64;
    private const int LeastCapacity = 16;

    /// <summary>Bytes of the tables with all nodes' codes.</summary>
    /// <param name="nodes">Number of nodes.</param>
    public long Bytes(int nodes) => sizeof(int) * ((((long)Tables << Bits) * (Math.Min(Capacity, nodes) + 1)) + ((long)Tables * nodes));

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
        ArgumentOutOfRangeException.ThrowIfLessThan(nodes, 1);
        if (activeShare is not (> 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(activeShare), activeShare, "The active share must be above 0 and below 1.");
        }

        var best = Sized(nodes, 1, activeShare);
        for (var bits = 2; bits <= HashFunctions.MostBits; bits++)
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
        var tables = (int)Math.Clamp(Math.Round(Math.Log(1 - activeShare) / Math.Log(1 - collision)), 1, 1 << 16);
        var room = BitOperations.RoundUpToPowerOf2((uint)Math.Ceiling(4.0 * nodes * collision));
        return new HashTableSize(bits, tables, (int)Math.Min((uint)nodes, Math.Max(LeastCapacity, room)));
    }
}
