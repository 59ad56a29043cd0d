namespace Whittle.Runtime.Tests.Data;

/// <summary>Data sets that are not part of the project: tests that need one are skipped where it is missing.</summary>
internal static class SharedData
{
    /// <summary>The directory of a set below $WHITTLE_DATA, or else below ../shared/data beside the repository.</summary>
    public static string Directory(string name)
    {
        var directory = Environment.GetEnvironmentVariable("WHITTLE_DATA") is { Length: > 0 } given ? Path.Combine(given, name) : Beside(name);
        if (directory is null || !System.IO.Directory.Exists(directory))
        {
            Assert.Skip($"The data set {name} is not here; set WHITTLE_DATA to the directory that holds it.");
        }

        return directory;
    }

    /// <summary>The root of the repository; null if the tests run elsewhere.</summary>
    public static string? Root { get; } = FindRoot();

    private static string? Beside(string name) =>
        Root is { } root && System.IO.Directory.GetParent(root) is { } parent ? Path.Combine(parent.FullName, "shared", "data", name) : null;

    private static string? FindRoot()
    {
        for (var here = new DirectoryInfo(AppContext.BaseDirectory); here is not null; here = here.Parent)
        {
            if (File.Exists(Path.Combine(here.FullName, "Codegen.sln")))
            {
                return here.FullName;
            }
        }

        return null;
    }
}
