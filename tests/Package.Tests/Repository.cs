namespace Whittle.Package.Tests;

/// <summary>Where the sources are that the tests pack and publish.</summary>
internal static class Repository
{
    /// <summary>The directory of Codegen.sln; null where the tests run outside it.</summary>
    public static string? Root { get; } = Find();

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
