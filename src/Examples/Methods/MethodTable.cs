using System.Globalization;

namespace Whittle.Examples.Methods;

/// <summary>Results side by side, as Markdown.</summary>
internal static class MethodTable
{
    /// <summary>The lines of the table.</summary>
    /// <param name="results">A result for each method; the first is what the others are compared with.</param>
    public static IEnumerable<string> Lines(IReadOnlyList<MethodResult> results)
    {
        yield return "| Method | learning rate | development, % | test, % | test against the first, points | classes predicted | recall | training, s |";
        yield return "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |";
        foreach (var result in results)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"| {result.Settings.Method} | {result.Settings.LearningRate} | {100 * result.Development:F2} | {100 * result.Test:F2}{(result.Diverged ? " (diverged)" : "")} | {Difference(result, results[0])} | {result.Classes} | {result.Recall:F2} | {result.Seconds:F0} |");
        }
    }

    private static string Difference(MethodResult result, MethodResult first) => ReferenceEquals(result, first)
        ? ""
        : string.Create(CultureInfo.InvariantCulture, $"{100 * (result.Test - first.Test):+0.00;-0.00;0.00}");
}
