namespace Whittle;

/// <summary>One step.</summary>
/// <param name="Epoch">Its epoch, 1 for the first.</param>
/// <param name="Step">Its number in the training, 1 for the first.</param>
/// <param name="Loss">Loss of the batch before the step.</param>
/// <param name="LearningRate">Learning rate of the step.</param>
public readonly record struct StepReport(int Epoch, long Step, double Loss, float LearningRate);

/// <summary>How far a training is.</summary>
/// <param name="Epoch">The current epoch, 1 for the first.</param>
/// <param name="Epochs">Epochs in all.</param>
/// <param name="Rows">Rows of the epoch done.</param>
/// <param name="RowsPerEpoch">Rows of an epoch.</param>
/// <param name="Loss">Mean training loss of the epoch so far.</param>
/// <param name="Accuracy">Training accuracy of the epoch so far; null where rows have no class.</param>
/// <param name="LearningRate">Learning rate of the next step.</param>
/// <param name="SamplesPerSecond">Training speed of the epoch so far.</param>
public sealed record TrainingProgress(
    int Epoch, int Epochs, int Rows, int RowsPerEpoch, double Loss, double? Accuracy, float LearningRate, double SamplesPerSecond);

/// <summary>One epoch.</summary>
/// <param name="Epoch">Its number, 1 for the first.</param>
/// <param name="Loss">Mean training loss, each batch before its step.</param>
/// <param name="Accuracy">Training accuracy, each batch before its step; null where rows have no class.</param>
/// <param name="Validation">The network on the validation set after the epoch; null without one.</param>
/// <param name="SamplesPerSecond">Training speed, validation not counted.</param>
/// <param name="StepTime">Time of the steps alone, the reading of their rows included; without validation and calls back. That of all threads where several do steps.</param>
/// <param name="Statistics">What the epoch's steps did, on all threads that do steps; null unless <see cref="StepOptions.CollectStatistics"/> is set.</param>
public sealed record EpochReport(
    int Epoch, double Loss, double? Accuracy, Evaluation? Validation, double SamplesPerSecond, TimeSpan StepTime, TrainingStatistics? Statistics);

/// <summary>Why a training ended.</summary>
public enum TrainingEnd
{
    /// <summary>All epochs were done.</summary>
    Completed,

    /// <summary>The validation loss had stopped improving.</summary>
    StoppedEarly,

    /// <summary>It was cancelled.</summary>
    Cancelled,
}

/// <summary>A training that ended.</summary>
/// <param name="End">Why it ended.</param>
/// <param name="Epochs">The epochs that were finished.</param>
/// <param name="KeptEpoch">The epoch after which the network had the parameters that it has now; null if they are from within an unfinished epoch.</param>
/// <param name="Steps">Steps done.</param>
/// <param name="Duration">How long it took, validation included.</param>
public sealed record TrainingReport(TrainingEnd End, IReadOnlyList<EpochReport> Epochs, int? KeptEpoch, long Steps, TimeSpan Duration);

/// <summary>A training did not converge: the loss or the parameters grew beyond all bounds or became NaN. The message is one line that says where.</summary>
public sealed class TrainingDivergedException : Exception
{
    internal TrainingDivergedException(string what, int epoch, long step, float learningRate, int restoredEpoch)
        : base(FormattableString.Invariant(
            $"Training diverged: {what} at step {step} (epoch {epoch}) with learning rate {learningRate}; lower it, scale the inputs or clip the gradient. The network has its parameters {(restoredEpoch == 0 ? "from before the training" : FormattableString.Invariant($"after epoch {restoredEpoch}"))} again."))
    {
        Epoch = epoch;
        Step = step;
        LearningRate = learningRate;
        RestoredEpoch = restoredEpoch;
    }

    /// <summary>The epoch in which it was noticed, 1 for the first.</summary>
    public int Epoch { get; }

    /// <summary>The step at which it was noticed, 1 for the first.</summary>
    public long Step { get; }

    /// <summary>Learning rate of that step.</summary>
    public float LearningRate { get; }

    /// <summary>The epoch after which the network had the parameters that it has now; 0 for before the training.</summary>
    public int RestoredEpoch { get; }
}
