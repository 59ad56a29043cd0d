using ScottPlot;

namespace Whittle.Examples.Evaluation.Report;

/// <summary>A bar for each name, put together from parts, drawn as SVG.</summary>
internal static class StackedPlot
{
    private const int Margin = 90;
    private const int BarHeight = 26;

    private static readonly ScottPlot.Palettes.Category10 Palette = new();

    /// <summary>Draws bars; the first is at the top.</summary>
    /// <param name="x">What the horizontal axis tells.</param>
    /// <param name="parts">Names of the parts, from left to right.</param>
    /// <param name="bars">Names and the size of each part.</param>
    public static string Draw(string x, IReadOnlyList<string> parts, IReadOnlyList<(string Name, IReadOnlyList<double> Sizes)> bars)
    {
        using var plot = new Plot();
        for (var part = 0; part < parts.Count; part++)
        {
            var plotted = plot.Add.Bars(bars.Select((bar, index) => new Bar
            {
                Position = -index,
                ValueBase = bar.Sizes.Take(part).Sum(),
                Value = bar.Sizes.Take(part + 1).Sum(),
                FillColor = Palette.GetColor(part),
                LineWidth = 0,
            }).ToArray());
            plotted.Horizontal = true;
            plotted.LegendText = parts[part];
        }

        plot.Axes.Bottom.Label.Text = x;
        plot.Axes.Left.TickGenerator = new ScottPlot.TickGenerators.NumericManual([.. bars.Select((_, index) => -(double)index)], [.. bars.Select(bar => bar.Name)]);
        plot.Axes.Left.MajorTickStyle.Length = 0;
        plot.Axes.Margins(left: 0);
        return PlotDrawing.Draw(plot, Margin + (BarHeight * Math.Max(bars.Count, 4)));
    }
}
