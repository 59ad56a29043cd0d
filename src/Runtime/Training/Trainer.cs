namespace Whittle;

/// <summary>Trains a network over epochs of a data set.</summary>
public static class Trainer
{
    /// <summary>
    /// Trains a network. The data set's scaling, if it has one, becomes the network's
    /// <see cref="CompiledNetwork.InputScaling"/>, so that the trained network takes rows as they were before scaling; rows
    /// without one are scaled as the network does already.
    /// </summary>
    /// <param name="network">The network; it keeps what it has learned even if the training is cancelled.</param>
    /// <param name="train">The training set.</param>
    /// <param name="options">Epochs, optimiser and so on; the defaults if left out.</param>
    /// <param name="progress">Told at most ten times a second how far the training is.</param>
    /// <param name="cancellation">Ends the training after the current step; the report says so.</param>
    /// <returns>What happened.</returns>
    /// <exception cref="DataFormatException">The data does not fit the network.</exception>
    /// <exception cref="ArgumentException">An option does not make sense.</exception>
    /// <exception cref="TrainingDivergedException">The loss or the parameters became infinite or NaN; the parameters are those of the last good epoch.</exception>
    public static TrainingReport Fit(
        CompiledNetwork network,
        Dataset train,
        TrainingOptions? options = null,
        IProgress<TrainingProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(train);
        options ??= new TrainingOptions();
        Check(options);
        var validation = options.Validation;
        if (options.ValidationFraction > 0)
        {
            (validation, train) = train.Split(options.ValidationFraction, options.Seed);
        }

        var scalingBefore = network.InputScaling;
        var scaling = train.Scaling ?? scalingBefore;
        if (validation?.Scaling is { } other && !BatchReader.SameScaling(other, scaling))
        {
            throw new DataFormatException("The validation set is scaled differently from the training set; apply the training set's scaling to it.");
        }

        TrainingRun? run = null;
        network.InputScaling = scaling;
        try
        {
            run = new TrainingRun(network, train, validation, options, progress);
            return run.Run(cancellation);
        }
        finally
        {
            run?.Dispose();
            if (run is not { HasLearned: true })
            {
                network.InputScaling = scalingBefore;
            }
        }
    }

    private static void Check(TrainingOptions options)
    {
        Require(options.Epochs >= 1, $"Epochs is {options.Epochs}; it must be at least 1.");
        Require(options.BatchSize >= 0, $"BatchSize is {options.BatchSize}; it must be at least 1, or 0 for the declared one.");
        Require(options.HogwildThreads >= 1, $"HogwildThreads is {options.HogwildThreads}; it must be at least 1.");
        Require(
            options.HogwildThreads == 1 || options.CustomLoss is null,
            "A custom loss is called on one thread only; set HogwildThreads to 1, or train with the declared loss.");
        Require(options.ValidationFraction is >= 0 and < 1, FormattableString.Invariant($"ValidationFraction is {options.ValidationFraction}; it must be at least 0 and below 1."));
        Require(options.Validation is null || options.ValidationFraction == 0, "Give a validation set or a fraction, not both.");
        Require(options.Patience >= 0, $"Patience is {options.Patience}; it must be at least 1, or 0 for no early stopping.");
        Require(
            options.Patience == 0 || options.Validation is not null || options.ValidationFraction > 0,
            "Early stopping goes by the validation loss; set Validation or ValidationFraction.");
        Require(options.MinimumImprovement >= 0, "MinimumImprovement must be at least 0.");
    }

    private static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new ArgumentException(message);
        }
    }
}
