using ScottPlot;

namespace Whittle.Examples.Evaluation.Report;

/// <summary>A line of a plot.</summary>
/// <param name="Name">Its name in the legend; null for none.</param>
/// <param name="Color">Index of its colour: equal for equal methods in all plots.</param>
/// <param name="Points">Its points.</param>
/// <param name="IsDashed">Whether it is a prediction.</param>
internal sealed record PlotLine(string? Name, int Color, IReadOnlyList<(double X, double Y)> Points, bool IsDashed = false);

/// <summary>Lines over an axis, drawn as SVG.</summary>
internal static class LinePlot
{
    private const int Height = 480;

    // Below the smallest share that ten thousand rows can tell, a logarithm only stretches noise.
    private const double LeastLogarithm = 1e-4;

    private static readonly ScottPlot.Palettes.Category20 Palette = new();

    /// <summary>Draws lines.</summary>
    /// <param name="x">What the horizontal axis tells.</param>
    /// <param name="y">What the vertical axis tells.</param>
    /// <param name="lines">The lines.</param>
    /// <param name="logarithmicX">Whether the horizontal axis is logarithmic.</param>
    /// <param name="logarithmicY">Whether the vertical axis is.</param>
    public static string Draw(string x, string y, IEnumerable<PlotLine> lines, bool logarithmicX = false, bool logarithmicY = false)
    {
        using var plot = new Plot();
        foreach (var line in lines)
        {
            var scatter = plot.Add.Scatter(
                line.Points.Select(point => Scale(point.X, logarithmicX)).ToArray(),
                line.Points.Select(point => Scale(point.Y, logarithmicY)).ToArray());
            scatter.LegendText = line.Name ?? "";
            scatter.Color = Palette.GetColor(line.Color % Palette.Count());
            scatter.LineWidth = 2;
            scatter.MarkerSize = line.IsDashed ? 0 : 6;
            scatter.MarkerShape = line.Color >= Palette.Count() / 2 ? MarkerShape.FilledSquare : MarkerShape.FilledCircle;
            scatter.LinePattern = line.IsDashed ? LinePattern.Dashed : LinePattern.Solid;
        }

        Label(plot.Axes.Bottom, x, logarithmicX);
        Label(plot.Axes.Left, y, logarithmicY);
        return PlotDrawing.Draw(plot, Height);
    }

    private static double Scale(double value, bool logarithmic) => logarithmic ? Math.Log10(Math.Max(value, LeastLogarithm)) : value;

    private static void Label(IAxis axis, string text, bool logarithmic)
    {
        axis.Label.Text = text;
        if (logarithmic)
        {
            axis.TickGenerator = new ScottPlot.TickGenerators.NumericAutomatic
            {
                IntegerTicksOnly = true,
                MinorTickGenerator = new ScottPlot.TickGenerators.LogMinorTickGenerator(),
                LabelFormatter = power => Math.Pow(10, power).ToString("G3", System.Globalization.CultureInfo.InvariantCulture),
            };
        }
        else if (text is "hidden layers" or "layer")
        {
            axis.TickGenerator = new ScottPlot.TickGenerators.NumericAutomatic { IntegerTicksOnly = true };
        }
    }
}
