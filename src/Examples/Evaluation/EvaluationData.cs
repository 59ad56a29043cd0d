namespace Whittle.Examples.Evaluation;

/// <summary>The rows of a data set by what they are for.</summary>
/// <param name="Train">To train on.</param>
/// <param name="Development">To choose by: the last of the training rows that were published.</param>
/// <param name="Test">To tell of.</param>
internal sealed record EvaluationData(Dataset Train, Dataset Development, Dataset Test)
{
    private const int DevelopmentRows = 5000;

    // Of a small set this share is held back instead.
    private const int DevelopmentParts = 5;

    /// <summary>Holds development rows back.</summary>
    public static EvaluationData Of(Dataset all, Dataset test)
    {
        var (train, development) = all.SplitAt(all.Count - Math.Min(DevelopmentRows, all.Count / DevelopmentParts));
        return new EvaluationData(train, development, test);
    }
}
