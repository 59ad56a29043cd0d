using System.Runtime.InteropServices;

namespace Whittle.Examples.Measurements;

/// <summary>What the processor calls itself.</summary>
public static class ProcessorName
{
    /// <summary>Its name.</summary>
    public static string Text { get; } = Read();

    private static string Read()
    {
        const string Path = "/proc/cpuinfo";
        var line = File.Exists(Path) ? File.ReadLines(Path).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal)) : null;
        return line?[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim()
            ?? Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER")
            ?? RuntimeInformation.ProcessArchitecture.ToString();
    }
}
