namespace Whittle.Examples.Evaluation;

/// <summary>What came of a training.</summary>
/// <param name="Settings">What it was given.</param>
/// <param name="Development">Accuracy on the development rows with the weights of the best epoch; that of chance where the training diverged at once.</param>
/// <param name="BestEpoch">The epoch after which the loss on the development rows was the least, from 1; 0 where none was finished.</param>
/// <param name="Diverged">Whether it was given up because the loss grew beyond all bounds.</param>
/// <param name="Epochs">The epochs that were finished.</param>
/// <param name="Outcome">What the test rows said; null where the training only served to choose a learning rate.</param>
internal sealed record CellResult(
    CellSettings Settings, double Development, int BestEpoch, bool Diverged, IReadOnlyList<EpochResult> Epochs, TestOutcome? Outcome)
{
    /// <summary>The processor and the instruction set that it ran on; bits and times are those of one machine.</summary>
    public string Machine { get; init; } = "";

    /// <summary>The runtime and the system that it ran on.</summary>
    public string Runtime { get; init; } = "";

    /// <summary>The version of this program, with the commit that it was built of where that is known; empty in results of earlier versions.</summary>
    public string Version { get; init; } = "";

    /// <summary>Tells the rows of the data set from others of the same name; empty in results of earlier versions.</summary>
    public string Fingerprint { get; init; } = "";
}

/// <summary>One epoch. Times are those of one thread, without the measurement on the development rows.</summary>
/// <param name="Loss">Mean loss over its steps.</param>
/// <param name="Development">Accuracy on the development rows after it.</param>
/// <param name="Seconds">How long its steps took.</param>
/// <param name="ForwardSeconds">Of these, forward products.</param>
/// <param name="BackwardSeconds">Input gradients.</param>
/// <param name="UpdateSeconds">Weight gradients together with the updates that are fused with them.</param>
/// <param name="SelectionSeconds">Choosing: hashing and queries, sketches, draws, norms.</param>
internal sealed record EpochResult(
    double Loss, double Development, double Seconds, double ForwardSeconds, double BackwardSeconds, double UpdateSeconds, double SelectionSeconds);

/// <summary>What was measured once, after training, with the weights of the best epoch.</summary>
/// <param name="Test">Accuracy on the test rows.</param>
/// <param name="Confusion">Counts [true class][predicted class] on the test rows; empty where there are more than <see cref="MostClassesShown"/> classes.</param>
/// <param name="PredictedClasses">How many classes were predicted at all.</param>
/// <param name="MultiplyAdds">Multiply-adds of a training step for each sample, as declared.</param>
/// <param name="ParameterBytes">Bytes of parameters that a training step reads and writes for each sample, as declared.</param>
/// <param name="PeakMemory">Most memory that the process had while training, in bytes.</param>
/// <param name="Layers">The hidden layers, from input to output, on development rows.</param>
internal sealed record TestOutcome(
    double Test,
    IReadOnlyList<IReadOnlyList<long>> Confusion,
    int PredictedClasses,
    double MultiplyAdds,
    double ParameterBytes,
    long PeakMemory,
    IReadOnlyList<LayerOutcome> Layers)
{
    /// <summary>Classes up to which a confusion matrix is kept and drawn.</summary>
    public const int MostClassesShown = 100;
}

/// <summary>How a trained hidden layer computes a mini-batch in training, against the exact forward pass of the same weights.</summary>
/// <param name="ActiveShare">Share of the layer's nodes that are active; 1 where none are left out.</param>
/// <param name="Recall">Share of the truly largest nodes that are active; null unless nodes are chosen.</param>
/// <param name="CapturedRatio">
/// c: for each node of the layer above the sum of |w a| over this layer's active nodes, over that of its inactive ones; the median over nodes. Null where no node is left out.
/// </param>
/// <param name="RelativeError">|a' - a| / |a| (Euclidean norms), a' the activations as in training, a the exact ones, both from the network's input on.</param>
/// <param name="SumError">(sum a - sum a') / sum a', what ((c + 1) / c)^k - 1 predicts after k layers; null where sum a' is 0.</param>
internal sealed record LayerOutcome(double ActiveShare, double? Recall, double? CapturedRatio, double RelativeError, double? SumError);
