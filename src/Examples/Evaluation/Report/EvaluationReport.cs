namespace Whittle.Examples.Evaluation.Report;

/// <summary>What an evaluation found, as a page to look at, as Markdown, and as drawings.</summary>
internal static class EvaluationReport
{
    /// <summary>Name of the page.</summary>
    public const string PageName = "report.html";

    /// <summary>Name of the report as Markdown.</summary>
    public const string MarkdownName = "report.md";

    /// <summary>Name of the directory of its drawings.</summary>
    public const string Plots = "plots";

    private const string Title = "Sampled training by depth";

    /// <summary>Writes report.html, report.md and the drawings in place of those of an earlier report.</summary>
    /// <param name="directory">The directory, which exists.</param>
    /// <param name="results">All results, those that chose a learning rate included.</param>
    /// <param name="settings">What else to tell.</param>
    public static void Write(string directory, IReadOnlyList<CellResult> results, ReportSettings settings)
    {
        var blocks = Content(results, settings);
        var plots = Path.Combine(directory, Plots);
        Directory.CreateDirectory(plots);
        var drawings = blocks.OfType<Drawing>().ToDictionary(drawing => Path.Combine(plots, drawing.Name + ".svg"), drawing => drawing.Svg);
        foreach (var (path, svg) in drawings)
        {
            Replace(path, svg);
        }

        foreach (var old in Directory.EnumerateFiles(plots, "*.svg").Where(path => !drawings.ContainsKey(path)).ToArray())
        {
            File.Delete(old);
        }

        Replace(Path.Combine(directory, MarkdownName), MarkdownPage.Render(Title, blocks, Plots));
        Replace(Path.Combine(directory, PageName), HtmlPage.Render(Title, blocks));
    }

    // In full or not at all.
    private static void Replace(string path, string text)
    {
        var part = path + ".part";
        File.WriteAllText(part, text);
        File.Move(part, path, overwrite: true);
    }

    /// <summary>The content of the report.</summary>
    internal static IReadOnlyList<Block> Content(IReadOnlyList<CellResult> results, ReportSettings settings)
    {
        var groups = ResultGroup.Of(results);
        return
        [
            .. SettingsSection.Opening(groups, settings),
            .. SummarySection.Blocks(groups),
            .. LengthSection.Blocks(groups),
            .. groups.SelectMany(AccuracySection.Blocks),
            .. PublishedSection.Blocks(groups),
            .. groups.SelectMany(TimeSection.Blocks),
            .. groups.SelectMany(ErrorSection.Blocks),
            .. groups.SelectMany(ConfusionSection.Blocks),
            .. SettingsSection.Closing(groups, results, settings),
        ];
    }
}
