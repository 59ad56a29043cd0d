using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace Whittle.Examples.Evaluation.Report;

/// <summary>A report as one page of HTML that needs nothing else: style and drawings are within it.</summary>
internal static class HtmlPage
{
    // Drawings are light in a dark page too, a little dimmed: inverted, pale colours become too dark to tell apart. On a narrow page they scroll.
    private const string Style = """
        :root { color-scheme: light dark; --line: #8884; --weak: #777; --bad: #c22; --band: #8881; }
        body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 72rem; padding: 1rem 1.25rem 4rem; }
        h1 { line-height: 1.2; margin: 1rem 0 .25rem; } h2 { border-top: 1px solid var(--line); margin-top: 2.5rem; padding-top: 1rem; }
        p, li { max-width: 46rem; } nav ul { columns: 20rem; column-gap: 2.5rem; padding-left: 1.2rem; } nav li { break-inside: avoid; }
        .scroll { overflow-x: auto; } table { border-collapse: collapse; font-size: .875rem; font-variant-numeric: tabular-nums; margin: 1rem 0; }
        th, td { border-bottom: 1px solid var(--line); padding: .25rem .6rem; text-align: right; white-space: nowrap; } th { vertical-align: bottom; white-space: normal; } td.words { text-align: left; white-space: normal; min-width: 9rem; }
        th:first-child, td:first-child { text-align: left; } tbody tr:nth-child(even) { background: var(--band); }
        td.bad { color: var(--bad); } figure { margin: 1.25rem 0; overflow-x: auto; } figure img { background: #fff; border-radius: 4px; display: block; height: auto; max-width: 100%; min-width: 42rem; }
        figcaption { color: var(--weak); font-size: .875rem; max-width: 46rem; margin-top: .4rem; }
        @media (prefers-color-scheme: dark) { :root { --weak: #aaa; --bad: #f77; } figure img { filter: brightness(.88); } }
        @media print { nav { display: none; } figure, tr { break-inside: avoid; } .scroll { overflow: visible; } }
        """;

    // What is longer is text, which wraps.
    private const int LongestNumber = 24;

    /// <summary>The page.</summary>
    /// <param name="title">The title.</param>
    /// <param name="blocks">The content.</param>
    public static string Render(string title, IReadOnlyList<Block> blocks)
    {
        var page = new XElement(
            "html",
            new XAttribute("lang", "en"),
            new XElement(
                "head",
                new XElement("meta", new XAttribute("charset", "utf-8")),
                new XElement("meta", new XAttribute("name", "viewport"), new XAttribute("content", "width=device-width, initial-scale=1")),
                new XElement("title", title),
                new XElement("style", Style)),
            new XElement(
                "body",
                new XElement("h1", title),
                new XElement(
                    "nav",
                    new XElement("ul", blocks.OfType<Heading>().Where(heading => heading.Level == 2).Select(heading =>
                        new XElement("li", new XElement("a", new XAttribute("href", "#" + heading.Anchor), heading.Text))))),
                new XElement("main", blocks.Select(Element))));
        foreach (var text in page.DescendantNodes().OfType<XText>())
        {
            text.Value = Printable(text.Value);
        }

        foreach (var attribute in page.DescendantsAndSelf().Attributes())
        {
            attribute.Value = Printable(attribute.Value);
        }

        return "<!DOCTYPE html>\n" + page.ToString(SaveOptions.DisableFormatting) + "\n";
    }

    // A name or a path may have characters that no page can.
    private static string Printable(string text) => text.All(XmlConvert.IsXmlChar) ? text : string.Concat(text.Select(letter => XmlConvert.IsXmlChar(letter) ? letter : '\uFFFD'));

    private static XElement Element(Block block) => block switch
    {
        Heading heading => new XElement($"h{heading.Level}", heading.Level == 2 ? new XAttribute("id", heading.Anchor) : null, heading.Text),
        Paragraph paragraph => new XElement("p", paragraph.Text),
        BulletList list => new XElement("ul", list.Items.Select(item => new XElement("li", item))),
        Drawing drawing => new XElement(
            "figure",
            new XElement("img", new XAttribute("alt", drawing.Caption), new XAttribute("src", "data:image/svg+xml;base64," + Convert.ToBase64String(Encoding.UTF8.GetBytes(drawing.Svg)))),
            new XElement("figcaption", drawing.Caption)),
        Table table => new XElement(
            "div",
            new XAttribute("class", "scroll"),

            // A wide table scrolls by the arrow keys too.
            new XAttribute("tabindex", 0),
            new XElement(
                "table",
                new XElement("thead", new XElement("tr", table.Header.Select(name => new XElement("th", new XAttribute("scope", "col"), name)))),
                new XElement("tbody", table.Rows.Select(row => new XElement("tr", row.Select(CellElement)))))),
        _ => throw new ArgumentOutOfRangeException(nameof(block), block, null),
    };

    private static XElement CellElement(Cell cell) =>
        new("td", cell.IsBad ? new XAttribute("class", "bad") : cell.Text.Length > LongestNumber ? new XAttribute("class", "words") : null, cell.Text);
}
