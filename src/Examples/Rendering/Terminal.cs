using Spectre.Console;

namespace Whittle.Examples.Rendering;

/// <summary>Where commands write: a terminal with colours and progress bars, or a plain stream of lines.</summary>
internal sealed class Terminal
{
    // A file or a pipe has no width; tables get what they need.
    private const int PlainWidth = 200;

    public Terminal(TextWriter output)
    {
        Console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
        if (!Console.Profile.Out.IsTerminal)
        {
            Console.Profile.Width = PlainWidth;
        }
    }

    /// <summary>For tables, charts and markup.</summary>
    public IAnsiConsole Console { get; }

    /// <summary>Whether a person watches, so that a line may be drawn again.</summary>
    public bool IsInteractive => Console.Profile.Out.IsTerminal && Console.Profile.Capabilities.Ansi;

    /// <summary>Writes a line as it is: paths must not be wrapped.</summary>
    public void WriteLine(string text = "") => Console.Profile.Out.Writer.WriteLine(text);
}
