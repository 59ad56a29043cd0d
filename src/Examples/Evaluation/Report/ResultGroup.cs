using System.Globalization;

namespace Whittle.Examples.Evaluation.Report;

/// <summary>Results that can be compared: one data set, batch size, update rule, number of rows and epochs, and rule by which weights are kept.</summary>
internal sealed class ResultGroup
{
    private readonly CellResult[] results;

    private ResultGroup(IEnumerable<CellResult> results)
    {
        this.results = [.. results];
        Settings = this.results[0].Settings;
        Depths = [.. this.results.Select(result => result.Settings.Depth).Distinct().Order()];
        var known = Evaluation.Methods.All.Select(method => method.Name).ToList();
        Methods = [.. this.results.Select(result => result.Settings.Method).Distinct().OrderBy(name => known.IndexOf(name) is var index and >= 0 ? index : int.MaxValue)];
    }

    /// <summary>Settings that all of them share; method, depth, seed and learning rate are those of the first.</summary>
    public CellSettings Settings { get; }

    /// <summary>Numbers of hidden layers, ascending.</summary>
    public IReadOnlyList<int> Depths { get; }

    /// <summary>Names of the methods, in the order in which they are declared.</summary>
    public IReadOnlyList<string> Methods { get; }

    /// <summary>What the group is called.</summary>
    public string Title => string.Create(
        CultureInfo.InvariantCulture, $"{Settings.Data}, batch {Settings.BatchSize}, {Settings.Optimizer}, {Settings.Epochs} {(Settings.Epochs == 1 ? "epoch" : "epochs")} of {Settings.Rows:N0} rows{(Settings.KeepsLast ? ", last weights" : "")}");

    /// <summary>What drawings of its data set, batch size and update rule are called; names from a file of results are no part of a path.</summary>
    public string DataName => string.Concat(string.Create(
        CultureInfo.InvariantCulture, $"{Settings.Data}-{Settings.BatchSize}-{Settings.Optimizer}").Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '-'));

    /// <summary>What its drawings are called.</summary>
    public string FileName => string.Create(CultureInfo.InvariantCulture, $"{DataName}-{Settings.Epochs}x{Settings.Rows}{(Settings.KeepsLast ? "-last" : "")}");

    /// <summary>Whether its confusion matrices were kept: not of many classes.</summary>
    public bool HasConfusion => results.All(result => result.Outcome!.Confusion.Count > 0);

    /// <summary>Methods, each with the depths at which it has no result though another has, and though it can be that shallow.</summary>
    public IEnumerable<(string Method, IReadOnlyList<int> Depths)> Missing =>
        from method in Methods
        let least = Evaluation.Methods.All.FirstOrDefault(known => known.Name == method)?.LeastDepth ?? 1
        let depths = Depths.Where(depth => depth >= least && At(method, depth).Count == 0).ToArray()
        where depths.Length > 0
        select (method, (IReadOnlyList<int>)depths);

    /// <summary>
    /// The groups of the results that were tested, in the order in which they were found. Of trainings that differ in their learning rate alone, that
    /// which did best on the development rows counts.
    /// </summary>
    public static IReadOnlyList<ResultGroup> Of(IEnumerable<CellResult> results) =>
    [
        .. results.Where(result => result.Outcome is not null)
            .GroupBy(result => (result.Settings.Data, result.Settings.BatchSize, result.Settings.Optimizer, result.Settings.Rows, result.Settings.Epochs, result.Settings.KeepsLast))
            .Select(group => new ResultGroup(group.GroupBy(result => result.Settings with { LearningRate = 0 }).Select(same => same.MaxBy(result => result.Development)!))),
    ];

    /// <summary>The results of a method at a depth, one for each seed.</summary>
    public IReadOnlyList<CellResult> At(string method, int depth) =>
        [.. results.Where(result => result.Settings.Method == method && result.Settings.Depth == depth).OrderBy(result => result.Settings.Seed)];

    /// <summary>Whether any training of a method at a depth diverged.</summary>
    public bool Diverged(string method, int depth) => At(method, depth).Any(result => result.Diverged);

    /// <summary>The methods that have trained networks at a depth, and those that diverged before an epoch was finished, whose networks are untrained.</summary>
    public (IReadOnlyList<string> Trained, IReadOnlyList<string> Untrained) TrainedAt(int depth)
    {
        var tested = Methods.Where(method => At(method, depth).Count > 0).ToLookup(method => At(method, depth).All(result => result.BestEpoch > 0));
        return ([.. tested[true]], [.. tested[false]]);
    }

    /// <summary>The mean over seeds of a value of a method at a depth; null if it has not run or has no such value.</summary>
    public double? Mean(string method, int depth, Func<CellResult, double?> value) => At(method, depth).Select(value).Average();

    /// <summary>Learning rates that a method was trained with.</summary>
    public IReadOnlyList<float> LearningRates(string method) =>
        [.. results.Where(result => result.Settings.Method == method).Select(result => result.Settings.LearningRate).Distinct()];
}
