using System.Xml.Linq;
using Whittle.Examples.Evaluation;
using Whittle.Examples.Evaluation.Report;

namespace Whittle.Examples.Tests.Evaluation;

public sealed class EvaluationReportTests : IDisposable
{
    private static readonly ReportSettings Settings = new("whittle-examples evaluate --preset <quick>", new DateTimeOffset(2026, 11, 27, 0, 0, 0, TimeSpan.Zero), 9, 2, 1);

    private readonly string directory = Directory.CreateTempSubdirectory("whittle-").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public void The_page_is_well_formed_and_needs_nothing_else()
    {
        var page = Page(Study());
        var links = page.Descendants().Attributes().Where(attribute => attribute.Name == "src" || attribute.Name == "href").Select(attribute => attribute.Value);
        Assert.All(links, link => Assert.True(link.StartsWith('#') || link.StartsWith("data:image/svg+xml;base64,", StringComparison.Ordinal), link));
        Assert.Empty(page.Descendants("script"));
        var anchors = page.Descendants().Attributes("id").Select(attribute => attribute.Value).ToArray();
        Assert.Equal(anchors.Length, anchors.Distinct().Count());
        Assert.All(page.Descendants("a").Select(link => link.Attribute("href")!.Value[1..]), anchor => Assert.Contains(anchor, anchors));
        foreach (var image in page.Descendants("img"))
        {
            var svg = XElement.Parse(System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(image.Attribute("src")!.Value.Split(',')[1])));
            Assert.NotNull(svg.Attribute("viewBox"));
            Assert.NotEmpty(image.Attribute("alt")!.Value);
        }
    }

    [Fact]
    public void Every_section_is_there_and_tells_the_numbers()
    {
        var page = Page(Study());
        string[] sections = ["At a glance", "Accuracy: mnist", "Beside the published table", "Time: mnist", "Error by layer: mnist", "Confusion: mnist", "Methods and settings"];
        var headings = page.Descendants("h2").Select(heading => heading.Value).ToArray();
        Assert.All(sections, section => Assert.Contains(headings, heading => heading.StartsWith(section, StringComparison.Ordinal)));

        // Two seeds of standard at depth 3, 98 and 97 %; alsh predicts one class of three and is 87.5 points worse; the half-second epochs of alsh are twice as fast.
        var rows = Rows(page);
        Assert.Contains(rows, row => row is ["standard", "98.00", "97.50 ± 0.50", ""]);
        Assert.Contains(rows, row => row is ["alsh", "", "10.00 (1)", "-87.50"]);
        Assert.Contains(rows, row => row is ["alsh", "", "0.50", "2.00"]);
        Assert.Contains(rows, row => row[0] == "Standard" && row[1] == "98.01 / 98.00" && row[3] == "96.05 / 97.50" && row[7] == "93.85 / -");
        Assert.Contains(rows, row => row[0] == "Standard" && row[1] == "8337 / 50.00");

        // c = 5 in each of two layers: 0.2 and 0.44 are predicted, 0.25 and 0.5 were measured.
        Assert.Contains(rows, row => row is ["alsh", "5.00", "5.00", "0.20", "0.25", "0.44", "0.50", "0.20", "0.60"]);
        Assert.Contains("No forward error at all, in any layer: standard", page.Value, StringComparison.Ordinal);
        Assert.Contains("Unfinished: 2 of the 9", page.Value, StringComparison.Ordinal);
        Assert.Contains("--preset <quick>", page.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Trainings_of_different_length_are_compared_by_their_time()
    {
        // A seed of alsh takes a second for two epochs; standard takes two and three seconds for one, and a result of another rule is not compared.
        var longer = Enumerable.Range(0, 2).Select(_ => new EpochResult(0.1, 0.6, 0.5, 0, 0, 0, 0)).ToArray();
        var last = Result("alsh", 3, 1, 0.6, 0.5);
        var other = Result("standard", 3, 1, 0.99, 9);
        var page = Page(
        [
            Result("standard", 3, 1, 0.98, 2), Result("standard", 3, 2, 0.97, 3), Result("standard", 1, 1, 0.98, 1),
            last with { Settings = last.Settings with { Epochs = 2, KeepsLast = true }, Epochs = longer },
            other with { Settings = other.Settings with { Optimizer = "adam" } },
        ]);
        var heading = Assert.Single(page.Descendants("h2"), heading => heading.Value.StartsWith("Trainings of different length", StringComparison.Ordinal));
        Assert.Equal("Trainings of different length: mnist, batch 20, sgd, 3 hidden layers", heading.Value);
        var rows = heading.ElementsAfterSelf().SelectMany(element => element.DescendantsAndSelf("table")).First().Descendants("tr").Skip(1).Select(row => row.Elements("td").Select(cell => cell.Value).ToArray()).ToArray();
        Assert.Equal(2, rows.Length);
        Assert.Equal(["alsh", "2", "55,000", "last", "0.15", "1", "60.00", "60.00", "1.0"], rows[0]);
        Assert.Equal(["standard", "1", "55,000", "of least loss", "0.15", "2", "97.50", "97.50 ± 0.50", "2.5"], rows[1]);
    }

    [Fact]
    public void Markdown_has_the_same_tables_and_its_drawings_exist()
    {
        EvaluationReport.Write(directory, Study(), Settings);
        var text = File.ReadAllText(Path.Combine(directory, "report.md"));
        Assert.Contains("| alsh |  | 10.00 (1) | -87.50 |", text, StringComparison.Ordinal);
        foreach (System.Text.RegularExpressions.Match match in System.Text.RegularExpressions.Regex.Matches(text, @"\]\((plots/[^)]+)\)"))
        {
            Assert.True(File.Exists(Path.Combine(directory, match.Groups[1].Value)), match.Value);
        }
    }

    [Fact]
    public void Names_that_look_like_markup_are_text()
    {
        var page = Page([Result("<b>&amp;|*", 1, 1, 0.5, 1)]);
        Assert.Contains(Rows(page), row => row[0] == "<b>&amp;|*");
        Assert.Contains("&lt;b>&amp;\\|\\*", File.ReadAllText(Path.Combine(directory, "report.md")), StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_and_a_training_that_diverged_at_once_are_told_too()
    {
        Assert.Contains("There is nothing to tell yet", Page([]).Value, StringComparison.Ordinal);
        var diverged = Result("dropout-5", 7, 1, 0.1, 1) with { Diverged = true, BestEpoch = 0, Epochs = [] };
        Assert.Contains(Rows(Page([diverged])), row => row[0] == "dropout-5" && row[1].EndsWith('†'));
    }

    [Fact]
    public void Untrained_networks_are_marked_and_left_out_of_what_only_trained_ones_can_tell()
    {
        var untrained = Result("alsh", 3, 1, 0.1, 1) with { Diverged = true, BestEpoch = 0, Epochs = [], Outcome = Outcome(0.1, [[1, 0], [1, 0]], [new(0.05, 0, 5, 0.6, 0.5)]) };
        var page = Page([Result("standard", 3, 1, 0.98, 1), Result("mc-forward-30", 3, 1, 0.9, 1) with { Outcome = Outcome(0.9, [[1, 0], [0, 1]], [new(1, null, null, 0.4, 0.2)]) }, untrained]);
        Assert.DoesNotContain(Rows(page), row => row[0] == "alsh" && row.Length == 9);
        Assert.Contains(Rows(page), row => row[0] == "mc-forward-30" && row.Length == 9);
        Assert.Contains("Left out, since they diverged in their first epoch: alsh.", page.Value, StringComparison.Ordinal);
        Assert.Contains(Rows(page), row => row.Length > 3 && row[3].EndsWith("/ 10.00 †", StringComparison.Ordinal));
    }

    [Fact]
    public void Of_several_learning_rates_the_best_on_the_development_rows_counts_and_they_are_no_seeds()
    {
        var other = Result("standard", 1, 1, 0.99, 1);
        var page = Page([Result("standard", 1, 1, 0.98, 1), other with { Settings = other.Settings with { LearningRate = 0.5f }, Development = 0.5 }]);
        Assert.Contains(Rows(page), row => row is ["standard", "98.00", ""]);
    }

    [Fact]
    public void What_no_page_can_show_is_replaced_and_old_drawings_are_removed()
    {
        _ = Page([Result("standard", 1, 1, 0.98, 1)]);
        var plots = Path.Combine(directory, "plots");
        Assert.NotEmpty(Directory.GetFiles(plots, "confusion-1-*.svg"));
        EvaluationReport.Write(directory, [Result("standard", 2, 1, 0.98, 1)], Settings with { Command = "evaluate --output a\u0001b" });
        Assert.Contains("--output a\uFFFDb", File.ReadAllText(Path.Combine(directory, EvaluationReport.PageName)), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(plots, "confusion-1-*.svg"));
    }

    [Fact]
    public void Many_classes_have_a_report_without_confusion()
    {
        var page = Page([Result("standard", 1, 1, 0.5, 1) with { Outcome = new TestOutcome(0.5, [], 4000, 1e6, 2e6, 3_000_000, [new(1, null, null, 0, 0)]) }]);
        Assert.DoesNotContain(page.Descendants("h2"), heading => heading.Value.StartsWith("Confusion", StringComparison.Ordinal));
        Assert.Contains(Rows(page), row => row.SequenceEqual(["standard", "50.00", ""]));
    }

    [Theory]
    [InlineData(1, 0.20)]
    [InlineData(2, 0.44)]
    [InlineData(3, 0.73)]
    [InlineData(4, 1.07)]
    [InlineData(5, 1.49)]
    [InlineData(6, 1.99)]
    [InlineData(7, 2.58)]
    public void The_error_grows_as_published(int layers, double error)
    {
        Assert.Equal(error, ErrorGrowth.Predicted(5, layers), 0.005);
        Assert.Equal(ErrorGrowth.Predicted(5, layers), ErrorGrowth.Predicted(Enumerable.Repeat(5.0, layers)), 1e-12);
    }

    private static CellResult[] Study() =>
    [
        Result("standard", 1, 1, 0.98, 1),
        Result("standard", 3, 1, 0.98, 1),
        Result("standard", 3, 2, 0.97, 1),
        Result("alsh", 3, 1, 0.1, 0.5) with { Outcome = Outcome(0.1, [[10, 0, 0], [45, 0, 0], [45, 0, 0]], [new(0.05, 0.06, 5, 0.2, 0.25), new(0.05, 0.06, 5, 0.6, 0.5)]) },
        Result("alsh", 3, 1, 0.1, 0.5) with { Outcome = null },
    ];

    private static CellResult Result(string method, int depth, ulong seed, double test, double seconds) => new(
        new CellSettings("mnist", method, depth, 20, "sgd", 0.15f, 55_000, 1, seed),
        test,
        1,
        false,
        [new EpochResult(0.1, test, seconds, seconds / 4, seconds / 4, seconds / 4, seconds / 8)],
        Outcome(test, [[1, 0, 0], [0, 1, 0], [0, 0, 1]], [new(1, null, null, 0, 0)]))
    {
        Machine = "A processor (Avx2)",
    };

    private static TestOutcome Outcome(double test, IReadOnlyList<IReadOnlyList<long>> confusion, IReadOnlyList<LayerOutcome> layers) =>
        new(test, confusion, Enumerable.Range(0, confusion.Count).Count(guess => confusion.Any(row => row[guess] > 0)), 1e6, 2e6, 3_000_000, layers);

    private static string[][] Rows(XElement page) =>
        [.. page.Descendants("tbody").Elements("tr").Select(row => row.Elements("td").Select(cell => cell.Value).ToArray())];

    private XElement Page(IReadOnlyList<CellResult> results)
    {
        EvaluationReport.Write(directory, results, Settings);
        var text = File.ReadAllText(Path.Combine(directory, EvaluationReport.PageName));
        return XElement.Parse(text[(text.IndexOf('\n', StringComparison.Ordinal) + 1)..]);
    }
}
