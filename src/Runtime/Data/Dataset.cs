using System.Numerics.Tensors;

namespace Whittle;

/// <summary>
/// Rows of features, each with a class (a label) or with target values. Immutable; subsets and splits share the memory
/// of the set they come from.
/// </summary>
public sealed partial class Dataset
{
    private readonly float[] inputs;
    private readonly int[] labels;
    private readonly float[] targets;

    // The rows of a view: those listed, or Count rows from the first on. Labels are always in the order of the view.
    private readonly int[]? rows;
    private readonly int first;
    private readonly int firstLabel;

    private Dataset(float[] inputs, int features, int[] labels, int classes, float[] targets, int targetsPerRow)
    {
        this.inputs = inputs;
        this.labels = labels;
        this.targets = targets;
        Count = inputs.Length / features;
        Features = features;
        Classes = classes;
        Targets = targetsPerRow;
    }

    private Dataset(Dataset source, float[] inputs, int[]? rows, int first, int[] labels, int firstLabel, int count)
    {
        this.inputs = inputs;
        this.rows = rows;
        this.first = first;
        this.labels = labels;
        this.firstLabel = firstLabel;
        targets = source.targets;
        Count = count;
        Features = source.Features;
        Classes = source.Classes;
        Targets = source.Targets;
        ClassNames = source.ClassNames;
        ImageSize = source.ImageSize;
        Scaling = source.Scaling;
    }

    /// <summary>Rows.</summary>
    public int Count { get; }

    /// <summary>Features in a row.</summary>
    public int Features { get; }

    /// <summary>Number of classes; 0 if the rows have targets.</summary>
    public int Classes { get; }

    /// <summary>Target values in a row; 0 if the rows have labels.</summary>
    public int Targets { get; }

    /// <summary>The class of each row, from 0 to <see cref="Classes"/> - 1; empty if the rows have targets.</summary>
    public ReadOnlySpan<int> Labels => Targets > 0 ? default : labels.AsSpan(firstLabel, Count);

    /// <summary>The name of each class, if known.</summary>
    public IReadOnlyList<string>? ClassNames { get; private init; }

    /// <summary>The shape of a row, if it is an image.</summary>
    public ImageSize? ImageSize { get; private init; }

    /// <summary>The scaling that the features have been through, if any. Training stores it with the network, which then takes unscaled inputs.</summary>
    public Scaling? Scaling { get; private init; }

    /// <summary>The features of one row, [<see cref="Features"/>].</summary>
    /// <param name="row">From 0 to <see cref="Count"/> - 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    public ReadOnlySpan<float> Row(int row) => inputs.AsSpan(Source(row) * Features, Features);

    /// <summary>The target values of one row, [<see cref="Targets"/>]; empty if the rows have labels.</summary>
    /// <param name="row">From 0 to <see cref="Count"/> - 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    public ReadOnlySpan<float> TargetRow(int row) => targets.AsSpan(Source(row) * Targets, Targets);

    /// <summary>The name of a class; its number where it has no name.</summary>
    /// <param name="label">From 0 to <see cref="Classes"/> - 1.</param>
    public string ClassName(int label) => ClassNames?[label] ?? label.ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Makes a labelled set of arrays, which it keeps without copying: do not change them afterwards.</summary>
    /// <param name="inputs">[rows, features], row by row.</param>
    /// <param name="features">Features in a row.</param>
    /// <param name="labels">[rows], each from 0 to <paramref name="classes"/> - 1.</param>
    /// <param name="classes">Number of classes; 0 to take the largest label + 1.</param>
    /// <exception cref="DataFormatException">The lengths do not fit, a label is out of range, or a value is not finite.</exception>
    public static Dataset FromArrays(float[] inputs, int features, int[] labels, int classes = 0)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentOutOfRangeException.ThrowIfNegative(classes);
        var count = CountRows(inputs.Length, features);
        if (labels.Length != count)
        {
            throw new DataFormatException($"The data has {count} rows of {features} features but {labels.Length} labels; give one label per row.");
        }

        ThrowIfNotFinite(inputs, features, "feature");
        return new Dataset(inputs, features, labels, CountClasses(labels, classes), [], 0);
    }

    /// <summary>Makes a labelled set of copies of spans.</summary>
    /// <inheritdoc cref="FromArrays"/>
    public static Dataset FromSpans(ReadOnlySpan<float> inputs, int features, ReadOnlySpan<int> labels, int classes = 0) =>
        FromArrays(inputs.ToArray(), features, labels.ToArray(), classes);

    /// <summary>Makes a set whose rows have target values, of arrays that it keeps without copying: do not change them afterwards.</summary>
    /// <param name="inputs">[rows, features], row by row.</param>
    /// <param name="features">Features in a row.</param>
    /// <param name="targets">[rows, targetsPerRow], row by row.</param>
    /// <param name="targetsPerRow">Target values in a row.</param>
    /// <exception cref="DataFormatException">The lengths do not fit, or a value is not finite.</exception>
    public static Dataset FromTargets(float[] inputs, int features, float[] targets, int targetsPerRow)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(targets);
        ArgumentOutOfRangeException.ThrowIfLessThan(targetsPerRow, 1);
        var count = CountRows(inputs.Length, features);
        if (targets.Length != (long)count * targetsPerRow)
        {
            throw new DataFormatException(
                $"The data has {count} rows, which need {(long)count * targetsPerRow} target values ({targetsPerRow} per row), but {targets.Length} were given.");
        }

        ThrowIfNotFinite(inputs, features, "feature");
        ThrowIfNotFinite(targets, targetsPerRow, "target");
        return new Dataset(inputs, features, [], 0, targets, targetsPerRow);
    }

    /// <summary>The same rows with names for the classes.</summary>
    /// <param name="names">One name per class.</param>
    /// <exception cref="DataFormatException">There are more or fewer names than classes.</exception>
    public Dataset WithClassNames(IReadOnlyList<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        return names.Count == Classes
            ? new Dataset(this, inputs, rows, first, labels, firstLabel, Count) { ClassNames = [.. names] }
            : throw new DataFormatException($"The data has {Classes} classes but {names.Count} names were given; give one name per class.");
    }

    /// <summary>The same rows, known to be images.</summary>
    /// <param name="size">Height times width must be the number of features.</param>
    /// <exception cref="DataFormatException">The size does not fit the features.</exception>
    public Dataset WithImageSize(ImageSize size) =>
        size.Height > 0 && size.Width > 0 && (long)size.Height * size.Width == Features
            ? new Dataset(this, inputs, rows, first, labels, firstLabel, Count) { ImageSize = size }
            : throw new DataFormatException($"An image of {size.Height} x {size.Width} does not have the {Features} features of a row of this data.");

    /// <summary>The same rows with features that a scaling has changed.</summary>
    internal Dataset WithInputs(float[] scaled, Scaling scaling)
    {
        // The targets keep their order only if the view does: a copy of the inputs is laid out as this view is.
        var copy = new Dataset(this, scaled, null, 0, labels, firstLabel, Count) { Scaling = scaling };
        return Targets == 0 ? copy : new Dataset(scaled, Features, [], 0, GatherTargets(), Targets) { Scaling = scaling, ImageSize = ImageSize };
    }

    private float[] GatherTargets()
    {
        var gathered = new float[Count * Targets];
        for (var row = 0; row < Count; row++)
        {
            TargetRow(row).CopyTo(gathered.AsSpan(row * Targets));
        }

        return gathered;
    }

    private int Source(int row)
    {
        if ((uint)row >= (uint)Count)
        {
            throw new ArgumentOutOfRangeException(nameof(row), row, $"The data has rows 0 to {Count - 1}.");
        }

        return rows is null ? first + row : rows[row];
    }

    private static int CountRows(int length, int features)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(features, 1);
        if (length == 0)
        {
            throw new DataFormatException("The data has no rows; give at least one.");
        }

        return length % features == 0
            ? length / features
            : throw new DataFormatException($"{length} input values are not a whole number of rows of {features} features; check the number of features.");
    }

    private static int CountClasses(ReadOnlySpan<int> labels, int classes)
    {
        var bound = classes == 0 ? Array.MaxLength : classes;
        for (var row = 0; row < labels.Length; row++)
        {
            if ((uint)labels[row] >= (uint)bound)
            {
                throw new DataFormatException(
                    classes == 0
                        ? $"The label of row {row} is {labels[row]}; labels count from 0."
                        : $"The label of row {row} is {labels[row]}; with {classes} classes it must be from 0 to {classes - 1}.");
            }
        }

        return classes == 0 ? TensorPrimitives.Max(labels) + 1 : classes;
    }

    private static void ThrowIfNotFinite(ReadOnlySpan<float> values, int perRow, string kind)
    {
        if (TensorPrimitives.IsFiniteAll(values))
        {
            return;
        }

        var index = 0;
        while (float.IsFinite(values[index]))
        {
            index++;
        }

        throw new DataFormatException(
            FormattableString.Invariant($"Row {index / perRow}, {kind} {index % perRow} is {values[index]}; every value must be finite: replace it or leave the row out."));
    }
}
