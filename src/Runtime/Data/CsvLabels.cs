using System.Globalization;

namespace Whittle;

/// <summary>The labels of a CSV file: collected as text, numbered once all are known.</summary>
internal sealed class CsvLabels
{
    private readonly Dictionary<string, int> numbers = new(StringComparer.Ordinal);
    private readonly List<int> rows = [];
    private readonly IReadOnlyList<string>? given;

    public CsvLabels(IReadOnlyList<string>? given)
    {
        this.given = given;
        for (var index = 0; index < (given?.Count ?? 0); index++)
        {
            if (!numbers.TryAdd(given![index], index))
            {
                throw new DataFormatException($"The class name {Text.OneLine(given[index])} is given twice.");
            }
        }
    }

    /// <summary>Takes the label of the next row.</summary>
    /// <returns>What is wrong with it; null if nothing is.</returns>
    public string? Add(string label)
    {
        if (label.Length == 0)
        {
            return "is empty; give a class or leave the row out";
        }

        if (!numbers.TryGetValue(label, out var number))
        {
            if (given is not null)
            {
                return "is not among the given class names";
            }

            if (numbers.Count == Limits.Units)
            {
                return $"is one class more than the {Limits.Units} that a network can tell apart; check that the label column is the right one";
            }

            number = numbers.Count;
            numbers.Add(label, number);
        }

        rows.Add(number);
        return null;
    }

    /// <summary>Numbers the classes: as given, by their own numbers, or in ordinal order.</summary>
    public (int[] Labels, int Classes, IReadOnlyList<string>? Names) Number()
    {
        if (given is not null)
        {
            return ([.. rows], given.Count, given);
        }

        var names = numbers.Keys.ToArray();
        var own = Array.ConvertAll(names, name =>
            int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value < Limits.Units ? value : -1);
        if (!own.Contains(-1))
        {
            return ([.. rows.Select(row => own[row])], own.Max() + 1, null);
        }

        var sorted = names.Order(StringComparer.Ordinal).ToArray();
        var places = Array.ConvertAll(names, name => Array.BinarySearch(sorted, name, StringComparer.Ordinal));
        return ([.. rows.Select(row => places[row])], names.Length, sorted);
    }
}
