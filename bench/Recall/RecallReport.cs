using System.Globalization;
using ScottPlot;

namespace Whittle.Bench.Recall;

/// <summary>The measurements as a Markdown table and as a plot.</summary>
internal static class RecallReport
{
    /// <summary>Writes the table.</summary>
    public static void WriteTable(TextWriter output, IEnumerable<RecallMeasurement> measurements)
    {
        output.WriteLine("| weights | family | K | L | recall by count | recall by walk | nodes in buckets | hash functions / nodes | MB |");
        output.WriteLine("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        foreach (var row in measurements)
        {
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {row.Layer} | {row.Family} | {row.Bits} | {row.Tables} | {row.ByCount:F2} | {row.ByWalk:F2} | {row.InBuckets:P0} | {row.Functions:F2} | {row.Megabytes:F1} |"));
        }
    }

    /// <summary>Draws recall by count over the number of hash functions for the fewest and the most bits, a line for each family and kind of weights.</summary>
    public static void Plot(string path, IReadOnlyList<RecallMeasurement> measurements)
    {
        using var plot = new Plot();
        var families = measurements.Select(row => row.Family).Distinct().ToArray();
        var most = measurements.Max(row => row.Bits);
        var least = measurements.Min(row => row.Bits);
        foreach (var group in measurements.Where(row => row.Bits == most || row.Bits == least).GroupBy(row => (row.Layer, row.Family, row.Bits)))
        {
            double[] functions = [.. group.Select(row => Math.Log10(row.Functions))];
            double[] recall = [.. group.Select(row => row.ByCount)];
            var line = plot.Add.Scatter(functions, recall);
            line.LegendText = $"{group.Key.Layer}, {group.Key.Family}, K = {group.Key.Bits}";
            line.Color = new ScottPlot.Palettes.Category10().GetColor(Array.IndexOf(families, group.Key.Family));
            line.LinePattern = group.Key.Layer == "random" ? LinePattern.Dashed : LinePattern.Solid;
            line.LineWidth = group.Key.Bits == most ? 3 : 1;
        }

        var chance = plot.Add.HorizontalLine(0.05);
        (chance.Color, chance.LinePattern, chance.LegendText) = (Colors.Gray, LinePattern.Dotted, "chance");
        var ticks = (double[])[0.02, 0.05, 0.1, 0.2, 0.5, 1, 2];
        plot.Axes.Bottom.SetTicks([.. ticks.Select(Math.Log10)], [.. ticks.Select(tick => tick.ToString(CultureInfo.InvariantCulture))]);
        plot.XLabel("hash functions K L / nodes of the layer");
        plot.YLabel("recall of the true top 5 %");
        plot.Axes.SetLimitsY(0, 1.2 * measurements.Max(row => row.ByCount));
        plot.ShowLegend(Edge.Right);
        plot.SavePng(path, 1100, 600);
    }
}
