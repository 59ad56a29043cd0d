using System.Text;

namespace Whittle.Examples.Evaluation.Report;

/// <summary>A report as Markdown, its drawings in files beside it.</summary>
internal static class MarkdownPage
{
    /// <summary>The text.</summary>
    /// <param name="title">The title.</param>
    /// <param name="blocks">The content.</param>
    /// <param name="plots">Directory of the drawings, as the text names it.</param>
    public static string Render(string title, IEnumerable<Block> blocks, string plots)
    {
        var text = new StringBuilder().Append("# ").Append(Escape(title)).Append('\n');
        foreach (var block in blocks)
        {
            text.Append('\n');
            _ = block switch
            {
                Heading heading => text.Append('#', heading.Level).Append(' ').Append(Escape(heading.Text)).Append('\n'),
                Paragraph paragraph => text.Append(Escape(paragraph.Text)).Append('\n'),
                BulletList list => text.Append(string.Concat(list.Items.Select(item => $"- {Escape(item)}\n"))),
                Drawing drawing => text.Append($"![{Escape(drawing.Caption)}]({plots}/{drawing.Name}.svg)\n\n{Escape(drawing.Caption)}\n"),
                Table table => Append(text, table),
                _ => throw new ArgumentOutOfRangeException(nameof(blocks), block, null),
            };
        }

        return text.ToString();
    }

    private static StringBuilder Append(StringBuilder text, Table table)
    {
        text.Append("| ").AppendJoin(" | ", table.Header.Select(Escape)).Append(" |\n| --- |");
        text.Insert(text.Length, " ---: |", table.Header.Count - 1).Append('\n');
        foreach (var row in table.Rows)
        {
            text.Append("| ").AppendJoin(" | ", row.Select(cell => Escape(cell.Text))).Append(" |\n");
        }

        return text;
    }

    private static string Escape(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("|", "\\|", StringComparison.Ordinal)
            .Replace("*", "\\*", StringComparison.Ordinal)
            .Replace("<", "&lt;", StringComparison.Ordinal);
}
