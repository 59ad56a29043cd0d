using System.Globalization;

namespace Whittle.Examples.Evaluation.Report;

/// <summary>How the error of sampled layers grows with depth, measured and predicted.</summary>
internal static class ErrorSection
{
    public static IEnumerable<Block> Blocks(ResultGroup group)
    {
        var deepest = group.Depths[^1];
        var (trained, untrained) = group.TrainedAt(deepest);
        var measured = trained.Select(method => (Name: method, Results: group.At(method, deepest))).ToArray();
        var inexact = measured.Where(item => Layers(item.Results).Any(layer => layer.RelativeError != 0)).ToArray();
        if (inexact.Length == 0)
        {
            yield break;
        }

        yield return new Heading(2, $"Error by layer: {group.Title}");
        yield return new Paragraph(
            $"Trained networks of {deepest} hidden layers, on development rows: activations as in training, a', against those of the exact forward pass with the same weights, a. "
            + "Linear layers whose active nodes carry c times what the inactive ones carry lose (sum a - sum a') / sum a' = ((c + 1) / c)^k - 1 after k layers. "
            + "c is measured: for each row the median over the nodes above of the sum of |w a| over active nodes, over that of inactive ones. "
            + "The formula takes each layer's own c; it knows no ReLU, no biases and no cancelling of signs.");
        var exact = measured.Where(item => !inexact.Contains(item)).Select(item => item.Name).ToArray();
        if (exact.Length > 0)
        {
            yield return new Paragraph($"No forward error at all, in any layer: {string.Join(", ", exact)}. These are exact, or sample the backward pass only.");
        }

        if (untrained.Count > 0)
        {
            yield return new Paragraph($"Left out, since they diverged in their first epoch: {string.Join(", ", untrained)}.");
        }

        foreach (var kind in inexact.GroupBy(item => Kind(item.Name)).OrderByDescending(kind => kind.Key))
        {
            yield return new Drawing(
                $"error-{(kind.Key == Unscaled ? "unscaled" : "scaled")}-{group.FileName}",
                LinePlot.Draw("layer", "error", kind.SelectMany(item => Lines(item.Name, Layers(item.Results))), logarithmicY: true),
                $"{kind.Key}: |sum error| measured by layer, and dashed what ((c + 1) / c)^k - 1 predicts.");
        }

        yield return new Table(
            ["method", "c of the first layer", "of the last", "predicted error, first", "measured", "predicted error, last", "measured", "|a' - a| / |a|, first", "last"],
            [.. inexact.Select(item => Row(item.Name, Layers(item.Results)))]);
    }

    private const string Unscaled = "Unscaled";
    private const string Scaled = "Scaled by 1 / p";

    private static string Kind(string name)
    {
        var layers = Methods.All.FirstOrDefault(method => method.Name == name)?.Networks[0].Declaration.Layers;
        return layers is null || layers.Any(layer => layer.NodeSampling is { Scaling: NodeScaling.None } || layer.InputSampling is { Estimator: InputEstimator.TopK }) ? Unscaled : Scaled;
    }

    // In the mean over seeds.
    private static IReadOnlyList<LayerOutcome> Layers(IReadOnlyList<CellResult> results) =>
    [
        .. Enumerable.Range(0, results.Min(result => result.Outcome!.Layers.Count)).Select(index =>
        {
            var layers = results.Select(result => result.Outcome!.Layers[index]).ToArray();
            return new LayerOutcome(
                layers.Average(layer => layer.ActiveShare),
                layers.Average(layer => layer.Recall),
                layers.Average(layer => layer.CapturedRatio),
                layers.Average(layer => layer.RelativeError),
                layers.Average(layer => layer.SumError));
        }),
    ];

    private static IEnumerable<PlotLine> Lines(string name, IReadOnlyList<LayerOutcome> layers)
    {
        var color = MethodColor.Of(name);
        yield return new PlotLine(
            name, color, [.. layers.Select((layer, index) => (Layer: index + 1.0, Error: Math.Abs(layer.SumError ?? double.NaN))).Where(point => double.IsFinite(point.Error))]);
        var predicted = Enumerable.Range(1, layers.Count).Select(count => (Layer: (double)count, Error: Predicted(layers, count))).Where(point => double.IsFinite(point.Error)).ToArray();
        if (predicted.Length > 0)
        {
            yield return new PlotLine(null, color, predicted, IsDashed: true);
        }
    }

    private static double Predicted(IReadOnlyList<LayerOutcome> layers, int count) =>
        layers.Any(layer => layer.CapturedRatio is not null)
            ? ErrorGrowth.Predicted(layers.Take(count).Select(layer => layer.CapturedRatio).OfType<double>())
            : double.NaN;

    private static IReadOnlyList<Cell> Row(string name, IReadOnlyList<LayerOutcome> layers) =>
    [
        name,
        Text(layers[0].CapturedRatio),
        Text(layers[^1].CapturedRatio),
        Text(Predicted(layers, 1)),
        Text(layers[0].SumError),
        Text(Predicted(layers, layers.Count)),
        Text(layers[^1].SumError),
        Text(layers[0].RelativeError),
        Text(layers[^1].RelativeError),
    ];

    private static Cell Text(double? value) => value is { } number && double.IsFinite(number) ? number.ToString(Math.Abs(number) >= 100 ? "G3" : "F2", CultureInfo.InvariantCulture) : "";
}
