using Spectre.Console;

namespace Whittle.Examples.Rendering;

/// <summary>Trains a network while showing how far it is: a bar per epoch for a person, a line per epoch for a file.</summary>
internal static class TrainingView
{
    public static TrainingReport Fit(Terminal terminal, CompiledNetwork network, Dataset train, TrainingOptions options, CancellationToken cancellation)
    {
        if (!terminal.IsInteractive)
        {
            var plain = options with { OnEpoch = report => terminal.WriteLine($"epoch {report.Epoch} of {options.Epochs}: {Describe(report)}") };
            return Trainer.Fit(network, train, plain, progress: null, cancellation);
        }

        return terminal.Console.Progress()
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(context =>
            {
                var bars = new EpochBars(context, options.Epochs);
                return Trainer.Fit(network, train, options with { OnEpoch = bars.Finish }, bars, cancellation);
            });
    }

    private static string Describe(EpochReport report)
    {
        var training = FormattableString.Invariant($"loss {report.Loss:F4}, accuracy {100 * report.Accuracy:F2} %");
        var validation = report.Validation is { } measured ? FormattableString.Invariant($", validation accuracy {100 * measured.Accuracy:F2} %") : "";
        return training + validation + FormattableString.Invariant($", {report.SamplesPerSecond:N0} samples/s");
    }

    /// <summary>One bar for each epoch that has begun. Reports come on the training thread, in order.</summary>
    private sealed class EpochBars(ProgressContext context, int epochs) : IProgress<TrainingProgress>
    {
        private ProgressTask? current;
        private int epoch;

        public void Report(TrainingProgress value)
        {
            var bar = Bar(value.Epoch);
            bar.Value = (double)value.Rows / value.RowsPerEpoch;
            bar.Description = FormattableString.Invariant($"epoch {value.Epoch} of {epochs}: loss {value.Loss:F4}, accuracy {100 * value.Accuracy:F2} %");
        }

        public void Finish(EpochReport report)
        {
            var bar = Bar(report.Epoch);
            bar.Description = $"epoch {report.Epoch} of {epochs}: {Describe(report)}";
            bar.Value = 1;
            bar.StopTask();
        }

        private ProgressTask Bar(int number)
        {
            if (current is null || number != epoch)
            {
                epoch = number;
                current = context.AddTask($"epoch {number} of {epochs}", maxValue: 1);
            }

            return current;
        }
    }
}
