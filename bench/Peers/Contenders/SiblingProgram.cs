namespace Whittle.Bench.Peers.Contenders;

/// <summary>Where another program of bench is: this one is in bench/Peers/bin/CONFIGURATION/FRAMEWORK/.</summary>
internal static class SiblingProgram
{
    private static readonly DirectoryInfo Own = new(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));

    /// <summary>As in <c>net10.0</c>.</summary>
    public static string Framework => Own.Name;

    /// <summary>bench/PROJECT/bin/CONFIGURATION.</summary>
    public static string OutputDirectory(string project)
    {
        var bench = Own.Parent?.Parent?.Parent?.Parent?.FullName ?? Own.FullName;
        return Path.Combine(bench, project, "bin", Own.Parent?.Name ?? "");
    }
}
