using System.CommandLine;
using Whittle.Examples.Rendering;

namespace Whittle.Examples.Commands;

/// <summary>The program's commands, and what becomes of errors: wrong usage is exit code 2, everything else one line and 1.</summary>
public static class CommandLine
{
    /// <summary>Exit code for input or a file that is wrong.</summary>
    public const int BadInput = 1;

    /// <summary>Exit code for a command line that is wrong.</summary>
    public const int WrongUsage = 2;

    /// <summary>Exit code after Ctrl-C, as shells have it: 128 + SIGINT.</summary>
    public const int Interrupted = 130;

    // What an interrupted command may take to save its model.
    private static readonly TimeSpan TerminationTimeout = TimeSpan.FromSeconds(60);

    /// <summary>Runs a command line.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error)
    {
        var terminal = new Terminal(output);
        var root = new RootCommand("Neural networks declared with attributes and compiled at build time: train, try and explain them; and data sets for them.");
        ShowcaseCommand.AddTo(root, terminal);
        root.Add(TrainCommand.Create(terminal));
        root.Add(PredictCommand.Create(terminal));
        root.Add(ExplainCommand.Create(terminal));
        root.Add(EvaluateCommand.Create(terminal));
        root.Add(DataCommand.Create(terminal));

        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            // Some of the messages are lists of several lines.
            var words = parsed.Errors.SelectMany(problem => problem.Message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
            await error.WriteLineAsync($"error: {string.Join(' ', words)} See --help.");
            return WrongUsage;
        }

        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = TerminationTimeout,
                Output = output,
                Error = error,
            });
        }
        catch (OperationCanceledException)
        {
            await error.WriteLineAsync("Interrupted.");
            return Interrupted;
        }
        catch (Exception thrown)
        {
            var exception = thrown;

            // What a static field met, such as an instruction set that does not exist, comes wrapped.
            while (exception is TypeInitializationException { InnerException: { } cause })
            {
                exception = cause;
            }

            await error.WriteLineAsync($"error: {exception.Message.ReplaceLineEndings(" ")}");
            return BadInput;
        }
    }
}
