using System.Runtime.CompilerServices;
using DiffPlex.DiffBuilder;
using DiffPlex.DiffBuilder.Model;

namespace Whittle.Generator.Tests.Baselines;

/// <summary>
/// Compares generated files with the ones kept beside a test as <c>Class.Test#Hint.verified.cs</c>: the set of names
/// first, then the texts. <c>UPDATE_BASELINES=1</c> rewrites them, which a build server refuses.
/// </summary>
/// <param name="Folder">Where they are.</param>
/// <param name="Prefix">What their names begin with: <c>Class.Test</c>.</param>
/// <param name="Update">Whether to rewrite them.</param>
/// <param name="BuildServer">Whether this is a run that no person looks at.</param>
internal sealed record BaselineSet(string Folder, string Prefix, bool Update, bool BuildServer)
{
    private const string Verified = ".verified.cs";
    private const string Received = ".received.cs";

    /// <summary>The baselines of the calling test.</summary>
    public static BaselineSet OfTest([CallerFilePath] string file = "", [CallerMemberName] string test = "") => new(
        Path.GetDirectoryName(file)!,
        Path.GetFileNameWithoutExtension(file) + "." + test,
        Environment.GetEnvironmentVariable("UPDATE_BASELINES") == "1",
        Environment.GetEnvironmentVariable("CI") == "true");

    /// <param name="files">The generated texts by hint name.</param>
    public void Check(IReadOnlyDictionary<string, string> files)
    {
        var received = files.ToDictionary(file => Stem(file.Key), file => Normalize(file.Value), StringComparer.Ordinal);
        Clear(Received);
        if (Update)
        {
            Assert.False(BuildServer, "UPDATE_BASELINES is set, but a build server must not rewrite baselines.");
            Clear(Verified);
            foreach (var (stem, text) in received)
            {
                File.WriteAllText(PathOf(stem, Verified), text);
            }

            return;
        }

        var expected = Names(Verified);
        var problems = new List<string>();
        problems.AddRange(expected.Except(received.Keys).Select(stem => $"No longer generated: {stem}"));
        foreach (var (stem, text) in received.OrderBy(file => file.Key, StringComparer.Ordinal))
        {
            var kept = expected.Contains(stem) ? Normalize(File.ReadAllText(PathOf(stem, Verified))) : null;
            if (kept != text)
            {
                File.WriteAllText(PathOf(stem, Received), text);
                problems.Add(kept is null ? $"No baseline: {stem}" : $"Different: {stem}\n{Difference(kept, text)}");
            }
        }

        Assert.True(problems.Count == 0, string.Join('\n', problems) + "\nIf the change is meant, run the tests with UPDATE_BASELINES=1.");
    }

    private static string Normalize(string text) => text
        .Replace("\r\n", "\n", StringComparison.Ordinal)
        .Replace(typeof(NetworkGenerator).Assembly.GetName().Version!.ToString(), "%VERSION%", StringComparison.Ordinal);

    private static string Stem(string hint) => Path.GetFileNameWithoutExtension(hint);

    private static string Difference(string expected, string actual)
    {
        var lines = InlineDiffBuilder.Diff(expected, actual).Lines;
        return string.Join('\n', lines
            .Select((line, i) => (line, text: (line.Type, i + 1) switch
            {
                (ChangeType.Inserted, var number) => $"{number,5} + {line.Text}",
                (ChangeType.Deleted, var number) => $"{number,5} - {line.Text}",
                _ => null,
            }))
            .Where(line => line.text is not null)
            .Take(60)
            .Select(line => line.text));
    }

    private string PathOf(string stem, string ending) => Path.Combine(Folder, $"{Prefix}#{stem}{ending}");

    private HashSet<string> Names(string ending) => Directory.EnumerateFiles(Folder, $"{Prefix}#*{ending}")
        .Select(path => Path.GetFileName(path)[(Prefix.Length + 1)..^ending.Length])
        .ToHashSet(StringComparer.Ordinal);

    private void Clear(string ending)
    {
        foreach (var stem in Names(ending))
        {
            File.Delete(PathOf(stem, ending));
        }
    }
}
