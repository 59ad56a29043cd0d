using System.Numerics.Tensors;

namespace Whittle;

/// <summary>
/// An affine scaling of features, x -> (x - offset) * factor, with one offset and factor per feature or one for all.
/// Immutable.
/// </summary>
public sealed class Scaling
{
    private readonly float[] offsets;
    private readonly float[] factors;

    private Scaling(float[] offsets, float[] factors)
    {
        this.offsets = offsets;
        this.factors = factors;
    }

    /// <summary>What is subtracted: one value for all features, or one per feature.</summary>
    public ReadOnlySpan<float> Offsets => offsets;

    /// <summary>What the difference is multiplied by: one value for all features, or one per feature.</summary>
    public ReadOnlySpan<float> Factors => factors;

    /// <summary>Whether all features share one offset and factor.</summary>
    public bool IsGlobal => offsets.Length == 1;

    /// <summary>One offset and factor for all features.</summary>
    /// <param name="offset">Subtracted from each value.</param>
    /// <param name="factor">Multiplies the difference.</param>
    /// <exception cref="DataFormatException">A value is not finite, or the factor is 0.</exception>
    public static Scaling Constant(float offset, float factor) => PerFeature([offset], [factor]);

    /// <summary>An offset and factor for each feature, as <see cref="Offsets"/> and <see cref="Factors"/> give them; a single one is for all.</summary>
    /// <param name="offsets">[features] or [1].</param>
    /// <param name="factors">[features] or [1], as many as offsets.</param>
    /// <exception cref="DataFormatException">The lengths differ or are 0, a value is not finite, or a factor is 0.</exception>
    public static Scaling PerFeature(ReadOnlySpan<float> offsets, ReadOnlySpan<float> factors)
    {
        if (offsets.Length != factors.Length || offsets.IsEmpty)
        {
            throw new DataFormatException($"A scaling needs as many offsets as factors and at least one, but has {offsets.Length} and {factors.Length}.");
        }

        for (var feature = 0; feature < offsets.Length; feature++)
        {
            if (!float.IsFinite(offsets[feature]) || !float.IsFinite(factors[feature]) || factors[feature] == 0)
            {
                throw new DataFormatException(FormattableString.Invariant(
                    $"The scaling of feature {feature} has offset {offsets[feature]} and factor {factors[feature]}; both must be finite and the factor not 0."));
            }
        }

        return new Scaling(offsets.ToArray(), factors.ToArray());
    }

    /// <summary>Mean 0 and variance 1 for each feature; a feature that never changes keeps the factor 1.</summary>
    /// <param name="data">Where mean and variance are measured: the training set, never the test set.</param>
    public static Scaling Standardize(Dataset data)
    {
        var statistics = FeatureStatistics.Measure(data);
        return Create(statistics, feature => statistics.Mean[feature], feature => Math.Sqrt(statistics.Variance[feature]));
    }

    /// <summary>From 0 for the least to 1 for the largest value of each feature; a feature that never changes keeps the factor 1.</summary>
    /// <param name="data">Where the range is measured: the training set, never the test set.</param>
    public static Scaling MinMax(Dataset data)
    {
        var statistics = FeatureStatistics.Measure(data);
        return Create(statistics, feature => statistics.Minimum[feature], feature => (double)statistics.Maximum[feature] - statistics.Minimum[feature]);
    }

    /// <summary>Scales one or more rows of features.</summary>
    /// <param name="inputs">[rows, features].</param>
    /// <param name="outputs">[rows, features]; may be the same memory as <paramref name="inputs"/>.</param>
    /// <exception cref="ArgumentException">The lengths differ or are not whole rows of the features scaled.</exception>
    public void Apply(ReadOnlySpan<float> inputs, Span<float> outputs)
    {
        if (inputs.Length != outputs.Length)
        {
            throw new ArgumentException($"{inputs.Length} inputs need as many outputs, but there is room for {outputs.Length}.", nameof(outputs));
        }

        if (IsGlobal)
        {
            TensorPrimitives.Subtract(inputs, offsets[0], outputs);
            TensorPrimitives.Multiply(outputs, factors[0], outputs);
            return;
        }

        if (inputs.Length % offsets.Length != 0)
        {
            throw new ArgumentException($"The scaling is for rows of {offsets.Length} features, but {inputs.Length} values are not whole rows.", nameof(inputs));
        }

        for (var start = 0; start < inputs.Length; start += offsets.Length)
        {
            var row = outputs.Slice(start, offsets.Length);
            TensorPrimitives.Subtract(inputs.Slice(start, offsets.Length), offsets, row);
            TensorPrimitives.Multiply(row, factors, row);
        }
    }

    /// <summary>A scaled copy of a data set, which carries this scaling (after the one it has, if any).</summary>
    /// <param name="data">The set.</param>
    /// <exception cref="DataFormatException">The set has another number of features, or a scaled value overflows.</exception>
    public Dataset Apply(Dataset data)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (!IsGlobal && offsets.Length != data.Features)
        {
            throw new DataFormatException($"The scaling is for {offsets.Length} features, but the data has {data.Features}.");
        }

        if ((long)data.Count * data.Features > Array.MaxLength)
        {
            throw new DataFormatException($"A scaled copy of {data.Count} rows of {data.Features} features is too large for one array; scale smaller parts.");
        }

        var scaled = new float[data.Count * data.Features];
        for (var row = 0; row < data.Count; row++)
        {
            var output = scaled.AsSpan(row * data.Features, data.Features);
            Apply(data.Row(row), output);
            if (!TensorPrimitives.IsFiniteAll<float>(output))
            {
                throw new DataFormatException($"Scaling row {row} overflows; its values are too far from those that the scaling was made for.");
            }
        }

        return data.WithInputs(scaled, data.Scaling is { } before ? before.Then(this) : this);
    }

    // ((x - o1) f1 - o2) f2 = (x - (o1 + o2 / f1)) (f1 f2)
    private Scaling Then(Scaling next)
    {
        var length = Math.Max(offsets.Length, next.offsets.Length);
        var combinedOffsets = new float[length];
        var combinedFactors = new float[length];
        for (var feature = 0; feature < length; feature++)
        {
            var (here, there) = (IsGlobal ? 0 : feature, next.IsGlobal ? 0 : feature);
            combinedOffsets[feature] = (float)(offsets[here] + ((double)next.offsets[there] / factors[here]));
            combinedFactors[feature] = factors[here] * next.factors[there];
        }

        return PerFeature(combinedOffsets, combinedFactors);
    }

    private static Scaling Create(FeatureStatistics statistics, Func<int, double> offset, Func<int, double> spread)
    {
        var offsets = new float[statistics.Features];
        var factors = new float[statistics.Features];
        for (var feature = 0; feature < offsets.Length; feature++)
        {
            var factor = (float)(1 / spread(feature));
            var changes = statistics.Minimum[feature] != statistics.Maximum[feature] && float.IsFinite(factor);
            offsets[feature] = (float)offset(feature);
            factors[feature] = changes ? factor : 1;
        }

        return PerFeature(offsets, factors);
    }
}
