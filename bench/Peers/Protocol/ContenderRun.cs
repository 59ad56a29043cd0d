using System.Diagnostics;

namespace Whittle.Bench.Peers.Protocol;

/// <summary>A run in this process: takes the time and keeps the place in the batches.</summary>
public abstract class ContenderRun(Workload workload) : IContenderRun
{
    private int next;

    /// <summary>The workload.</summary>
    protected Workload Workload { get; } = workload;

    /// <inheritdoc/>
    public double[] Check()
    {
        if (Workload.Work == Work.Forward)
        {
            return Logits();
        }

        return [.. Enumerable.Range(0, Workload.CheckedSteps).Select(_ => Step(NextBatch()))];
    }

    /// <inheritdoc/>
    public double[] Time(int samples, int passes)
    {
        var times = new double[samples];
        Run(1);
        for (var sample = 0; sample < samples; sample++)
        {
            var start = Stopwatch.GetTimestamp();
            Run(passes);
            times[sample] = Stopwatch.GetElapsedTime(start).TotalMilliseconds / passes;
        }

        return times;
    }

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>The logits of the first batch, [rows, outputs].</summary>
    protected abstract double[] Logits();

    /// <summary>One training step.</summary>
    /// <returns>The loss before it.</returns>
    protected abstract double Step(int batch);

    /// <summary>So many passes over the next batches; a loop of its own in each contender, so that nothing comes between them.</summary>
    protected abstract void Run(int passes);

    /// <summary>The batch to take now.</summary>
    protected int NextBatch()
    {
        var batch = next;
        next = batch + 1 == Workload.Batches ? 0 : batch + 1;
        return batch;
    }
}
