using System.Globalization;
using Spectre.Console;
using Whittle.Examples.Evaluation;

namespace Whittle.Examples.Rendering;

/// <summary>Shows an evaluation: a bar for each running training where a person watches, and a line for each finished one.</summary>
internal sealed class EvaluationView : IEvaluationView
{
    private readonly Terminal terminal;
    private readonly ProgressContext? bars;
    private readonly Lock gate = new();

    private EvaluationView(Terminal terminal, ProgressContext? bars)
    {
        this.terminal = terminal;
        this.bars = bars;
    }

    /// <summary>Shows what runs meanwhile.</summary>
    public static void Show(Terminal terminal, Action<IEvaluationView> run)
    {
        if (!terminal.IsInteractive)
        {
            run(new EvaluationView(terminal, null));
            return;
        }

        terminal.Console.Progress()
            .AutoClear(true)
            .HideCompleted(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn())
            .Start(context => run(new EvaluationView(terminal, context)));
    }

    /// <inheritdoc/>
    public void Planned(int trials, int cells, int methods, int jobs) =>
        Write($"{methods} {(methods == 1 ? "method" : "methods")}, {cells} {(cells == 1 ? "training" : "trainings")} to tell of and {trials} to choose learning rates, {jobs} at a time, {InstructionSets.Active}.");

    /// <inheritdoc/>
    public CellResult Watch(CellSettings settings, Func<IProgress<TrainingProgress>, CellResult> run)
    {
        if (bars is null)
        {
            return run(new Bar(null));
        }

        var bar = bars.AddTask(Markup.Escape(Describe(settings)), maxValue: 1);
        try
        {
            return run(new Bar(bar));
        }
        finally
        {
            bar.StopTask();
        }
    }

    /// <inheritdoc/>
    public void Finished(CellResult result, TimeSpan remaining)
    {
        var accuracy = result.Outcome is { } outcome
            ? string.Create(CultureInfo.InvariantCulture, $"test {100 * outcome.Test:F2} %")
            : string.Create(CultureInfo.InvariantCulture, $"development {100 * result.Development:F2} %");
        var time = string.Create(CultureInfo.InvariantCulture, $"{result.Epochs.Sum(epoch => epoch.Seconds):F1} s");
        Write($"{Describe(result.Settings)}: {accuracy}, {time}{(result.Diverged ? ", diverged" : "")} ({remaining:c} left)");
    }

    private void Write(string line)
    {
        lock (gate)
        {
            if (bars is null)
            {
                terminal.WriteLine(line);
            }
            else
            {
                terminal.Console.WriteLine(line);
            }
        }
    }

    private static string Describe(CellSettings settings) => string.Create(
        CultureInfo.InvariantCulture,
        $"{settings.Data} {settings.Method}, depth {settings.Depth}, batch {settings.BatchSize}, {settings.Optimizer} {settings.LearningRate}, seed {settings.Seed}");

    private sealed class Bar(ProgressTask? task) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => task?.Value = (value.Epoch - 1 + ((double)value.Rows / value.RowsPerEpoch)) / value.Epochs;
    }
}
