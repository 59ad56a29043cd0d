namespace Whittle.Examples.Methods;

/// <summary>Trains one network by one method: plain SGD with a cosine schedule, one thread.</summary>
internal static class MethodTraining
{
    // A sketch has followed the inputs after so many batches; the rest is measured.
    private const int RecallWarmUp = 32;
    private const int RecallBatches = 32;

    /// <summary>Trains and measures.</summary>
    /// <param name="method">The method.</param>
    /// <param name="settings">Its settings.</param>
    /// <param name="train">The training rows, of which the first <see cref="MethodSettings.Rows"/> are used.</param>
    /// <param name="development">The development rows.</param>
    /// <param name="test">The test rows; null to leave them alone.</param>
    /// <param name="progress">Told how far the training is.</param>
    /// <param name="cancellation">Gives it up.</param>
    public static MethodResult Run(
        Method method,
        MethodSettings settings,
        Dataset train,
        Dataset development,
        Dataset? test,
        IProgress<TrainingProgress> progress,
        CancellationToken cancellation)
    {
        using var network = method.Create(settings.Seed);
        var steps = (settings.Rows + settings.BatchSize - 1L) / settings.BatchSize * settings.Epochs;
        var options = new TrainingOptions
        {
            Epochs = settings.Epochs,
            BatchSize = settings.BatchSize,
            Seed = settings.Seed,
            SamplingSeed = settings.Seed,
            Threads = 1,
            Optimizer = Optimizer.Sgd(settings.LearningRate),
            Schedule = LearningRateSchedule.Cosine(),
            ExactFirstSteps = (long)Math.Round(method.ExactStart * steps),
        };
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var diverged = false;
        try
        {
            if (Trainer.Fit(network, train.Take(settings.Rows), options, progress, cancellation).End == TrainingEnd.Cancelled)
            {
                throw new OperationCanceledException(cancellation);
            }
        }
        catch (TrainingDivergedException)
        {
            diverged = true;
        }

        var seconds = clock.Elapsed.TotalSeconds;
        var developed = network.Evaluate(development, cancellation);
        var tested = test is null ? null : network.Evaluate(test, cancellation);
        var confusion = (tested ?? developed).Confusion!;
        var predicted = Enumerable.Range(0, confusion.Classes).Count(guess => Enumerable.Range(0, confusion.Classes).Any(truth => confusion[truth, guess] > 0));
        double? recall = method.SelectsNodes && test is not null ? Recall(network, development, settings) : null;
        return new MethodResult(settings, developed.Accuracy!.Value, tested?.Accuracy, predicted, recall, seconds, diverged);
    }

    /// <summary>How many of the true largest nodes the trained network's layers find, in the mean over layers and development rows.</summary>
    private static double Recall(CompiledNetwork network, Dataset development, MethodSettings settings)
    {
        using var session = new TrainingSession(network, new StepOptions { Threads = 1, SamplingSeed = settings.Seed });
        var batch = new float[settings.BatchSize * development.Features];
        var sum = 0.0;
        var next = 0;
        for (var round = 0; round < RecallWarmUp + RecallBatches; round++)
        {
            for (var row = 0; row < settings.BatchSize; row++)
            {
                development.Row(next).CopyTo(batch.AsSpan(row * development.Features));
                next = (next + 1) % development.Count;
            }

            var recall = session.MeasureSelection(batch).Average(layer => layer.Recall);
            sum += round < RecallWarmUp ? 0 : recall;
        }

        return sum / RecallBatches;
    }
}
