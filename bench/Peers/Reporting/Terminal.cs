using Spectre.Console;
using Whittle.Bench.Peers.Measurement;

namespace Whittle.Bench.Peers.Reporting;

/// <summary>Where the program writes: tables to the standard output, progress to the standard error.</summary>
internal sealed class Terminal
{
    // A file or a pipe has no width; tables get what they need.
    private const int PlainWidth = 200;

    private readonly IAnsiConsole progress = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(System.Console.Error) });

    public Terminal()
    {
        if (!Console.Profile.Out.IsTerminal)
        {
            Console.Profile.Width = PlainWidth;
        }
    }

    /// <summary>For tables.</summary>
    public IAnsiConsole Console { get; } = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(System.Console.Out) });

    /// <summary>Writes a line as it is.</summary>
    public void WriteLine(string text = "") => Console.Profile.Out.Writer.WriteLine(text);

    /// <summary>Says what takes time while it does.</summary>
    public T Wait<T>(string what, Func<T> work)
    {
        if (progress.Profile.Out.IsTerminal && progress.Profile.Capabilities.Ansi)
        {
            // The spinner would take time from what is measured: a line is enough.
            System.Console.Error.Write($"\r\e[2K{what} ...");
            var result = work();
            System.Console.Error.Write("\r\e[2K");
            return result;
        }

        return work();
    }

    /// <summary>A line as soon as a case is done.</summary>
    public void WriteProgress(CaseResult result)
    {
        var peers = string.Concat(result.Peers.Select(peer => FormattableString.Invariant($", {peer.Name} {peer.Time.Median / result.Own.Median:F2} x")));
        System.Console.Error.WriteLine(FormattableString.Invariant($"{result.Case.Name}: {result.Own.Median:G4} ms{peers}"));
    }
}
