namespace Whittle;

/// <summary>Chooses the nodes with the largest scores: the true z, or a guess of it.</summary>
/// <param name="nodes">The layer's nodes.</param>
/// <param name="active">How many are active, 1 to all.</param>
internal sealed class TopNodes(int nodes, int active)
{
    private readonly TopKSelector selector = new(nodes);
    private readonly IndexSet certain = new(nodes);

    /// <summary>Chooses the nodes of one sample; their weights are 1.</summary>
    /// <param name="scores">A score for each node; equal ones are chosen from the lowest index.</param>
    /// <param name="forced">Nodes that are active in any case and count as active; repetitions do no harm.</param>
    /// <param name="sample">Room for the active nodes, or the forced ones if they are more.</param>
    public void Select(ReadOnlySpan<float> scores, ReadOnlySpan<int> forced, IndexSample sample)
    {
        selector.Load(scores);
        var count = active;
        if (!forced.IsEmpty)
        {
            certain.AddRange(forced);
            count = Math.Max(active, certain.Count);
            certain.Clear();
            foreach (var node in forced)
            {
                selector.Force(node);
            }
        }

        sample.Complete(selector.Take(count, sample.Room));
    }
}
