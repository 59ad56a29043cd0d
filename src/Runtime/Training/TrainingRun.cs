using System.Diagnostics;

namespace Whittle;

/// <summary>One training from its first epoch to its report.</summary>
internal sealed class TrainingRun : IDisposable
{
    private readonly CompiledNetwork network;
    private readonly Dataset? validation;
    private readonly TrainingOptions options;
    private readonly int[] order;
    private readonly TrainingSession session;
    private readonly EpochSteps steps;
    private readonly ParameterSnapshot lastGood;
    private readonly ParameterSnapshot? best;
    private readonly List<EpochReport> epochs = [];
    private readonly long started = Stopwatch.GetTimestamp();
    private double bestLoss = double.PositiveInfinity;
    private double bestAccuracy = double.NegativeInfinity;

    public TrainingRun(CompiledNetwork network, Dataset train, Dataset? validation, TrainingOptions options, IProgress<TrainingProgress>? progress)
    {
        this.network = network;
        this.validation = validation;
        var batchSize = options.BatchSize > 0 ? options.BatchSize : network.Architecture.BatchSize;
        batchSize = Math.Min(batchSize, Math.Max(train.Count, 1));
        order = new int[train.Count];
        for (var row = 0; row < order.Length; row++)
        {
            order[row] = row;
        }

        var stepsPerEpoch = (train.Count + batchSize - 1L) / batchSize;
        this.options = options with { TotalSteps = stepsPerEpoch * options.Epochs, Threads = options.HogwildThreads > 1 ? 1 : options.Threads };
        session = new TrainingSession(network, this.options);
        try
        {
            steps = new EpochSteps(session, train, this.options, batchSize, order, progress);
            if (validation is not null)
            {
                // Fails now rather than after an epoch if the set does not fit.
                _ = new BatchReader(network, validation, session.Loss);
            }

            network.ThrowIfWeightsMissing();
            lastGood = new ParameterSnapshot(network);
            best = validation is not null && options.KeepBest ? new ParameterSnapshot(network) : null;
        }
        catch
        {
            steps?.Dispose();
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
                kept = steps.Rows == 0 ? kept : null;
                session.CatchUp();
                end = TrainingEnd.Cancelled;
                break;
            }

            epochs.Add(report);
            lastGood.Take(epoch);
            kept = epoch;
            steps.Reset();
            sinceBest++;
            if (report.Validation is { } measured && IsBetter(measured))
            {
                bestLoss = measured.Loss;
                bestAccuracy = measured.Accuracy ?? bestAccuracy;
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
        steps.Dispose();
        session.Dispose();
        lastGood.Dispose();
        best?.Dispose();
    }

    /// <summary>By the loss; by the accuracy while losses are infinite, which they are where an output layer leaves out the label of any row.</summary>
    private bool IsBetter(Evaluation measured) => double.IsPositiveInfinity(measured.Loss) && double.IsPositiveInfinity(bestLoss)
        ? measured.Accuracy > bestAccuracy
        : measured.Loss < bestLoss - options.MinimumImprovement;

    // Null if it was cancelled.
    private EpochReport? RunEpoch(int epoch, CancellationToken cancellation)
    {
        if (options.Shuffle)
        {
            new RandomStream(options.Seed, RandomStreams.Shuffle(epoch)).Shuffle(order);
        }

        bool isWhole;
        try
        {
            isWhole = steps.Run(epoch, cancellation);
        }
        finally
        {
            HasLearned |= steps.Rows > 0;
        }

        if (steps.Divergence is { } divergence)
        {
            throw Diverged(divergence.What, epoch, divergence.Step.Number, divergence.Step.LearningRate);
        }

        if (!isWhole)
        {
            return null;
        }

        var (speed, statistics) = (steps.Speed, steps.Statistics);
        session.CatchUp();
        if (!lastGood.ParametersAreFinite())
        {
            throw Diverged("parameters are not finite", epoch, session.StepCount, session.LearningRate);
        }

        try
        {
            var measured = validation is null ? null : Evaluator.Evaluate(network, validation, session.Loss, session.Threads, cancellation);
            return new EpochReport(epoch, steps.Loss, steps.Accuracy, measured, speed, steps.StepTime, statistics);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return null;
        }
    }

    private TrainingDivergedException Diverged(string what, int epoch, long step, float learningRate)
    {
        lastGood.Restore();
        HasLearned = lastGood.Epoch > 0;
        return new TrainingDivergedException(what, epoch, step, learningRate, lastGood.Epoch);
    }
}
