using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;

namespace Whittle.Examples.Commands;

/// <summary>Kinds of options that several commands take; each says in plain words what is wrong with its value.</summary>
internal static class Options
{
    /// <summary>A number, read the same way whatever the language of the machine.</summary>
    /// <param name="name">The option's name.</param>
    /// <param name="requirement">What <paramref name="isValid"/> asks for, in words: "a whole number of at least 1".</param>
    /// <param name="isValid">Which numbers are taken.</param>
    public static Option<T> Number<T>(string name, string requirement, Func<T, bool> isValid)
        where T : INumberBase<T> => new(name)
        {
            HelpName = "NUMBER",
            CustomParser = result =>
                T.TryParse(Text(result), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && isValid(value)
                    ? value
                    : Refuse<T>(result, $"{name} is '{Text(result)}'; it must be {requirement}."),
        };

    /// <summary>The seed of everything that a command draws.</summary>
    public static Option<ulong> Seed(string description)
    {
        var seed = Number<ulong>("--seed", "a whole number from 0 to 18446744073709551615", _ => true);
        seed.Description = description;
        seed.DefaultValueFactory = _ => 1;
        return seed;
    }

    /// <summary>One of this program's networks.</summary>
    public static Option<string?> Network() => new("--network")
    {
        Description = $"The network; if left out the exact one for the data. One of {string.Join(", ", Networks.DeclaredNetwork.All.Select(network => network.Name))}.",
        HelpName = "NAME",
    };

    /// <summary>The path of a file.</summary>
    public static Option<FileInfo?> File(string name) => new(name)
    {
        HelpName = "FILE",
        CustomParser = result => Text(result).Length > 0 ? new FileInfo(Text(result)) : Refuse<FileInfo>(result, $"{name} is empty; it must be the path of a file."),
    };

    private static string Text(ArgumentResult result) => result.Tokens[0].Value;

    private static T? Refuse<T>(ArgumentResult result, string problem)
    {
        result.AddError(problem);
        return default;
    }
}
