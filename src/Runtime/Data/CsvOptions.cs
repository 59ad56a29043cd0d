namespace Whittle;

/// <summary>How to read a CSV file. Numbers are written with a point, whatever the language of the system.</summary>
public sealed record CsvOptions
{
    /// <summary>Whether the first line names the columns. Default: it does.</summary>
    public bool HasHeader { get; init; } = true;

    /// <summary>What stands between the fields of a line. Default: what the first lines suggest of a comma, semicolon, tabulator or bar.</summary>
    public char? Separator { get; init; }

    /// <summary>The column of the class, a name or a position. Default: the last. Without effect if there are <see cref="TargetColumns"/>.</summary>
    public CsvColumn LabelColumn { get; init; } = ^1;

    /// <summary>For regression: the columns of the target values. None by default: the rows have classes.</summary>
    public IReadOnlyList<CsvColumn> TargetColumns { get; init; } = [];

    /// <summary>Columns to leave out, such as an identifier.</summary>
    public IReadOnlyList<CsvColumn> IgnoredColumns { get; init; } = [];

    /// <summary>
    /// The classes in the order of their numbers; other labels are refused. If left out, labels that are whole numbers
    /// from 0 are the classes themselves, and other labels are numbered in the order of their characters (ordinal). Give
    /// the names of the training set when reading its test set.
    /// </summary>
    public IReadOnlyList<string>? ClassNames { get; init; }
}
