using System.Globalization;
using Spectre.Console;

namespace Whittle.Examples.Rendering;

/// <summary>Tables of what training steps do in each layer.</summary>
internal static class StatisticsView
{
    /// <summary>Time, nodes, buckets and estimates of the steps of an epoch.</summary>
    public static void Write(Terminal terminal, TrainingStatistics statistics)
    {
        var steps = Math.Max(1, statistics.Steps);
        var table = Table("ms a step", "choosing", "forward", "input gradient", "update", "nodes active", "retrieved, filled", "duplicates", "nodes a bucket", "full", "relative E|error|^2");
        foreach (var layer in statistics.Layers)
        {
            var products = new[] { layer.Forward, layer.InputGradient, layer.WeightGradient }.Where(product => product is not null);
            var (queries, buckets) = (layer.Queries, layer.Buckets);
            table.AddRow(
                $"layer {layer.Layer}",
                Milliseconds(layer.Times.Choosing),
                Milliseconds(layer.Times.Forward),
                Milliseconds(layer.Times.InputGradient),
                Milliseconds(layer.Times.Update),
                Percent(layer.ActiveShare),
                queries is { Queries: > 0 } asked ? Invariant($"{(double)asked.Retrieved / asked.Queries:F1}, {(double)asked.Filled / asked.Queries:F1}") : "",
                queries is { } found ? Percent(found.DuplicateShare) : "",
                buckets is { } load ? Invariant($"{load.MeanLoad:F1}, largest {load.Largest}, dropped {load.Dropped}") : "",
                buckets is { } fill ? Percent(fill.FullShare) : "",
                string.Join(", ", products.Select(product => product!.Value.RelativeSquaredError is { } error ? Invariant($"{error:G2}") : "-")));
        }

        terminal.Console.Write(table);
        terminal.WriteLine(Invariant(
            $"{statistics.Steps:N0} steps of the last epoch, {Milliseconds(statistics.Duration)} ms each, of which {Milliseconds(statistics.Other)} ms belong to no layer."));

        string Milliseconds(TimeSpan time) => Invariant($"{time.TotalMilliseconds / steps:F3}");
    }

    /// <summary>What hidden layers lose against exact ones.</summary>
    public static void Write(Terminal terminal, IReadOnlyList<LayerMeasurement> measured)
    {
        var table = Table("against exact", "nodes active", "recall", "captured", "c", "relative error", "sum error");
        foreach (var layer in measured)
        {
            table.AddRow(
                $"layer {layer.Layer}",
                Percent(layer.ActiveShare),
                layer.Recall is { } recall ? Invariant($"{recall:F2}") : "",
                Percent(layer.CapturedShare),
                layer.CapturedRatio is { } ratio ? Invariant($"{ratio:G3}") : "",
                Invariant($"{layer.RelativeError:G3}"),
                layer.SumError is { } sum ? Invariant($"{sum:G3}") : "");
        }

        terminal.Console.Write(table);
    }

    private static Table Table(string first, params ReadOnlySpan<string> headings)
    {
        var table = new Table().RoundedBorder().AddColumn(first);
        foreach (var heading in headings)
        {
            table.AddColumn(new TableColumn(heading).RightAligned());
        }

        return table;
    }

    private static string Percent(double share) => Invariant($"{100 * share:F1} %");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
