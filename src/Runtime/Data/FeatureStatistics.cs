namespace Whittle;

/// <summary>Mean, variance (of the population) and range of each feature of a data set, [features] each.</summary>
internal sealed class FeatureStatistics
{
    private FeatureStatistics(int features)
    {
        Mean = new double[features];
        Variance = new double[features];
        Minimum = new float[features];
        Maximum = new float[features];
    }

    public int Features => Mean.Length;

    public double[] Mean { get; }

    public double[] Variance { get; }

    public float[] Minimum { get; }

    public float[] Maximum { get; }

    /// <summary>Measures in double precision and two passes, since a mean far from 0 would drown the variance in one.</summary>
    /// <exception cref="DataFormatException">The set has no rows.</exception>
    public static FeatureStatistics Measure(Dataset data)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (data.Count == 0)
        {
            throw new DataFormatException("A scaling cannot be measured on data without rows.");
        }

        var result = new FeatureStatistics(data.Features);
        data.Row(0).CopyTo(result.Minimum);
        data.Row(0).CopyTo(result.Maximum);
        for (var row = 0; row < data.Count; row++)
        {
            var values = data.Row(row);
            for (var feature = 0; feature < values.Length; feature++)
            {
                result.Mean[feature] += values[feature];
                result.Minimum[feature] = Math.Min(result.Minimum[feature], values[feature]);
                result.Maximum[feature] = Math.Max(result.Maximum[feature], values[feature]);
            }
        }

        for (var feature = 0; feature < data.Features; feature++)
        {
            result.Mean[feature] /= data.Count;
        }

        for (var row = 0; row < data.Count; row++)
        {
            var values = data.Row(row);
            for (var feature = 0; feature < values.Length; feature++)
            {
                var deviation = values[feature] - result.Mean[feature];
                result.Variance[feature] += deviation * deviation / data.Count;
            }
        }

        return result;
    }
}
