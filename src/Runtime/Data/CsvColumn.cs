using System.Globalization;

namespace Whittle;

/// <summary>A column of a CSV file: by its name in the header, or by its position from the left (0 is the first) or the right (^1 is the last).</summary>
public readonly record struct CsvColumn
{
    private readonly string? name;
    private readonly Index position;

    private CsvColumn(string? name, Index position)
    {
        this.name = name;
        this.position = position;
    }

    /// <summary>The column of that name; upper and lower case count.</summary>
    public static implicit operator CsvColumn(string name) => new(name ?? throw new ArgumentNullException(nameof(name)), default);

    /// <summary>The column at that position; 0 is the first.</summary>
    public static implicit operator CsvColumn(int position) => new(null, new Index(position));

    /// <summary>The column at that position; ^1 is the last.</summary>
    public static implicit operator CsvColumn(Index position) => new(null, position);

    /// <summary>The name, or the position.</summary>
    public override string ToString() => name is null ? position.ToString() : $"\"{name}\"";

    /// <summary>The position from the left.</summary>
    /// <exception cref="DataFormatException">There is no such column, or the name is not unique.</exception>
    internal int Resolve(string path, string[]? header, int width)
    {
        if (name is null)
        {
            var offset = position.GetOffset(width);
            return (uint)offset < (uint)width
                ? offset
                : throw new DataFormatException(string.Create(CultureInfo.InvariantCulture, $"{path} has no column {position}; it has columns 0 to {width - 1}."));
        }

        if (header is null)
        {
            throw new DataFormatException($"{path} is read without a header, so the column \"{name}\" cannot be found by its name; give its position.");
        }

        var found = Array.IndexOf(header, name);
        if (found < 0)
        {
            throw new DataFormatException($"{path} has no column \"{name}\"; its columns are {Names(header)}.");
        }

        return Array.LastIndexOf(header, name) == found
            ? found
            : throw new DataFormatException($"{path} has more than one column \"{name}\"; give the position of the one you mean.");
    }

    private static string Names(string[] header)
    {
        const int Shown = 20;
        var names = string.Join(", ", header.Take(Shown).Select(Text.OneLine));
        return header.Length > Shown ? $"{names}, ... ({header.Length} in all)" : names;
    }
}
