namespace Whittle;

/// <summary>Chooses a fixed number of nodes, all equally likely: dropout with a fixed count (Srivastava et al. 2014).</summary>
/// <param name="nodes">The layer's nodes.</param>
/// <param name="active">How many are active, 1 to all.</param>
internal sealed class UniformNodes(int nodes, int active)
{
    private readonly IndexSet chosen = new(nodes);

    /// <summary>Chooses the nodes of one sample or mini-batch; their weights are 1 / p.</summary>
    /// <param name="random">The stream to draw from.</param>
    /// <param name="forced">Nodes that are active in any case, with p = 1, and count as active; repetitions do no harm.</param>
    /// <param name="sample">Room for the active nodes, or the forced ones if they are more.</param>
    public void Select(ref RandomStream random, ReadOnlySpan<int> forced, IndexSample sample)
    {
        chosen.AddRange(forced);
        var certain = chosen.Count;
        var drawn = Math.Max(0, active - certain);
        chosen.AddRandom(drawn, ref random);
        sample.Complete(chosen.MoveTo(sample.Room), drawn == 0 ? 1 : (float)(nodes - certain) / drawn);
        SampleWeights.SetToOne(sample, forced);
    }
}
