using Whittle.Bench.Peers.Protocol;

namespace Whittle.Bench.Peers.Contenders;

/// <summary>
/// A pass takes the rows of a batch one by one, each a training step of its own: on one thread one after the other, on several each
/// takes the next that is left, without locks.
/// </summary>
internal sealed class HogwildRun : ContenderRun
{
    private readonly CompiledNetwork network;
    private readonly TrainingSession[] sessions;
    private readonly double[] losses;
    private readonly ParallelOptions parallel;
    private int current;
    private int nextRow;

    /// <summary>Prepares the sessions.</summary>
    /// <param name="workload">The workload; as many threads as it says.</param>
    /// <param name="network">The network, which the run disposes of.</param>
    public HogwildRun(Workload workload, CompiledNetwork network)
        : base(workload)
    {
        this.network = network;
        var options = new StepOptions
        {
            Optimizer = workload.Work == Work.AdamStep ? Optimizer.Adam(workload.LearningRate) : Optimizer.Sgd(workload.LearningRate),
            Threads = 1,
        };
        var first = new TrainingSession(network, options);
        sessions = [first, .. Enumerable.Range(1, workload.Threads - 1).Select(_ => first.CreateHogwildSession())];
        losses = new double[workload.Threads];
        parallel = new ParallelOptions { MaxDegreeOfParallelism = workload.Threads };
    }

    public override void Dispose()
    {
        foreach (var session in sessions.Reverse())
        {
            session.Dispose();
        }

        network.Dispose();
    }

    protected override double[] Logits() => throw new NotSupportedException();

    protected override double Step(int batch)
    {
        (current, nextRow) = (batch, 0);
        Array.Clear(losses);
        if (sessions.Length == 1)
        {
            StepRows(0);
        }
        else
        {
            Parallel.For(0, sessions.Length, parallel, StepRows);
        }

        return losses.Sum() / Workload.BatchSize;
    }

    protected override void Run(int passes)
    {
        for (var pass = 0; pass < passes; pass++)
        {
            Step(NextBatch());
        }
    }

    private void StepRows(int thread)
    {
        var width = Workload.Shape.Inputs;
        var inputs = Workload.BatchInputs(current).Span;
        var labels = Workload.BatchLabels(current);
        for (var row = Interlocked.Increment(ref nextRow) - 1; row < labels.Length; row = Interlocked.Increment(ref nextRow) - 1)
        {
            losses[thread] += sessions[thread].Step(inputs.Slice(row * width, width), labels.Slice(row, 1));
        }
    }
}
