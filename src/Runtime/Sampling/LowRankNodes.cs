namespace Whittle;

/// <summary>Chooses the nodes whose z a <see cref="LowRankSketch"/> guesses to be largest, and keeps the sketch up to date on a schedule.</summary>
/// <remarks>
/// The sketch follows inputs and weights after 1, 2, 4, ... steps, then each <c>interval</c> steps. Training belongs to one thread.
/// </remarks>
internal sealed class LowRankNodes
{
    private readonly int interval;
    private readonly int rowInterval;
    private readonly int observationInterval;
    private readonly TopNodes top;
    private readonly IndexSet changed;
    private readonly int[] changedNodes;
    private readonly float[] scores;
    private long step;
    private long nextRefresh;
    private long nextRows;

    /// <summary>Makes the selector.</summary>
    /// <param name="sketch">The sketch.</param>
    /// <param name="active">How many nodes are active, 1 to all.</param>
    /// <param name="interval">Steps between two refreshes of the whole sketch.</param>
    /// <param name="rowInterval">Steps between two refreshes of changed nodes only; 0 for none.</param>
    public LowRankNodes(LowRankSketch sketch, int active, int interval = 1000, int rowInterval = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(interval, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(rowInterval);
        Sketch = sketch;
        this.interval = interval;
        this.rowInterval = rowInterval;
        observationInterval = Math.Max(1, interval / sketch.BufferedRows);
        top = new TopNodes(sketch.Nodes, active);
        changed = new IndexSet(sketch.Nodes);
        changedNodes = new int[sketch.Nodes];
        scores = new float[sketch.ScoreLength];
    }

    /// <summary>The sketch.</summary>
    public LowRankSketch Sketch { get; }

    /// <summary>How often the whole sketch was refreshed.</summary>
    public int Refreshes { get; private set; }

    /// <summary>Begins a training step: takes note of its input and refreshes the sketch where that is due.</summary>
    /// <param name="x">The input of one sample, for a mini-batch of any of them.</param>
    /// <param name="rows">The weights as they are now.</param>
    public void Advance(ReadOnlySpan<float> x, NodeRows rows)
    {
        // Nearly all steps of the start are refreshes, so they are observed whole.
        if (step < Sketch.BufferedRows || step % observationInterval == 0)
        {
            Sketch.Observe(x);
        }

        if (step >= nextRefresh)
        {
            Sketch.Refresh(rows);
            changed.Clear();
            Refreshes++;
            nextRefresh = step + Math.Clamp(step, 1, interval);
            nextRows = step + rowInterval;
        }
        else if (rowInterval > 0 && step >= nextRows)
        {
            Sketch.RefreshNodes(rows, changedNodes.AsSpan(0, changed.MoveTo(changedNodes)));
            nextRows = step + rowInterval;
        }

        step++;
    }

    /// <summary>Takes note of nodes whose weights a step has changed; needed only where changed nodes are refreshed on their own.</summary>
    public void MarkChanged(ReadOnlySpan<int> nodes)
    {
        if (rowInterval > 0)
        {
            changed.AddRange(nodes);
        }
    }

    /// <summary>Chooses the nodes of one sample; their weights are 1.</summary>
    /// <param name="x">The input.</param>
    /// <param name="nonZero">The indices of its elements that are not zero.</param>
    /// <param name="forced">Nodes that are active in any case and count as active.</param>
    /// <param name="sample">Room for the active nodes, or the forced ones if they are more.</param>
    public void Select(ReadOnlySpan<float> x, ReadOnlySpan<int> nonZero, ReadOnlySpan<int> forced, IndexSample sample)
    {
        Sketch.Score(x, nonZero, scores);
        top.Select(scores.AsSpan(0, Sketch.Nodes), forced, sample);
    }
}
