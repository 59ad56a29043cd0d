using System.Diagnostics;
using System.Text;

namespace Whittle.Package.Tests;

/// <summary>A program that ran to its end.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">Its lines on both streams.</param>
internal sealed record ProgramRun(int ExitCode, string Output)
{
    /// <summary>Runs the .NET command line, without build servers: they would outlive the test's directory.</summary>
    public static Task<ProgramRun> Dotnet(string directory, params string[] arguments) => Start(
        Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", directory, [.. arguments, "--disable-build-servers"]);

    /// <summary>Runs a program until it ends or the test is cancelled.</summary>
    public static async Task<ProgramRun> Start(string program, string directory, params string[] arguments)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = directory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // What the build that started the tests has set must not reach the builds in them.
        foreach (var name in start.Environment.Keys.Where(IsOfTheTestRun).ToArray())
        {
            start.Environment.Remove(name);
        }

        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        var output = new StringBuilder();
        using var process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => Append(line.Data);
        process.ErrorDataReceived += (_, line) => Append(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            await process.WaitForExitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        return new ProgramRun(process.ExitCode, output.ToString());

        void Append(string? line)
        {
            lock (output)
            {
                output.AppendLine(line);
            }
        }
    }

    /// <summary>Fails, showing the output, unless the program succeeded.</summary>
    public ProgramRun Succeeded()
    {
        Assert.True(ExitCode == 0, $"Exit code {ExitCode}:{Environment.NewLine}{Output}");
        return this;
    }

    private static bool IsOfTheTestRun(string name) =>
        name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase) || name is "WHITTLE_INSTRUCTION_SET";
}
