using Spectre.Console;
using Whittle.Examples.Downloads;

namespace Whittle.Examples.Rendering;

/// <summary>Shows how far downloads are: a bar per file for a person, a line per file for a log.</summary>
internal static class DownloadView
{
    /// <summary>Runs a download of files while showing it.</summary>
    public static async Task ShowAsync(Terminal terminal, IReadOnlyList<PublishedFile> files, Func<IProgress<DownloadProgress>, Task> run)
    {
        if (!terminal.IsInteractive)
        {
            await run(new Lines(terminal));
            return;
        }

        await terminal.Console.Progress()
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new DownloadedColumn(), new TransferSpeedColumn(), new RemainingTimeColumn())
            .StartAsync(async context => await run(new Bars(context, terminal, files)));
    }

    private static string Trouble(DownloadProgress progress) => $"{progress.File.Name}: {progress.Trouble}";

    private sealed class Lines(Terminal terminal) : IProgress<DownloadProgress>
    {
        private PublishedFile? current;

        public void Report(DownloadProgress value)
        {
            if (value.File != current)
            {
                current = value.File;
                terminal.WriteLine(FormattableString.Invariant($"{value.File.Name}, {value.File.Bytes:N0} bytes"));
            }

            if (value.Trouble is not null)
            {
                terminal.WriteLine(Trouble(value));
            }
        }
    }

    private sealed class Bars(ProgressContext context, Terminal terminal, IReadOnlyList<PublishedFile> files) : IProgress<DownloadProgress>
    {
        private readonly Dictionary<PublishedFile, ProgressTask> bars =
            files.ToDictionary(file => file, file => context.AddTask(Markup.Escape(file.Name), autoStart: false, maxValue: file.Bytes));

        public void Report(DownloadProgress value)
        {
            var bar = bars[value.File];
            if (!bar.IsStarted)
            {
                bar.StartTask();
            }

            bar.Value = value.Bytes;
            if (value.Trouble is not null)
            {
                terminal.Console.MarkupLineInterpolated($"{Trouble(value)}");
            }
        }
    }
}
