namespace Whittle.Examples.DataSets;

/// <summary>The checksums recorded in a directory, as <c>sha256sum</c> writes and checks them: those of files that came out of an archive.</summary>
internal static class ChecksumList
{
    private const string FileName = "SHA256SUMS";
    private const int Digits = 64;

    /// <summary>SHA-256 by file name; empty if nothing is recorded.</summary>
    public static Dictionary<string, string> Read(string directory)
    {
        var path = Path.Combine(directory, FileName);
        return File.Exists(path)
            ? File.ReadLines(path)
                .Where(line => line.Length > Digits + 2)
                .GroupBy(line => line[(Digits + 2)..], line => line[..Digits], StringComparer.Ordinal)
                .ToDictionary(lines => lines.Key, lines => lines.Last(), StringComparer.Ordinal)
            : [];
    }

    /// <summary>Records checksums, beside those of other files.</summary>
    public static void Add(string directory, IEnumerable<KeyValuePair<string, string>> checksums)
    {
        var all = Read(directory);
        foreach (var (name, checksum) in checksums)
        {
            all[name] = checksum;
        }

        var path = Path.Combine(directory, FileName);
        File.WriteAllLines(path + ".part", all.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => $"{entry.Value}  {entry.Key}"));
        File.Move(path + ".part", path, overwrite: true);
    }
}
