using System.Diagnostics;
using Whittle.Examples.Commands;

namespace Whittle.Examples.Tests.Commands;

/// <summary>What a run of the program left: its exit code and what it wrote.</summary>
internal sealed record ExampleRun(int ExitCode, string Output, string Error)
{
    /// <summary>The lines on the error stream.</summary>
    public string[] ErrorLines => Error.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>Asserts that the run refused its input with one line that says all of <paramref name="parts"/>.</summary>
    public void AssertRefused(params string[] parts)
    {
        Assert.Equal(CommandLine.BadInput, ExitCode);
        var line = Assert.Single(ErrorLines);
        Assert.All(parts, part => Assert.Contains(part, line, StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain("   at ", Output, StringComparison.Ordinal);
    }
}

/// <summary>Runs the program's command line: within this process, or as a process of its own to send it signals.</summary>
internal static class ExampleProgram
{
    public static async Task<ExampleRun> RunAsync(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var exitCode = await CommandLine.RunAsync(args, output, error);
        return new ExampleRun(exitCode, output.ToString(), error.ToString());
    }

    public static Process Start(string workingDirectory, params string[] args) => Start(workingDirectory, [], args);

    public static Process Start(string workingDirectory, (string Name, string Value)[] environment, params string[] args)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(CommandLine).Assembly.Location, .. args])
        {
            WorkingDirectory = workingDirectory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start) ?? throw new InvalidOperationException("The program did not start.");
    }
}
