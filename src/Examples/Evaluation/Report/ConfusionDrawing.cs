using System.Globalization;
using System.Xml.Linq;

namespace Whittle.Examples.Evaluation.Report;

/// <summary>Confusion matrices side by side, one for each method: rows are true classes, columns predicted ones, dark is often.</summary>
internal static class ConfusionDrawing
{
    private const int Side = 110;
    private const int Gap = 24;
    private const int Columns = 6;

    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    /// <summary>Draws them.</summary>
    public static string Draw(IReadOnlyList<(string Name, IReadOnlyList<IReadOnlyList<long>> Counts)> matrices)
    {
        var columns = Math.Min(Columns, matrices.Count);
        var rows = (matrices.Count + Columns - 1) / Columns;
        var (width, height) = ((columns * (Side + Gap)) + Gap, (rows * (Side + (2 * Gap))) + Gap);
        return new XElement(
            Svg + "svg",
            new XAttribute("width", width),
            new XAttribute("height", height),
            new XAttribute("viewBox", $"0 0 {width} {height}"),
            new XElement(Svg + "rect", new XAttribute("width", width), new XAttribute("height", height), new XAttribute("fill", "#fff")),
            matrices.Select((matrix, index) => Matrix(matrix.Name, matrix.Counts, Gap + (index % Columns * (Side + Gap)), Gap + (index / Columns * (Side + (2 * Gap))))))
            .ToString(SaveOptions.DisableFormatting);
    }

    private static XElement Matrix(string name, IReadOnlyList<IReadOnlyList<long>> counts, int left, int top)
    {
        var cell = (double)Side / counts.Count;
        return new XElement(
            Svg + "g",
            new XAttribute("transform", $"translate({left} {top})"),
            new XElement(Svg + "text", new XAttribute("y", -6), new XAttribute("font-family", "system-ui, sans-serif"), new XAttribute("font-size", 12), new XAttribute("fill", "#222"), name),
            new XElement(
                Svg + "rect", new XAttribute("width", Side), new XAttribute("height", Side), new XAttribute("fill", "#f2f4f8"), new XAttribute("stroke", "#bbb"), new XAttribute("stroke-width", 0.5)),
            from row in Enumerable.Range(0, counts.Count)
            let sum = Math.Max(counts[row].Sum(), 1)
            from column in Enumerable.Range(0, counts.Count)
            where counts[row][column] > 0
            select new XElement(
                Svg + "rect",
                new XAttribute("x", Number(column * cell)),
                new XAttribute("y", Number(row * cell)),
                new XAttribute("width", Number(cell)),
                new XAttribute("height", Number(cell)),
                new XAttribute("fill", row == column ? "#1f5fae" : "#c0392b"),

                // A square root, so that a hundredth of a class can still be seen.
                new XAttribute("fill-opacity", Number(Math.Sqrt((double)counts[row][column] / sum)))));
    }

    private static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
