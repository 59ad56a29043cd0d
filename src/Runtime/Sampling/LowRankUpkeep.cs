namespace Whittle;

/// <summary>Keeps a <see cref="LowRankSketch"/> up to date on a schedule.</summary>
/// <remarks>
/// The sketch follows inputs and weights after 1, 2, 4, ... steps, then each <c>interval</c> steps. Threads that train together may all
/// call it: one of them does what is due.
/// </remarks>
internal sealed class LowRankUpkeep
{
    private readonly int interval;
    private readonly int observationInterval;
    private readonly Lock gate = new();
    private long steps;
    private long nextRefresh;
    private volatile bool ready;

    /// <summary>Begins with a sketch that has seen nothing.</summary>
    /// <param name="sketch">The sketch.</param>
    /// <param name="interval">Steps between two refreshes.</param>
    public LowRankUpkeep(LowRankSketch sketch, int interval)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(interval, 1);
        Sketch = sketch;
        this.interval = interval;
        observationInterval = Math.Max(1, interval / sketch.BufferedRows);
    }

    /// <summary>The sketch.</summary>
    public LowRankSketch Sketch { get; }

    /// <summary>How often the sketch was refreshed.</summary>
    public int Refreshes { get; private set; }

    /// <summary>Begins a training step: takes note of its input and refreshes the sketch where that is due.</summary>
    /// <param name="x">The input of one sample, for a mini-batch of any of them.</param>
    /// <param name="rows">The weights as they are now.</param>
    public void Advance(ReadOnlySpan<float> x, NodeRows rows)
    {
        var step = Interlocked.Increment(ref steps) - 1;
        if (!gate.TryEnter())
        {
            WaitForRefresh();
            return;
        }

        try
        {
            Advance(step, x, rows);
        }
        finally
        {
            gate.Exit();
        }
    }

    /// <summary>Makes the next step refresh the sketch: the weights were replaced.</summary>
    public void RefreshNext()
    {
        lock (gate)
        {
            (nextRefresh, ready) = (0, false);
        }
    }

    /// <summary>Begins anew, with a sketch that has seen nothing.</summary>
    public void Reset()
    {
        lock (gate)
        {
            (steps, nextRefresh, ready) = (0, 0, false);
            Sketch.Reset();
        }
    }

    /// <summary>Waits while another thread refreshes the sketch, which is good for nothing meanwhile.</summary>
    public void WaitForRefresh()
    {
        if (!ready)
        {
            lock (gate)
            {
            }
        }
    }

    private void Advance(long step, ReadOnlySpan<float> x, NodeRows rows)
    {
        // Nearly all steps of the start are refreshes, so they are observed whole.
        if (step < Sketch.BufferedRows || step % observationInterval == 0)
        {
            Sketch.Observe(x);
        }

        if (step >= nextRefresh)
        {
            ready = false;
            Sketch.Refresh(rows);
            Refreshes++;
            nextRefresh = step + Math.Clamp(step, 1, interval);
            ready = true;
        }
    }
}
