using System.Globalization;
using Spectre.Console;

namespace Whittle.Examples.Rendering;

/// <summary>Tables of what training steps do in each layer; columns in which no layer has anything are left out.</summary>
internal static class StatisticsView
{
    /// <summary>Time, nodes, buckets and estimates of the steps of an epoch.</summary>
    public static void Write(Terminal terminal, TrainingStatistics statistics)
    {
        var steps = Math.Max(1, statistics.Steps);
        Write(
            terminal,
            "ms a step",
            statistics.Layers,
            ("", layer => $"layer {layer.Layer}"),
            ("choosing", layer => Milliseconds(layer.Times.Choosing)),
            ("forward", layer => Milliseconds(layer.Times.Forward)),
            ("input gradient", layer => Milliseconds(layer.Times.InputGradient)),
            ("update", layer => Milliseconds(layer.Times.Update)),
            ("nodes active", layer => Percent(layer.ActiveShare)),
            ("retrieved, filled", layer => layer.Queries is { Queries: > 0 } asked
                ? Invariant($"{(double)asked.Retrieved / asked.Queries:F1}, {(double)asked.Filled / asked.Queries:F1}") : ""),
            ("duplicates", layer => layer.Queries is { } found ? Percent(found.DuplicateShare) : ""),
            ("nodes a bucket, most", layer => layer.Buckets is { } load ? Invariant($"{load.MeanLoad:F1}, {load.Largest}") : ""),
            ("full", layer => layer.Buckets is { } full ? Percent(full.FullShare) : ""),
            ("dropped", layer => layer.Buckets is { } dropped ? Invariant($"{dropped.Dropped}") : ""),
            ("relative E|error|^2", layer => string.Join(
                ", ", Products(layer).Select(product => product.RelativeSquaredError is { } error ? Invariant($"{error:G2}") : "-"))));
        terminal.WriteLine(Invariant(
            $"{statistics.Steps:N0} steps of the last epoch, {Milliseconds(statistics.Duration)} ms each, of which {Milliseconds(statistics.Other)} ms belong to no layer."));

        string Milliseconds(TimeSpan time) => Invariant($"{time.TotalMilliseconds / steps:F3}");
    }

    /// <summary>What hidden layers lose against exact ones.</summary>
    public static void Write(Terminal terminal, IReadOnlyList<LayerMeasurement> measured) => Write(
        terminal,
        "against exact",
        measured,
        ("", layer => $"layer {layer.Layer}"),
        ("nodes active", layer => Percent(layer.ActiveShare)),
        ("recall", layer => layer.Recall is { } recall ? Invariant($"{recall:F2}") : ""),
        ("captured", layer => Percent(layer.CapturedShare)),
        ("c", layer => layer.CapturedRatio is { } ratio ? Invariant($"{ratio:G3}") : ""),
        ("relative error", layer => Invariant($"{layer.RelativeError:G3}")),
        ("sum error", layer => layer.SumError is { } sum ? Invariant($"{sum:G3}") : ""));

    private static IEnumerable<ProductStatistics> Products(LayerStatistics layer) =>
        new[] { layer.Forward, layer.InputGradient, layer.WeightGradient }.OfType<ProductStatistics>();

    private static void Write<TLayer>(
        Terminal terminal, string title, IReadOnlyList<TLayer> layers, params ReadOnlySpan<(string Heading, Func<TLayer, string> Cell)> columns)
    {
        var shown = columns.ToArray().Where(column => layers.Any(layer => column.Cell(layer).Length > 0)).ToArray();
        var table = new Table().RoundedBorder();
        foreach (var (heading, _) in shown)
        {
            table.AddColumn(heading.Length == 0 ? new TableColumn(title) : new TableColumn(heading).RightAligned());
        }

        foreach (var layer in layers)
        {
            table.AddRow([.. shown.Select(column => column.Cell(layer))]);
        }

        terminal.Console.Write(table);
    }

    private static string Percent(double share) => Invariant($"{100 * share:F1} %");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
