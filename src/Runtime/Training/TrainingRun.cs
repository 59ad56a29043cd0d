using System.Diagnostics;

namespace Whittle;

/// <summary>One training from its first epoch to its report.</summary>
internal sealed class TrainingRun : IDisposable
{
    // A loss so many times that of the first step will not come back.
    private const double HopelessGrowth = 1e6;

    private static readonly TimeSpan ReportInterval = TimeSpan.FromMilliseconds(100);

    private readonly CompiledNetwork network;
    private readonly Dataset train;
    private readonly Dataset? validation;
    private readonly TrainingOptions options;
    private readonly IProgress<TrainingProgress>? progress;
    private readonly int batchSize;
    private readonly int[] order;
    private readonly TrainingSession session;
    private readonly BatchReader reader;
    private readonly ParameterSnapshot lastGood;
    private readonly ParameterSnapshot? best;
    private readonly List<EpochReport> epochs = [];
    private readonly long started = Stopwatch.GetTimestamp();
    private double bestLoss = double.PositiveInfinity;
    private double firstLoss = double.NaN;
    private long lastReport;
    private int rowsDone;

    public TrainingRun(CompiledNetwork network, Dataset train, Dataset? validation, TrainingOptions options, IProgress<TrainingProgress>? progress)
    {
        this.network = network;
        this.train = train;
        this.validation = validation;
        this.progress = progress;
        batchSize = options.BatchSize > 0 ? options.BatchSize : network.Architecture.BatchSize;
        batchSize = Math.Min(batchSize, Math.Max(train.Count, 1));
        order = new int[train.Count];
        for (var row = 0; row < order.Length; row++)
        {
            order[row] = row;
        }

        var stepsPerEpoch = (train.Count + batchSize - 1L) / batchSize;
        this.options = options with { TotalSteps = stepsPerEpoch * options.Epochs };
        session = new TrainingSession(network, this.options);
        try
        {
            reader = new BatchReader(network, train, session.Loss);
            if (validation is not null)
            {
                // Fails now rather than after an epoch if the set does not fit.
                _ = new BatchReader(network, validation, session.Loss);
            }

            network.ThrowIfWeightsMissing();
            session.Reserve(batchSize);
            lastGood = new ParameterSnapshot(network);
            best = validation is not null && options.KeepBest ? new ParameterSnapshot(network) : null;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>Whether the network's parameters are others than before.</summary>
    public bool HasLearned { get; private set; }

    /// <summary>Trains.</summary>
    public TrainingReport Run(CancellationToken cancellation)
    {
        var end = TrainingEnd.Completed;
        var sinceBest = 0;
        int? kept = 0;
        for (var epoch = 1; epoch <= options.Epochs; epoch++)
        {
            if (cancellation.IsCancellationRequested || RunEpoch(epoch, cancellation) is not { } report)
            {
                // Parameters have moved since the last whole epoch, unless no step of this one was done.
                kept = rowsDone == 0 ? kept : null;
                session.CatchUp();
                end = TrainingEnd.Cancelled;
                break;
            }

            epochs.Add(report);
            lastGood.Take(epoch);
            kept = epoch;
            rowsDone = 0;
            sinceBest++;
            if (report.Validation is { } measured && measured.Loss < bestLoss - options.MinimumImprovement)
            {
                bestLoss = measured.Loss;
                best?.Take(epoch);
                sinceBest = 0;
            }

            options.OnEpoch?.Invoke(report);
            if (options.Patience > 0 && sinceBest >= options.Patience)
            {
                end = TrainingEnd.StoppedEarly;
                break;
            }
        }

        if (best is { Epoch: > 0 } && best.Epoch != kept)
        {
            best.Restore();
            kept = best.Epoch;
        }

        return new TrainingReport(end, epochs, kept, session.StepCount, Stopwatch.GetElapsedTime(started));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        session.Dispose();
        lastGood.Dispose();
        best?.Dispose();
    }

    // Null if it was cancelled.
    private EpochReport? RunEpoch(int epoch, CancellationToken cancellation)
    {
        if (options.Shuffle)
        {
            new RandomStream(options.Seed, RandomStreams.Shuffle(epoch)).Shuffle(order);
        }

        session.StartEpoch();
        session.ResetStatistics();
        var epochStarted = Stopwatch.GetTimestamp();
        var lossSum = 0.0;
        long correct = 0;
        long stepTicks = 0;
        for (rowsDone = 0; rowsDone < order.Length;)
        {
            if (cancellation.IsCancellationRequested)
            {
                return null;
            }

            var rows = order.AsSpan(rowsDone, Math.Min(batchSize, order.Length - rowsDone));
            var rate = session.LearningRate;
            var stepStarted = Stopwatch.GetTimestamp();
            var loss = session.Step(reader, rows);
            stepTicks += Stopwatch.GetTimestamp() - stepStarted;
            HasLearned = true;
            firstLoss = double.IsNaN(firstLoss) ? loss : firstLoss;
            if (!(loss <= HopelessGrowth * Math.Max(firstLoss, 1)))
            {
                throw Diverged(FormattableString.Invariant($"the loss is {loss:G4}"), epoch, double.IsFinite(loss) ? session.StepCount : session.StepCount + 1, rate);
            }

            rowsDone += rows.Length;
            lossSum += loss * rows.Length;
            correct += reader.HasLabels ? session.CountCorrect(reader.Labels) : 0;
            options.OnStep?.Invoke(new StepReport(epoch, session.StepCount, loss, rate));
            if (progress is not null && (Stopwatch.GetElapsedTime(lastReport) >= ReportInterval || (rowsDone == order.Length && epoch == options.Epochs)))
            {
                lastReport = Stopwatch.GetTimestamp();
                progress.Report(new TrainingProgress(
                    epoch, options.Epochs, rowsDone, order.Length, lossSum / rowsDone, Accuracy(correct, rowsDone), session.LearningRate, Speed()));
            }
        }

        var (speed, statistics) = (Speed(), session.Statistics);
        session.CatchUp();
        if (!lastGood.ParametersAreFinite())
        {
            throw Diverged("parameters are not finite", epoch, session.StepCount, session.LearningRate);
        }

        try
        {
            var measured = validation is null ? null : Evaluator.Evaluate(network, validation, session.Loss, cancellation);
            return new EpochReport(epoch, lossSum / order.Length, Accuracy(correct, order.Length), measured, speed, Stopwatch.GetElapsedTime(0, stepTicks), statistics);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return null;
        }

        double Speed() => rowsDone / Stopwatch.GetElapsedTime(epochStarted).TotalSeconds;
    }

    private double? Accuracy(long correct, int rows) => reader.HasLabels ? (double)correct / rows : null;

    private TrainingDivergedException Diverged(string what, int epoch, long step, float learningRate)
    {
        lastGood.Restore();
        HasLearned = lastGood.Epoch > 0;
        return new TrainingDivergedException(what, epoch, step, learningRate, lastGood.Epoch);
    }
}
