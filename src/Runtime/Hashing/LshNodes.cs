namespace Whittle;

/// <summary>
/// Chooses the nodes of a layer that hash tables find under an input's codes. Belongs to one thread; several may share the tables.
/// </summary>
/// <param name="functions">The hash functions.</param>
/// <param name="hashing">The tables.</param>
/// <param name="query">How nodes are chosen from buckets.</param>
/// <param name="active">How many are active; <see cref="BucketQuery.All"/> takes no notice of it.</param>
internal sealed class LshNodes(HashFunctions functions, NodeHashing hashing, BucketQuery query, int active)
{
    private readonly LshQuery buckets = new(hashing.Tables);
    private readonly int[] codes = new int[functions.Tables];

    /// <summary>The queries of the buckets.</summary>
    public LshQuery Query => buckets;

    /// <summary>Nodes of the last choice that came from buckets.</summary>
    public int Retrieved => buckets.Retrieved;

    /// <summary>Nodes of the last choice that were random because the buckets had too few.</summary>
    public int Filled => buckets.Filled;

    /// <summary>Room for the codes of an input, for who computes them with a generated kernel; <see cref="SelectByCodes"/> follows.</summary>
    public Span<int> Codes => codes;

    /// <summary>Chooses the nodes of one sample; their weights are 1.</summary>
    /// <param name="x">The input.</param>
    /// <param name="nonZero">The indices of its elements that are not zero.</param>
    /// <param name="random">The stream to draw from.</param>
    /// <param name="forced">Nodes that are active in any case and count as active.</param>
    /// <param name="sample">Room for the active nodes or the forced ones if they are more; for <see cref="BucketQuery.All"/> for all nodes.</param>
    public void Select(ReadOnlySpan<float> x, ReadOnlySpan<int> nonZero, ref RandomStream random, ReadOnlySpan<int> forced, IndexSample sample)
    {
        functions.HashInput(x, nonZero, codes);
        SelectByCodes(ref random, forced, sample);
    }

    /// <summary>As <see cref="Select"/>, with the codes that are in <see cref="Codes"/>.</summary>
    public void SelectByCodes(ref RandomStream random, ReadOnlySpan<int> forced, IndexSample sample)
    {
        switch (query)
        {
            case BucketQuery.Walk:
                buckets.Walk(hashing.Tables, codes, active, ref random, forced, sample);
                break;
            case BucketQuery.Count:
                buckets.Count(hashing.Tables, codes, active, ref random, forced, sample);
                break;
            default:
                buckets.All(hashing.Tables, codes, forced, sample);
                break;
        }
    }
}
