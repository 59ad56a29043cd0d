using System.Globalization;

namespace Whittle.Examples.Evaluation.Report;

/// <summary>What each method costs: time, multiplications, bytes, memory.</summary>
internal static class TimeSection
{
    private const string Reference = "standard";

    private static readonly string[] PartNames = ["forward", "input gradient", "weight gradient, update", "choosing", "other"];

    private static readonly Func<EpochResult, double>[] Parts =
    [
        epoch => epoch.ForwardSeconds,
        epoch => epoch.BackwardSeconds,
        epoch => epoch.UpdateSeconds,
        epoch => epoch.SelectionSeconds,
        epoch => epoch.Seconds - epoch.ForwardSeconds - epoch.BackwardSeconds - epoch.UpdateSeconds - epoch.SelectionSeconds,
    ];

    public static IEnumerable<Block> Blocks(ResultGroup group)
    {
        yield return new Heading(2, $"Time: {group.Title}");
        if (group.Depths.Count > 1)
        {
            yield return new Drawing(
                $"time-{group.FileName}",
                LinePlot.Draw("hidden layers", "seconds per epoch", group.Methods.Select(method => new PlotLine(
                    method, MethodColor.Of(method), [.. Points(group, method).Select(point => ((double)point.Depth, point.Seconds))]))),
                $"Time of an epoch's steps on one thread by the number of hidden layers: {group.Title}.");
        }

        yield return new Drawing(
            $"accuracy-by-time-{group.FileName}",
            LinePlot.Draw(
                "seconds of training",
                "test accuracy, %",
                group.Methods.Select(method => new PlotLine(
                    method,
                    MethodColor.Of(method),
                    [.. Points(group, method).Select(point => (point.Seconds * group.Settings.Epochs, 100 * group.Mean(method, point.Depth, result => result.Outcome!.Test)!.Value))])),
                logarithmicX: true),
            "Test accuracy by the time that the training took; a method's points are its depths.");
        yield return new Paragraph("Seconds per epoch. The last column tells how many times as fast as standard it is at the largest depth, if both ran on one machine.");
        yield return new Table(
            ["method", .. group.Depths.Select(depth => $"{depth}"), "as fast as standard"],
            [.. group.Methods.Select(method => (IReadOnlyList<Cell>)[method, .. group.Depths.Select(depth => Text(group.Mean(method, depth, SecondsPerEpoch), "F2")), Text(Speed(group, method, group.Depths[^1]), "F2")])]);
        var deepest = group.Depths[^1];
        yield return new Heading(3, $"Where it goes with {deepest} hidden {(deepest == 1 ? "layer" : "layers")}");
        yield return new Paragraph(
            "Shares of an epoch's time; one kernel computes weight gradients and updates, and at batch 1 in exact layers of plain descent the input gradient too. Multiply-adds and bytes of parameters are those of a "
            + "training step for each sample, as expected from the declaration; memory is the largest working set of the process, which holds the data and, with several jobs, other trainings.");
        var timed = group.Methods.Where(method => group.Mean(method, deepest, SecondsPerEpoch) is not null).ToArray();
        if (timed.Length > 0)
        {
            yield return new Drawing(
                $"time-parts-{group.FileName}",
                StackedPlot.Draw("seconds per epoch", PartNames, [.. timed.Select(method => (method, (IReadOnlyList<double>)[.. Parts.Select(part => group.Mean(method, deepest, Of(part))!.Value)]))]),
                $"Where the time of an epoch goes with {deepest} hidden {(deepest == 1 ? "layer" : "layers")}: {group.Title}.");
        }

        yield return new Table(
            ["method", .. PartNames, "multiply-adds, million", "bytes, million", "memory, MB", "active share", "recall"],
            [.. group.Methods.Where(method => group.At(method, deepest).Count > 0).Select(method => Costs(group, method, deepest))]);
        if (group.Methods.Any(method => group.Depths.Any(depth => group.Mean(method, depth, ActiveShare) < 1)))
        {
            yield return new Drawing(
                $"active-{group.FileName}",
                LinePlot.Draw("hidden layers", "active share of the nodes", group.Methods.Where(method => group.Depths.Any(depth => group.Mean(method, depth, ActiveShare) < 1)).Select(method => new PlotLine(
                    method,
                    MethodColor.Of(method),
                    [.. group.Depths.Where(depth => group.At(method, depth).Count > 0).Select(depth => ((double)depth, group.Mean(method, depth, ActiveShare) ?? 1))]))),
                "Share of the hidden nodes that are active in training, of the methods that leave some out.");
        }
    }

    /// <summary>Seconds of an epoch's steps; null where none was finished.</summary>
    public static double? SecondsPerEpoch(CellResult result) => result.Epochs.Select(epoch => (double?)epoch.Seconds).Average();

    private static Func<CellResult, double?> Of(Func<EpochResult, double> part) => result => result.Epochs.Select(epoch => (double?)part(epoch)).Average();

    private static double? ActiveShare(CellResult result) => result.Outcome!.Layers.Select(layer => (double?)layer.ActiveShare).Average();

    private static IEnumerable<(int Depth, double Seconds)> Points(ResultGroup group, string method) =>
        group.Depths.Where(depth => group.Mean(method, depth, SecondsPerEpoch) is not null).Select(depth => (depth, group.Mean(method, depth, SecondsPerEpoch)!.Value));

    /// <summary>How many times as fast as standard a method trains at a depth; null where either is missing, or they ran on different machines.</summary>
    public static double? Speed(ResultGroup group, string method, int depth)
    {
        var machines = group.At(method, depth).Concat(group.At(Reference, depth)).Select(result => result.Machine).Distinct();
        return machines.Count() == 1 ? group.Mean(Reference, depth, SecondsPerEpoch) / group.Mean(method, depth, SecondsPerEpoch) : null;
    }

    private static IReadOnlyList<Cell> Costs(ResultGroup group, string method, int depth)
    {
        return
        [
            method,
            .. Parts.Select(Share),
            Text(group.Mean(method, depth, result => result.Outcome!.MultiplyAdds) / 1e6, "F2"),
            Text(group.Mean(method, depth, result => result.Outcome!.ParameterBytes) / 1e6, "F2"),
            Text(group.Mean(method, depth, result => result.Outcome!.PeakMemory) / 1e6, "F0"),
            Text(group.Mean(method, depth, ActiveShare), "F2"),
            Text(group.Mean(method, depth, result => result.Outcome!.Layers.Select(layer => layer.Recall).Average()), "F2"),
        ];

        Cell Share(Func<EpochResult, double> part) => Text(
            100 * group.Mean(method, depth, Of(part)) / group.Mean(method, depth, SecondsPerEpoch), "F0", " %");
    }

    private static Cell Text(double? value, string format, string unit = "") => value is { } number ? number.ToString(format, CultureInfo.InvariantCulture) + unit : "";
}
