namespace Whittle;

/// <summary>The settings of a whole training.</summary>
public sealed record TrainingOptions : StepOptions
{
    /// <summary>Passes over the training set. Default 10.</summary>
    public int Epochs { get; init; } = 10;

    /// <summary>Rows of a mini-batch; 0 for the declared batch size. The last batch of an epoch has the rows that are left.</summary>
    public int BatchSize { get; init; }

    /// <summary>Seed of the order of the rows and of the split for validation.</summary>
    public ulong Seed { get; init; }

    /// <summary>Whether every epoch takes the rows in a new random order. Default: it does.</summary>
    public bool Shuffle { get; init; } = true;

    /// <summary>Rows to measure the network on after every epoch; unscaled, or scaled as the training set is.</summary>
    public Dataset? Validation { get; init; }

    /// <summary>Share of the training rows to set aside for validation, drawn by the seed; 0 for none.</summary>
    public double ValidationFraction { get; init; }

    /// <summary>Stops when the validation loss has not improved for so many epochs; 0 for never. Needs validation.</summary>
    public int Patience { get; init; }

    /// <summary>By how much the validation loss must fall to count as improved.</summary>
    public double MinimumImprovement { get; init; }

    /// <summary>With validation: whether the network ends with the parameters of the epoch whose validation loss was the least. Default: it does.</summary>
    public bool KeepBest { get; init; } = true;

    /// <summary>
    /// Threads that do steps at the same time without locks: each takes the next mini-batch of the epoch and updates the shared parameters
    /// (Hogwild, see <see cref="TrainingSession.CreateHogwildSession"/>, Niu et al. 2011). Above 1 results vary from run to run, products are not
    /// split over <see cref="StepOptions.Threads"/>, and a custom loss is refused. For sampled layers at small batches. Default 1, with the bits of
    /// any other training.
    /// </summary>
    public int HogwildThreads { get; init; } = 1;

    /// <summary>Called after every step, on the thread that did it, one call at a time.</summary>
    public Action<StepReport>? OnStep { get; init; }

    /// <summary>Called after every epoch, on the training thread.</summary>
    public Action<EpochReport>? OnEpoch { get; init; }
}
