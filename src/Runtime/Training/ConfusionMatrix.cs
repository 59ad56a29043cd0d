using System.Runtime.InteropServices;

namespace Whittle;

/// <summary>How often rows of each class were classified as each class. Takes memory for what has been counted, whatever the number of classes.</summary>
public sealed class ConfusionMatrix
{
    private readonly Dictionary<(int Actual, int Predicted), long> counts = [];
    private readonly Dictionary<int, long> actuals = [];
    private readonly Dictionary<int, long> predictions = [];
    private long right;

    /// <summary>An empty matrix.</summary>
    /// <param name="classes">Number of classes.</param>
    public ConfusionMatrix(int classes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        Classes = classes;
    }

    /// <summary>Number of classes.</summary>
    public int Classes { get; }

    /// <summary>Number of classes that any row was classified as.</summary>
    public int PredictedClasses => predictions.Count;

    /// <summary>Number of rows counted.</summary>
    public long Total { get; private set; }

    /// <summary>Share of the rows classified rightly; NaN if there are none.</summary>
    public double Accuracy => (double)right / Total;

    /// <summary>How many rows of class <paramref name="actual"/> were classified as <paramref name="predicted"/>.</summary>
    public long this[int actual, int predicted] => counts.GetValueOrDefault(Checked(actual, predicted));

    /// <summary>Counts one row.</summary>
    public void Add(int actual, int predicted)
    {
        Count(counts, Checked(actual, predicted));
        Count(actuals, actual);
        Count(predictions, predicted);
        right += actual == predicted ? 1 : 0;
        Total++;
    }

    /// <summary>Share of the rows of a class that were classified as it; NaN if there are none.</summary>
    public double Recall(int label) => (double)Right(label) / actuals.GetValueOrDefault(label);

    /// <summary>Share of the rows classified as a class that are of it; NaN if there are none.</summary>
    public double Precision(int label) => (double)Right(label) / predictions.GetValueOrDefault(label);

    private static void Count<TKey>(Dictionary<TKey, long> counts, TKey key)
        where TKey : notnull => CollectionsMarshal.GetValueRefOrAddDefault(counts, key, out _)++;

    private long Right(int label)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)label, (uint)Classes, nameof(label));
        return this[label, label];
    }

    private (int Actual, int Predicted) Checked(int actual, int predicted)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)actual, (uint)Classes, nameof(actual));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)predicted, (uint)Classes, nameof(predicted));
        return (actual, predicted);
    }
}
