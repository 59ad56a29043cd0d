namespace Whittle;

/// <summary>Weights of nodes that are in every sample.</summary>
internal static class SampleWeights
{
    /// <summary>Gives nodes that are certain the weight 1.</summary>
    /// <param name="sample">A sample that holds them.</param>
    /// <param name="certain">The nodes.</param>
    public static void SetToOne(IndexSample sample, ReadOnlySpan<int> certain)
    {
        foreach (var node in certain)
        {
            sample.SetWeight(sample.Indices.BinarySearch(node), 1);
        }
    }
}
