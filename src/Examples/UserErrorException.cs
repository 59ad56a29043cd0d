namespace Whittle.Examples;

/// <summary>Something that the person at the command line can put right: told in one line.</summary>
public sealed class UserErrorException(string message) : Exception(message)
{
    /// <summary>The error for a name that is not known: lists those that are, and suggests the nearest.</summary>
    public static UserErrorException UnknownName(string kind, string name, IEnumerable<string> known)
    {
        var names = known.ToArray();
        var nearest = names.MinBy(candidate => EditDistance(candidate, name));
        var suggestion = nearest is not null && EditDistance(nearest, name) <= 1 + (name.Length / 3) ? $"; did you mean '{nearest}'?" : ".";
        return new UserErrorException($"There is no {kind} '{name}'{suggestion} Known are {string.Join(", ", names)}.");
    }

    /// <summary>How many letters must be inserted, removed or replaced to turn one name into the other (Levenshtein 1966).</summary>
    private static int EditDistance(string left, string right)
    {
        var distances = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var row = 1; row <= left.Length; row++)
        {
            var diagonal = distances[0];
            distances[0] = row;
            for (var column = 1; column <= right.Length; column++)
            {
                var replaced = diagonal + (char.ToLowerInvariant(left[row - 1]) == char.ToLowerInvariant(right[column - 1]) ? 0 : 1);
                diagonal = distances[column];
                distances[column] = Math.Min(replaced, 1 + Math.Min(distances[column], distances[column - 1]));
            }
        }

        return distances[^1];
    }
}
