namespace Whittle;

/// <summary>Chooses the nodes whose z a <see cref="LowRankSketch"/> guesses to be largest. Belongs to one thread; several may share the sketch.</summary>
internal sealed class LowRankNodes
{
    private readonly LowRankUpkeep upkeep;
    private readonly int active;
    private readonly TopNodes top;
    private readonly float[] scores;

    /// <summary>Makes the selector.</summary>
    /// <param name="sketch">The sketch.</param>
    /// <param name="active">How many nodes are active, 1 to all.</param>
    /// <param name="interval">Steps between two refreshes.</param>
    public LowRankNodes(LowRankSketch sketch, int active, int interval = 1000)
        : this(new LowRankUpkeep(sketch, interval), active)
    {
    }

    private LowRankNodes(LowRankUpkeep upkeep, int active)
    {
        (this.upkeep, this.active) = (upkeep, active);
        top = new TopNodes(Sketch.Nodes, active);
        scores = new float[Sketch.ScoreLength];
    }

    /// <summary>The sketch.</summary>
    public LowRankSketch Sketch => upkeep.Sketch;

    /// <summary>How often the sketch was refreshed.</summary>
    public int Refreshes => upkeep.Refreshes;

    /// <summary>Makes a selector for another thread, with the same sketch.</summary>
    public LowRankNodes Share() => new(upkeep, active);

    /// <summary>Begins a training step: takes note of its input and refreshes the sketch where that is due.</summary>
    /// <param name="x">The input of one sample, for a mini-batch of any of them.</param>
    /// <param name="rows">The weights as they are now.</param>
    public void Advance(ReadOnlySpan<float> x, NodeRows rows) => upkeep.Advance(x, rows);

    /// <summary>Makes the next step refresh the sketch: the weights were replaced.</summary>
    public void RefreshNext() => upkeep.RefreshNext();

    /// <summary>Begins with a sketch that has seen nothing, for all that share it.</summary>
    public void Reset() => upkeep.Reset();

    /// <summary>Chooses the nodes of one sample; their weights are 1.</summary>
    /// <param name="x">The input.</param>
    /// <param name="nonZero">The indices of its elements that are not zero.</param>
    /// <param name="forced">Nodes that are active in any case and count as active.</param>
    /// <param name="sample">Room for the active nodes, or the forced ones if they are more.</param>
    public void Select(ReadOnlySpan<float> x, ReadOnlySpan<int> nonZero, ReadOnlySpan<int> forced, IndexSample sample)
    {
        upkeep.WaitForRefresh();
        Sketch.Score(x, nonZero, scores);
        top.Select(scores.AsSpan(0, Sketch.Nodes), forced, sample);
    }
}
