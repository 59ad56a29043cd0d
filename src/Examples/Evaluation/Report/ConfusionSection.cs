namespace Whittle.Examples.Evaluation.Report;

/// <summary>What is taken for what.</summary>
internal static class ConfusionSection
{
    // The depth that published matrices are of.
    private const int Middle = 3;

    public static IEnumerable<Block> Blocks(ResultGroup group)
    {
        if (!group.HasConfusion)
        {
            yield break;
        }

        yield return new Heading(2, $"Confusion: {group.Title}");
        yield return new Paragraph(
            "Rows are the true classes, columns the predicted ones; blue is right, red is wrong, and dark is often. A network that predicts few classes shows as columns.");
        foreach (var depth in new[] { Middle, group.Depths[^1] }.Distinct().Where(group.Depths.Contains))
        {
            var (trained, untrained) = group.TrainedAt(depth);
            if (trained.Count > 0)
            {
                yield return new Drawing(
                    $"confusion-{depth}-{group.FileName}",
                    ConfusionDrawing.Draw([.. trained.Select(method => (method, group.At(method, depth)[0].Outcome!.Confusion))]),
                    $"{depth} hidden {(depth == 1 ? "layer" : "layers")}, of the first seed.{(untrained.Count > 0 ? $" Left out, since they diverged in their first epoch: {string.Join(", ", untrained)}." : "")}");
            }
        }
    }
}
