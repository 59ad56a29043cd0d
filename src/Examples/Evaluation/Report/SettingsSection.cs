using System.Globalization;

namespace Whittle.Examples.Evaluation.Report;

/// <summary>What was run, on what, and how learning rates were chosen.</summary>
internal static class SettingsSection
{
    public static IEnumerable<Block> Opening(IReadOnlyList<ResultGroup> groups, ReportSettings settings)
    {
        yield return new Paragraph(
            "Does training from samples scale with depth? Every method trains the same networks from the same weights, on one thread: hidden layers of 1000 units with ReLU and He initialisation, softmax cross-entropy, "
            + "a cosine schedule. The learning rate is the one that did best on development rows in short trainings, for each method, batch size and update rule, with fewer hidden layers where none of these learnt anything; "
            + "the weights tested are those of the epoch with the least loss on development rows, but where it says last weights those after the last epoch. Test rows are looked at once.");
        yield return new Paragraph(settings.Missing == 0
            ? $"All {settings.Planned} trainings of the study have run. {Count(groups)}"
            : $"Unfinished: {settings.Missing} of the {settings.Planned} trainings of the study have not run; their cells are empty. {Count(groups)}");
    }

    public static IEnumerable<Block> Closing(IReadOnlyList<ResultGroup> groups, IReadOnlyList<CellResult> results, ReportSettings settings)
    {
        yield return new Heading(2, "Methods and settings");
        yield return new BulletList([.. groups.SelectMany(group => group.Methods).Distinct().Select(name => $"{name}: {Methods.All.FirstOrDefault(method => method.Name == name)?.Description ?? "not known to this version"}.")]);
        foreach (var group in groups)
        {
            yield return new Heading(3, $"Learning rates: {group.Title}");
            yield return new Table(["method", "learning rate", "tried: development accuracy, %"], [.. group.Methods.Select(method => (IReadOnlyList<Cell>)
            [
                method,
                string.Join(", ", group.LearningRates(method).Select(Invariant)),
                Tried(results.Where(result => result.Outcome is null && result.Settings.Method == method && result.Settings.Data == group.Settings.Data
                    && result.Settings.BatchSize == group.Settings.BatchSize && result.Settings.Optimizer == group.Settings.Optimizer)),
            ])]);
        }

        yield return new Heading(3, "Machine and command");
        yield return new BulletList(
        [
            $"Processor and instruction set: {string.Join("; ", results.Select(result => result.Machine).Distinct())}.",
            .. results.Select(result => result.Version).Where(version => version.Length > 0).Distinct().Select(version => $"Version {version}."),
            .. results.Select(result => result.Runtime).Where(runtime => runtime.Length > 0).Distinct().Select(runtime => runtime + "."),
            $"Trainings side by side, when it was written: {settings.Jobs} on {Environment.ProcessorCount} processors. Times are truest with one.",
            $"Written {settings.Date.ToString("d MMMM yyyy", CultureInfo.InvariantCulture)} by: {settings.Command}",
        ]);
    }

    private static string Count(IReadOnlyList<ResultGroup> groups) => groups.Count == 0 ? "There is nothing to tell yet." : "";

    private static string Tried(IEnumerable<CellResult> trials) => string.Join("; ", trials
        .GroupBy(result => (result.Settings.Depth, result.Settings.Rows, result.Settings.Epochs))
        .Select(group => string.Create(CultureInfo.InvariantCulture, $"depth {group.Key.Depth}, {group.Key.Epochs} x {group.Key.Rows:N0} rows: {Rates(group)}")));

    private static string Rates(IEnumerable<CellResult> trials) => string.Join(", ", trials
        .OrderBy(result => result.Settings.LearningRate)
        .Select(result => string.Create(CultureInfo.InvariantCulture, $"{result.Settings.LearningRate}: {(result.Diverged ? "diverged" : $"{100 * result.Development:F2}")}")));

    private static string Invariant(float value) => value.ToString(CultureInfo.InvariantCulture);
}
