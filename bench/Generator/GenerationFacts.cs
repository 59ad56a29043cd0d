using System.Diagnostics;
using System.Text;
using Microsoft.CodeAnalysis;

namespace Whittle.Bench.Generation;

/// <summary>What a build and an editor notice of the generator.</summary>
/// <param name="FreshDriver">Milliseconds of a fresh driver in a warm process, the median.</param>
/// <param name="Emissions">Files that an edit elsewhere generated again.</param>
/// <param name="EmissionsOfLayer">Files that another unit in the last layer generated again: its kernels and the network's.</param>
/// <param name="Bytes">Generated source in UTF-8.</param>
/// <param name="Files">Files of it.</param>
internal sealed record GenerationFacts(double FreshDriver, int Emissions, int EmissionsOfLayer, long Bytes, int Files)
{
    /// <summary>Bytes of generated source that a network of four layers may have.</summary>
    public const long MostBytes = 400_000;

    // The just-in-time compiler is done with the generator after some dozen runs.
    private const int WarmUps = 40;
    private const int Runs = 21;

    /// <summary>Measures.</summary>
    public static GenerationFacts Measure()
    {
        var digits = new DigitsCompilations();
        var warm = digits.WarmDriver(trackSteps: true);
        var files = warm.GetRunResult().Results.SelectMany(result => result.GeneratedSources).ToArray();
        var times = Enumerable.Range(0, WarmUps + Runs).Select(_ => TimeFresh(digits)).Skip(WarmUps).Order().ToArray();
        return new GenerationFacts(
            times[Runs / 2],
            CountEmissions(warm.RunGenerators(digits.EditedElsewhere)),
            CountEmissions(warm.RunGenerators(digits.EditedLayer)),
            files.Sum(file => (long)Encoding.UTF8.GetByteCount(file.SourceText.ToString())),
            files.Length);
    }

    /// <summary>Writes them, one line each.</summary>
    public void Write(TextWriter writer)
    {
        void Line(FormattableString text) => writer.WriteLine(FormattableString.Invariant(text));

        Line($"784-1000-1000-1000-10, batch 20, in all instruction sets: {Files} files, {Bytes / 1000.0:N0} KB");
        Line($"Fresh driver in a warm process: {FreshDriver:N1} ms");
        Line($"Files generated again after an edit elsewhere: {Emissions}, of another unit in the last layer: {EmissionsOfLayer}");
    }

    private static int CountEmissions(GeneratorDriver driver) => driver.GetRunResult().Results
        .SelectMany(result => result.TrackedOutputSteps.Values)
        .SelectMany(steps => steps.SelectMany(step => step.Outputs))
        .Count(output => output.Reason is not (IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged));

    private static double TimeFresh(DigitsCompilations digits)
    {
        var start = Stopwatch.GetTimestamp();
        DigitsCompilations.FreshDriver().RunGenerators(digits.Original);
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }
}
