using System.Globalization;

namespace Whittle.Examples.Evaluation.Report;

/// <summary>Which methods hold at the largest depth, and which of those are worth their while.</summary>
internal static class SummarySection
{
    private const string Reference = "standard";

    // Points of accuracy that a method may lose and still count as exact.
    private const double Tolerance = 0.5;

    // Below half of what standard has, nothing useful was learnt.
    private const double Collapse = 0.5;

    public static IEnumerable<Block> Blocks(IReadOnlyList<ResultGroup> groups)
    {
        var compared = groups.Where(group => group.Methods.Count > 1 && group.Mean(Reference, group.Depths[^1], Test) is not null).ToArray();
        if (compared.Length == 0)
        {
            yield break;
        }

        yield return new Heading(2, "At a glance");
        yield return new Paragraph(string.Create(
            CultureInfo.InvariantCulture,
            $"At the largest depth of each study: which methods stay within {Tolerance} points of standard, with how many times as fast as standard they trained on the same machine, which end below half of its accuracy, and which diverged; those may need a lower learning rate at this depth."));
        yield return new Table(
            ["study", "hidden layers", "standard, %", "within half a point, faster", "within half a point, not faster", "collapsed", "diverged"],
            [.. compared.Select(Row)]);
    }

    private static double? Test(CellResult result) => 100 * result.Outcome!.Test;

    private static IReadOnlyList<Cell> Row(ResultGroup group)
    {
        var deepest = group.Depths[^1];
        var reference = group.Mean(Reference, deepest, Test)!.Value;
        var others = group.Methods
            .Where(method => method != Reference && group.Mean(method, deepest, Test) is not null)
            .Select(method => (
                Name: method,
                Accuracy: group.Mean(method, deepest, Test)!.Value,
                Speed: TimeSection.Speed(group, method, deepest)))
            .ToArray();
        var close = others.Where(method => method.Accuracy >= reference - Tolerance).OrderByDescending(method => method.Speed).ToArray();
        return
        [
            group.Title,
            $"{deepest}",
            reference.ToString("F2", CultureInfo.InvariantCulture),
            string.Join(", ", close.Where(method => method.Speed > 1).Select(Describe)),
            string.Join(", ", close.Where(method => !(method.Speed > 1)).Select(Describe)),
            string.Join(", ", others.Where(method => !group.Diverged(method.Name, deepest) && method.Accuracy < Collapse * reference).Select(method => method.Name)),
            string.Join(", ", others.Select(method => method.Name).Where(method => group.Diverged(method, deepest))),
        ];
    }

    private static string Describe((string Name, double Accuracy, double? Speed) method) =>
        string.Create(CultureInfo.InvariantCulture, $"{method.Name} ({method.Accuracy:F2} %{(method.Speed is { } speed ? string.Create(CultureInfo.InvariantCulture, $", {speed:F2} x") : "")})");
}
