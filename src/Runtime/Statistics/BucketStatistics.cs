namespace Whittle;

/// <summary>How full the buckets of a layer's hash tables are.</summary>
/// <param name="Buckets">All buckets of all tables.</param>
/// <param name="Used">Buckets with a node.</param>
/// <param name="Full">Buckets without room for another node.</param>
/// <param name="Kept">Nodes in buckets, each counted once for each table.</param>
/// <param name="Dropped">Nodes that found no room in their bucket, likewise.</param>
/// <param name="Largest">The most nodes with one code.</param>
/// <param name="Collisions">The share of pairs of nodes that have the same code, over all tables; 2^-K for unrelated nodes.</param>
public readonly record struct BucketStatistics(int Buckets, int Used, int Full, long Kept, long Dropped, int Largest, double Collisions)
{
    /// <summary>Mean number of nodes kept in a bucket that has any.</summary>
    public double MeanLoad => Used == 0 ? 0 : (double)Kept / Used;

    /// <summary>Share of the buckets that are full.</summary>
    public double FullShare => (double)Full / Buckets;
}
