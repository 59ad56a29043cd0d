using System.Xml.Linq;
using ScottPlot;

namespace Whittle.Examples.Evaluation.Report;

/// <summary>What all plots look like.</summary>
internal static class PlotDrawing
{
    private const int Width = 960;

    /// <summary>Draws a plot, with a legend at its right.</summary>
    /// <param name="plot">The plot.</param>
    /// <param name="height">Height of the drawing, in pixels.</param>
    public static string Draw(Plot plot, int height)
    {
        plot.Axes.Bottom.Label.Bold = false;
        plot.Axes.Left.Label.Bold = false;
        plot.Grid.MajorLineColor = Colors.Black.WithAlpha(0.08);
        plot.Legend.OutlineColor = Colors.Transparent;
        plot.Legend.ShadowColor = Colors.Transparent;
        plot.ShowLegend(Edge.Right);
        return Responsive(plot.GetSvgXml(Width, height), height);
    }

    // A drawing with a view box shrinks with a narrow page; the fonts of this machine may not be those of the reader's.
    private static string Responsive(string svg, int height)
    {
        var drawing = XElement.Parse(svg);
        foreach (var family in drawing.Descendants().Attributes("font-family"))
        {
            family.Value = "system-ui, sans-serif";
        }

        drawing.SetAttributeValue("viewBox", $"0 0 {Width} {height}");
        return drawing.ToString(SaveOptions.DisableFormatting);
    }
}
