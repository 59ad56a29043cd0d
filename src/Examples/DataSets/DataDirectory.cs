namespace Whittle.Examples.DataSets;

/// <summary>Where data sets are kept unless a command is told otherwise: $WHITTLE_DATA, or whittle/data among the user's application data.</summary>
internal static class DataDirectory
{
    public static string Default => Environment.GetEnvironmentVariable("WHITTLE_DATA") is { Length: > 0 } given
        ? Path.GetFullPath(given)
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "whittle", "data");
}
