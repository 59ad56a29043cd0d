using System.Numerics;

namespace Whittle;

/// <summary>
/// The order of the nodes in one table, computed and not stored: a Feistel network of four rounds, which is a bijection of the
/// numbers below a power of four and can be run backwards (Luby and Rackoff 1988).
/// </summary>
internal readonly struct NodeRanking
{
    private const int Rounds = 4;

    private readonly BucketPolicy policy;
    private readonly int nodes;
    private readonly int half;
    private readonly uint mask;
    private readonly uint key;

    /// <summary>Makes the order of a table.</summary>
    /// <param name="nodes">Number of nodes.</param>
    /// <param name="policy">A random order, or the highest index first.</param>
    /// <param name="table">The table, which decides the random order.</param>
    public NodeRanking(int nodes, BucketPolicy policy, int table)
    {
        this.nodes = nodes;
        this.policy = policy;
        half = Math.Max(1, (33 - BitOperations.LeadingZeroCount((uint)(nodes - 1))) / 2);
        mask = (1u << half) - 1;
        key = Mix((uint)table, 0x9E3779B9);
    }

    /// <summary>Number of ranks, of which some may belong to no node.</summary>
    public int Ranks => policy == BucketPolicy.Fifo ? nodes : 1 << (2 * half);

    /// <summary>The place of a node in the order; the lowest is kept longest.</summary>
    public int Rank(int node)
    {
        if (policy == BucketPolicy.Fifo)
        {
            return nodes - 1 - node;
        }

        var (left, right) = ((uint)node >> half, (uint)node & mask);
        for (var round = 0u; round < Rounds; round++)
        {
            (left, right) = (right, left ^ (Mix(right, key + round) & mask));
        }

        return (int)((left << half) | right);
    }

    /// <summary>The node at a place of the order; no node where it is not below the number of nodes.</summary>
    public int Node(int rank)
    {
        if (policy == BucketPolicy.Fifo)
        {
            return nodes - 1 - rank;
        }

        var (left, right) = ((uint)rank >> half, (uint)rank & mask);
        for (var round = Rounds - 1; round >= 0; round--)
        {
            (left, right) = (right ^ (Mix(left, key + (uint)round) & mask), left);
        }

        return (int)((left << half) | right);
    }

    private static uint Mix(uint value, uint key)
    {
        var mixed = (value + 1) * 0x85EBCA6B ^ (key * 0x9E3779B1);
        mixed = (mixed ^ (mixed >> 15)) * 0xC2B2AE35;
        return mixed ^ (mixed >> 16);
    }
}
