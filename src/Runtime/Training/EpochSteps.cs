using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace Whittle;

/// <summary>The steps of an epoch, on the caller's thread or, for Hogwild training, on several: each takes the next mini-batch that is left.</summary>
internal sealed class EpochSteps : IDisposable
{
    // A loss so many times that of the first step will not come back.
    private const double HopelessGrowth = 1e6;

    private static readonly TimeSpan ReportInterval = TimeSpan.FromMilliseconds(100);

    private readonly TrainingOptions options;
    private readonly int batchSize;
    private readonly int[] order;
    private readonly (TrainingSession Session, BatchReader Reader)[] members;
    private readonly IProgress<TrainingProgress>? progress;
    private readonly Lock gate = new();
    private CancellationToken cancellation;
    private ExceptionDispatchInfo? failure;
    private int epoch;
    private long started;
    private long lastReport;
    private double firstLoss = double.NaN;
    private double lossSum;
    private long correct;
    private long stepTicks;
    private long next;
    private volatile bool stopped;

    /// <summary>Prepares the threads.</summary>
    /// <param name="session">The training.</param>
    /// <param name="train">The training set.</param>
    /// <param name="options">Its settings.</param>
    /// <param name="batchSize">Rows of a mini-batch.</param>
    /// <param name="order">The rows in the order of the epoch.</param>
    /// <param name="progress">Told how far the training is.</param>
    public EpochSteps(TrainingSession session, Dataset train, TrainingOptions options, int batchSize, int[] order, IProgress<TrainingProgress>? progress)
    {
        this.options = options;
        this.batchSize = batchSize;
        this.order = order;
        this.progress = progress;
        members = new (TrainingSession, BatchReader)[options.HogwildThreads];
        members[0] = (session, new BatchReader(session.Network, train, session.Loss));
        session.Reserve(batchSize);
        for (var member = 1; member < members.Length; member++)
        {
            var partner = session.CreateHogwildSession();
            members[member] = (partner, new BatchReader(session.Network, train, partner.Loss));
            partner.Reserve(batchSize);
        }
    }

    /// <summary>Rows of the epoch done.</summary>
    public int Rows { get; private set; }

    /// <summary>What went wrong, at which step, and its learning rate; null if nothing did.</summary>
    public (string What, UpdateStep Step)? Divergence { get; private set; }

    /// <summary>Mean loss so far.</summary>
    public double Loss => lossSum / Rows;

    /// <summary>Accuracy so far; null where rows have no class.</summary>
    public double? Accuracy => members[0].Reader.HasLabels ? (double)correct / Rows : null;

    /// <summary>Rows per second so far.</summary>
    public double Speed => Rows / Stopwatch.GetElapsedTime(started).TotalSeconds;

    /// <summary>Time of the steps of all threads.</summary>
    public TimeSpan StepTime => Stopwatch.GetElapsedTime(0, stepTicks);

    /// <summary>What the steps did; null where it is not collected.</summary>
    public TrainingStatistics? Statistics => TrainingSession.StatisticsOf([.. members.Select(member => member.Session)]);

    /// <summary>Forgets the epoch: nothing is done of the next one.</summary>
    public void Reset() => Rows = 0;

    /// <summary>Does the steps of an epoch.</summary>
    /// <param name="number">Its number, 1 for the first.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    /// <returns>Whether all were done: neither cancelled nor diverged.</returns>
    public bool Run(int number, CancellationToken cancellationToken)
    {
        (epoch, cancellation) = (number, cancellationToken);
        (lossSum, correct, stepTicks, next, stopped) = (0, 0, 0, 0, false);
        Rows = 0;
        foreach (var (session, _) in members)
        {
            session.ResetStatistics();
        }

        members[0].Session.StartEpoch();
        started = Stopwatch.GetTimestamp();
        var threads = new Thread[members.Length - 1];
        for (var member = 1; member < members.Length; member++)
        {
            threads[member - 1] = new Thread(Work) { IsBackground = true, Name = $"Whittle Hogwild {member + 1}" };
            threads[member - 1].Start(members[member]);
        }

        Work(members[0]);
        foreach (var thread in threads)
        {
            thread.Join();
        }

        failure?.Throw();
        return Rows == order.Length && Divergence is null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (session, _) in members.Skip(1))
        {
            session?.Dispose();
        }
    }

    private void Work(object? member)
    {
        var (session, reader) = ((TrainingSession, BatchReader))member!;
        try
        {
            while (!stopped && !cancellation.IsCancellationRequested && Interlocked.Add(ref next, batchSize) - batchSize is var begin && begin < order.Length)
            {
                var rows = order.AsSpan((int)begin, (int)Math.Min(batchSize, order.Length - begin));
                var stepStarted = Stopwatch.GetTimestamp();
                var loss = session.Step(reader, rows);
                Finish(session, reader, rows.Length, loss, Stopwatch.GetTimestamp() - stepStarted);
            }
        }
        catch (Exception exception)
        {
            stopped = true;
            failure ??= ExceptionDispatchInfo.Capture(exception);
        }
    }

    private void Finish(TrainingSession session, BatchReader reader, int rows, double loss, long ticks)
    {
        var found = reader.HasLabels ? session.CountCorrect(reader.Labels) : 0;
        lock (gate)
        {
            stepTicks += ticks;
            firstLoss = double.IsNaN(firstLoss) ? loss : firstLoss;
            if (!(loss <= HopelessGrowth * Math.Max(firstLoss, 1)))
            {
                Divergence ??= (FormattableString.Invariant($"the loss is {loss:G4}"), session.LastStep);
                stopped = true;
                return;
            }

            Rows += rows;
            lossSum += loss * rows;
            correct += found;
            options.OnStep?.Invoke(new StepReport(epoch, session.LastStep.Number, loss, session.LastStep.LearningRate));
            if (progress is not null && (Stopwatch.GetElapsedTime(lastReport) >= ReportInterval || (Rows == order.Length && epoch == options.Epochs)))
            {
                lastReport = Stopwatch.GetTimestamp();
                progress.Report(new TrainingProgress(epoch, options.Epochs, Rows, order.Length, Loss, Accuracy, session.LearningRate, Speed));
            }
        }
    }
}
