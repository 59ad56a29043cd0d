namespace Whittle.Examples.Tests;

/// <summary>Where the repository is, for tests that read its files.</summary>
internal static class Repository
{
    /// <summary>The directory of Codegen.sln; null where the tests run outside it.</summary>
    public static string? Root { get; } = Find();

    /// <summary>Where the data sets are: beside the repository, or where WHITTLE_DATA says.</summary>
    public static string Data => Environment.GetEnvironmentVariable("WHITTLE_DATA") is { Length: > 0 } given
        ? given
        : Path.Combine(Root ?? ".", "..", "shared", "data");

    private static string? Find()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "Codegen.sln")))
        {
            directory = directory.Parent;
        }

        return directory?.FullName;
    }
}
