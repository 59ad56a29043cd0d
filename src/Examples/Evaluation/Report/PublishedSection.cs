using System.Globalization;

namespace Whittle.Examples.Evaluation.Report;

/// <summary>The published table beside ours, cell by cell.</summary>
internal static class PublishedSection
{
    public static IEnumerable<Block> Blocks(IReadOnlyList<ResultGroup> groups)
    {
        var comparable = groups.Where(group => group.Settings.Data == PublishedResults.Data && PublishedResults.All.Any(row => group.Methods.Contains(row.Method))).ToArray();
        if (comparable.Length == 0)
        {
            yield break;
        }

        yield return new Heading(2, "Beside the published table");
        yield return new Paragraph(
            "Published / ours, test accuracy in percent on MNIST by the number of hidden layers. Published: batch 1, 50 epochs, Ebrahimi, Advani and Asudeh, "
            + "\"Sampling-Based Techniques for Training Deep Neural Networks with Limited Computational Resources\" (arXiv 2306.09293), supplement of March 2023. † diverged.");
        foreach (var group in comparable)
        {
            yield return new Heading(3, $"Ours: {group.Title}");
            yield return new Table(Header("method"), [.. PublishedResults.All.Select(row => Row(row.Title, row.Accuracies, depth => group.Mean(row.Method, depth, result => 100 * result.Outcome!.Test), depth => group.Diverged(row.Method, depth)))]);
            yield return new Paragraph(
                $"Seconds of training, published for {PublishedResults.Epochs} epochs on 12 cores / ours of {PublishedResults.Epochs} epochs on one thread, from the time of one.");
            yield return new Table(Header("method"), [.. PublishedResults.All.Select(row => Row(row.Title, row.Seconds, depth => PublishedResults.Epochs * group.Mean(row.Method, depth, TimeSection.SecondsPerEpoch), depth => false))]);
        }

        yield return new Heading(3, "What differs, and why");
        yield return new BulletList(PublishedResults.Differences);
    }

    private static IReadOnlyList<string> Header(string first) => [first, .. Enumerable.Range(1, Method.MostDepth).Select(depth => $"{depth}")];

    private static IReadOnlyList<Cell> Row(string title, IReadOnlyList<double> published, Func<int, double?> ours, Func<int, bool> diverged) =>
        [title, .. published.Select((value, index) => (Cell)$"{Text(value)} / {(ours(index + 1) is { } own ? Text(own) : "-")}{(diverged(index + 1) ? " †" : "")}")];

    private static string Text(double value) => value.ToString(value >= 1000 ? "F0" : "F2", CultureInfo.InvariantCulture);
}
