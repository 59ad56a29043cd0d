using System.Globalization;

namespace Whittle.Examples.Evaluation.Report;

/// <summary>
/// Trainings that differ in their length, side by side: what a method makes of the time that another one takes. Where all are of one length,
/// <see cref="TimeSection"/> tells it.
/// </summary>
internal static class LengthSection
{
    // Over fewer decades a logarithmic axis has one label or two.
    private const double LogarithmicSpread = 100;

    public static IEnumerable<Block> Blocks(IReadOnlyList<ResultGroup> groups) => groups
        .GroupBy(group => (group.Settings.Data, group.Settings.BatchSize, group.Settings.Optimizer))
        .Where(lengths => lengths.Count() > 1)
        .SelectMany(lengths => lengths.SelectMany(group => group.Depths).Distinct().Order().SelectMany(depth => Blocks([.. lengths], depth)));

    private static IEnumerable<Block> Blocks(IReadOnlyList<ResultGroup> lengths, int depth)
    {
        var trainings = (
            from length in lengths
            from method in length.Methods
            let results = length.At(method, depth)
            where results.Any(result => result.Epochs.Count > 0)
            let seconds = results.Where(result => result.Epochs.Count > 0).Average(result => result.Epochs.Sum(epoch => epoch.Seconds))
            orderby seconds
            select (Length: length, Method: method, Results: results, Seconds: seconds)).ToArray();
        if (trainings.Select(training => training.Length).Distinct().Count() < 2)
        {
            yield break;
        }

        var settings = lengths[0].Settings;
        var title = string.Create(CultureInfo.InvariantCulture, $"{settings.Data}, batch {settings.BatchSize}, {settings.Optimizer}, {depth} hidden {(depth == 1 ? "layer" : "layers")}");
        yield return new Heading(2, $"Trainings of different length: {title}");
        yield return new Drawing(
            string.Create(CultureInfo.InvariantCulture, $"length-{lengths[0].DataName}-{depth}"),
            LinePlot.Draw("seconds of training", "test accuracy, %", trainings.GroupBy(training => training.Method).Select(method => new PlotLine(
                method.Key,
                MethodColor.Of(method.Key),
                [.. method.Select(training => (training.Seconds, 100 * training.Results.Average(result => result.Outcome!.Test)))])), logarithmicX: trainings[^1].Seconds > LogarithmicSpread * trainings[0].Seconds),
            $"Test accuracy by the time of training; a method's points are its trainings: {title}.");
        yield return new Paragraph("What is above a training in this table took less time. Accuracies in percent, means over seeds; ± half their range. Times compare where trainings ran on one machine, alone or as many at a time.");
        yield return new Table(
            ["method", "epochs", "rows", "weights tested", "learning rate", "seeds", "development, %", "test, %", "seconds"],
            [.. trainings.Select(training => (IReadOnlyList<Cell>)
            [
                training.Method,
                Invariant(training.Length.Settings.Epochs),
                string.Create(CultureInfo.InvariantCulture, $"{training.Length.Settings.Rows:N0}"),
                training.Length.Settings.KeepsLast ? "last" : "of least loss",
                string.Join(", ", training.Results.Select(result => result.Settings.LearningRate).Distinct().Select(Invariant)),
                Invariant(training.Results.Count),
                string.Create(CultureInfo.InvariantCulture, $"{100 * training.Results.Average(result => result.Development):F2}"),
                AccuracySection.Accuracy(training.Results),
                string.Create(CultureInfo.InvariantCulture, $"{training.Seconds:F1}"),
            ])]);
    }

    private static string Invariant<T>(T value)
        where T : IFormattable => value.ToString(null, CultureInfo.InvariantCulture);
}
