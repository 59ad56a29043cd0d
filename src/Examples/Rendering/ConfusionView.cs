using Spectre.Console;

namespace Whittle.Examples.Rendering;

/// <summary>A confusion matrix as a table: rows are what an image shows, columns what the network said.</summary>
internal static class ConfusionView
{
    public static Table Table(ConfusionMatrix confusion, Func<int, string> className)
    {
        var table = new Table().RoundedBorder().Title("truth by row, prediction by column");
        table.AddColumn("");
        var classes = Enumerable.Range(0, confusion.Classes).ToArray();
        foreach (var label in classes)
        {
            table.AddColumn(new TableColumn(Markup.Escape(className(label))).RightAligned());
        }

        table.AddColumn(new TableColumn("recall").RightAligned());
        foreach (var actual in classes)
        {
            var counts = classes.Select(predicted => Cell(confusion[actual, predicted], actual == predicted));
            table.AddRow([
                Markup.Escape(className(actual)),
                .. counts,
                double.IsNaN(confusion.Recall(actual)) ? "" : FormattableString.Invariant($"{confusion.Recall(actual):P1}"),
            ]);
        }

        return table;
    }

    private static string Cell(long count, bool right) => count == 0 ? "[grey]·[/]" : right ? $"[green]{count}[/]" : $"[red]{count}[/]";
}
