using System.Globalization;

namespace Whittle.Examples.Evaluation.Report;

/// <summary>What each method keeps at each depth.</summary>
internal static class AccuracySection
{
    private const string Reference = "standard";

    public static IEnumerable<Block> Blocks(ResultGroup group)
    {
        yield return new Heading(2, $"Accuracy: {group.Title}");
        if (group.Depths.Count > 1)
        {
            yield return Plot(group);
        }

        yield return new Paragraph(
            "Test accuracy in percent. In brackets how many classes are predicted at all, where not all of up to 100 are; † a training that diverged and was tested as it was after its last good epoch, or untrained where the first one diverged; "
            + "± half the range over seeds. The last column is the difference to standard at the largest depth, in points.");
        yield return new Table(
            ["method", .. group.Depths.Select(depth => $"{depth}"), "against standard"],
            [.. group.Methods.Select(method => (IReadOnlyList<Cell>)[method, .. group.Depths.Select(depth => Accuracy(group.At(method, depth))), Difference(group, method)])]);
        if (group.Missing.ToArray() is { Length: > 0 } missing)
        {
            yield return new Paragraph($"Without a result: {string.Join("; ", missing.Select(item => $"{item.Method} at {string.Join(", ", item.Depths)}"))}.");
        }
    }

    /// <summary>A cell that tells the accuracy of trainings that differ by their seed.</summary>
    public static Cell Accuracy(IReadOnlyList<CellResult> results)
    {
        if (results.Count == 0)
        {
            return "";
        }

        var tests = results.Select(result => 100 * result.Outcome!.Test).ToArray();
        var classes = results.Min(result => result.Outcome!.PredictedClasses);
        var all = results[0].Outcome!.Confusion.Count;
        var spread = tests.Length > 1 ? string.Create(CultureInfo.InvariantCulture, $" ± {(tests.Max() - tests.Min()) / 2:F2}") : "";
        var diverged = results.Any(result => result.Diverged);
        return new Cell(
            string.Create(CultureInfo.InvariantCulture, $"{tests.Average():F2}{spread}{(classes < all ? $" ({classes})" : "")}{(diverged ? " †" : "")}"),
            diverged || classes < all);
    }

    private static Cell Difference(ResultGroup group, string method)
    {
        var deepest = group.Depths[^1];
        return method != Reference && group.Mean(method, deepest, Test) - group.Mean(Reference, deepest, Test) is { } difference
            ? string.Create(CultureInfo.InvariantCulture, $"{100 * difference:+0.00;-0.00;0.00}")
            : "";
    }

    private static double? Test(CellResult result) => result.Outcome!.Test;

    private static Drawing Plot(ResultGroup group) => new(
        $"accuracy-{group.FileName}",
        LinePlot.Draw("hidden layers", "test accuracy, %", group.Methods.Select(method => new PlotLine(
            method,
            MethodColor.Of(method),
            [.. group.Depths.Where(depth => group.At(method, depth).Count > 0).Select(depth => ((double)depth, 100 * group.Mean(method, depth, Test)!.Value))]))),
        $"Test accuracy by the number of hidden layers: {group.Title}.");
}
