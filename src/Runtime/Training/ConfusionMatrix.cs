namespace Whittle;

/// <summary>How often rows of each class were classified as each class.</summary>
public sealed class ConfusionMatrix
{
    private readonly long[] counts;

    /// <summary>An empty matrix.</summary>
    /// <param name="classes">Number of classes.</param>
    public ConfusionMatrix(int classes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        Classes = classes;
        counts = new long[checked(classes * classes)];
    }

    /// <summary>Number of classes.</summary>
    public int Classes { get; }

    /// <summary>Number of rows counted.</summary>
    public long Total { get; private set; }

    /// <summary>Share of the rows classified rightly; NaN if there are none.</summary>
    public double Accuracy
    {
        get
        {
            long right = 0;
            for (var label = 0; label < Classes; label++)
            {
                right += this[label, label];
            }

            return (double)right / Total;
        }
    }

    /// <summary>How many rows of class <paramref name="actual"/> were classified as <paramref name="predicted"/>.</summary>
    public long this[int actual, int predicted] => counts[Index(actual, predicted)];

    /// <summary>Counts one row.</summary>
    public void Add(int actual, int predicted)
    {
        counts[Index(actual, predicted)]++;
        Total++;
    }

    /// <summary>Share of the rows of a class that were classified as it; NaN if there are none.</summary>
    public double Recall(int label)
    {
        long rows = 0;
        for (var predicted = 0; predicted < Classes; predicted++)
        {
            rows += this[label, predicted];
        }

        return (double)this[label, label] / rows;
    }

    /// <summary>Share of the rows classified as a class that are of it; NaN if there are none.</summary>
    public double Precision(int label)
    {
        long rows = 0;
        for (var actual = 0; actual < Classes; actual++)
        {
            rows += this[actual, label];
        }

        return (double)this[label, label] / rows;
    }

    private int Index(int actual, int predicted)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)actual, (uint)Classes, nameof(actual));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)predicted, (uint)Classes, nameof(predicted));
        return (actual * Classes) + predicted;
    }
}
