using System.Globalization;
using CsvHelper;

namespace Whittle;

/// <summary>The rows of a CSV file as they are read.</summary>
internal sealed class CsvTable
{
    private readonly string path;
    private readonly CsvReader reader;
    private readonly string[]? header;
    private readonly int width;
    private readonly int labelColumn;
    private readonly int[] targetColumns;
    private readonly int[] featureColumns;
    private readonly List<float> inputs = [];
    private readonly List<float> targets = [];
    private readonly CsvLabels labels;

    /// <summary>Finds the columns; the reader stands on the first row.</summary>
    public CsvTable(string path, CsvReader reader, CsvOptions options)
    {
        this.path = path;
        this.reader = reader;
        header = options.HasHeader ? [.. reader.Headers] : null;
        width = header?.Length ?? reader.FieldCount;
        int Resolve(CsvColumn column) => column.Resolve(path, header, width);
        targetColumns = [.. options.TargetColumns.Select(Resolve)];
        labelColumn = targetColumns.Length > 0 ? -1 : Resolve(options.LabelColumn);
        var others = options.IgnoredColumns.Select(Resolve).Concat(targetColumns).Append(labelColumn).ToHashSet();
        featureColumns = [.. Enumerable.Range(0, width).Where(column => !others.Contains(column))];
        if (featureColumns.Length == 0)
        {
            throw new DataFormatException($"{path} has no columns of features besides the class or the targets; check the separator, which is '{reader.Separator}'.");
        }

        if (options.IgnoredColumns.Select(Resolve).Any(column => column == labelColumn || targetColumns.Contains(column)))
        {
            throw new DataFormatException($"A column of {path} is both ignored and the class or a target; choose one.");
        }

        labels = new CsvLabels(options.ClassNames);
    }

    /// <summary>Takes the line on which the reader stands.</summary>
    public void AddRow()
    {
        if (reader.FieldCount != width)
        {
            throw new DataFormatException($"{path}, line {reader.LineNumber} has {reader.FieldCount} fields, but should have {width} like the first line; check its separators.");
        }

        if (inputs.Count > Array.MaxLength - featureColumns.Length)
        {
            throw new DataFormatException($"{path} has more values than one array can hold; divide it into smaller files.");
        }

        foreach (var column in featureColumns)
        {
            inputs.Add(Number(column));
        }

        foreach (var column in targetColumns)
        {
            targets.Add(Number(column));
        }

        if (labelColumn >= 0 && labels.Add(reader.GetString(labelColumn)) is { } problem)
        {
            throw Error(labelColumn, problem);
        }
    }

    /// <summary>The rows taken.</summary>
    public Dataset ToDataset()
    {
        if (targetColumns.Length > 0)
        {
            return Dataset.FromTargets([.. inputs], featureColumns.Length, [.. targets], targetColumns.Length);
        }

        var (numbers, classes, names) = labels.Number();
        var data = Dataset.FromArrays([.. inputs], featureColumns.Length, numbers, classes);
        return names is null ? data : data.WithClassNames(names);
    }

    private float Number(int column)
    {
        var field = reader.GetSpan(column);
        if (field.IsEmpty)
        {
            throw Error(column, "is empty; give a number or leave the row out");
        }

        if (!float.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out var value))
        {
            throw Error(column, "is not a number");
        }

        return float.IsFinite(value) ? value : throw Error(column, "is not a finite number of 32 bits");
    }

    private DataFormatException Error(int column, string problem)
    {
        var name = header is null ? $"column {column}" : $"column {Text.OneLine(header[column])}";
        return new DataFormatException($"{path}, line {reader.LineNumber}, {name}: {Text.OneLine(reader.GetString(column))} {problem}.");
    }
}
