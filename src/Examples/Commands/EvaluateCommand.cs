using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Whittle.Examples.DataSets;
using Whittle.Examples.Evaluation;
using Whittle.Examples.Evaluation.Report;
using Whittle.Examples.Rendering;

namespace Whittle.Examples.Commands;

/// <summary>Trains networks by every method at every depth and writes a report of what each keeps and costs.</summary>
internal sealed class EvaluateCommand
{
    private const string ResultsName = "results.jsonl";
    private const string TableName = "results.csv";
    private const string LastWeights = "last";

    // Rows that are drawn are the same whatever the seeds of the trainings.
    private const ulong DataSeed = 1;

    private static readonly string[] KeptWeights = ["best", LastWeights];

    private readonly Terminal terminal;
    private readonly Option<Preset?> preset = new("--preset")
    {
        Description = $"The study, {Preset.All[0].Name} if left out: {string.Join("; ", Preset.All.Select(preset => $"{preset.Name} ({preset.Description})"))}. The other options change it.",
        HelpName = "NAME",
        CustomParser = result => Named(result, Preset.Named),
    };

    private readonly Option<string> output = new("--output")
    {
        Description = "Directory of the results and the report, made if need be; what it has already is not run again.",
        HelpName = "DIR",
        DefaultValueFactory = _ => "evaluation",
    };

    private readonly Option<string?> path = new("--path") { Description = "Directory that has a directory for each data set; if left out where 'data get' puts them.", HelpName = "DIR" };
    private readonly Option<string[]?> data = ListOf("--data", $"Data sets: {string.Join(", ", DataSource.All.Where(source => source.IsEvaluated).Select(source => source.Name))}.", name => DataSource.Find(name).Name);
    private readonly Option<Method[]?> methods = List("--methods", $"Methods or groups of them. Groups: {string.Join(", ", Methods.Groups.Keys)}; methods: {string.Join(", ", Methods.All.Select(method => method.Name))}.", Methods.Named);
    private readonly Option<int[]?> depths = List("--depths", $"Numbers of hidden layers, 1 to {Method.MostDepth}; 1-7 for all.", Depths);
    private readonly Option<int[]?> batches = ListOf("--batch", "Rows of a mini-batch.", text => Count(text, "--batch"));
    private readonly Option<OptimizerChoice[]?> optimizers = ListOf("--optimizer", $"Update rules: {string.Join(", ", OptimizerChoice.All.Select(choice => choice.Name))}.", OptimizerChoice.Named);
    private readonly Option<ulong[]?> seeds = ListOf("--seeds", "Seeds of weights, order and sampling; the first also chooses learning rates.", Seed);
    private readonly Option<float[]?> grid = ListOf("--grid", "Learning rates to choose from on the development rows; one needs no choice.", Rate);
    private readonly Option<int?> epochs = Number("--epochs", "Passes over the training rows.");
    private readonly Option<int?> rows = Number("--train-rows", "Train on that many rows only; 0 for all but the development rows.", least: 0);
    private readonly Option<int?> trialDepth = Number("--trial-depth", "Hidden layers of the trainings that choose a learning rate; fewer are tried where none of these learns anything.", most: Method.MostDepth);
    private readonly Option<int?> trialRows = Number("--trial-rows", "Their rows; 0 for all.", least: 0);
    private readonly Option<int?> trialEpochs = Number("--trial-epochs", "Their epochs.");
    private readonly Option<string?> keep = new("--keep")
    {
        Description = "Whose weights are tested: best, the epoch with the least loss on the development rows, or last, the last epoch. Default best.",
        HelpName = "best|last",
        Arity = ArgumentArity.ExactlyOne,
        CustomParser = result => Named(result, Kept),
    };

    private readonly Option<int?> jobs = Number("--jobs", "Trainings side by side, each on one thread; by default one for each processor. Times are truest with 1.");

    private EvaluateCommand(Terminal terminal) => this.terminal = terminal;

    public static Command Create(Terminal terminal)
    {
        var options = new EvaluateCommand(terminal);
        var command = new Command("evaluate", "Train by every method of sampling at every depth, measure, and write a report; goes on where an interrupted run was.");
        foreach (var option in new Option[]
        {
            options.preset, options.output, options.data, options.path, options.methods, options.depths, options.batches, options.optimizers, options.seeds,
            options.epochs, options.rows, options.grid, options.trialDepth, options.trialRows, options.trialEpochs, options.keep, options.jobs,
        })
        {
            command.Add(option);
        }

        command.Validators.Add(result =>
        {
            if (result.GetResult(options.output) is { Implicit: false } && string.IsNullOrWhiteSpace(result.GetValue(options.output)))
            {
                result.AddError("--output is empty; it must be the path of a directory.");
            }

            if (result.GetResult(options.path) is not null && string.IsNullOrWhiteSpace(result.GetValue(options.path)))
            {
                result.AddError("--path is empty; it must be the path of a file or directory.");
            }
            else if (result.GetResult(options.path) is null && result.GetResult(options.data)?.Tokens.SelectMany(token => token.Value.Split(',', StringSplitOptions.TrimEntries)) is { } names
                && DataSource.All.FirstOrDefault(source => source.NeedsPath && names.Contains(source.Name, StringComparer.OrdinalIgnoreCase)) is { } needing)
            {
                result.AddError($"--data {needing.Name} needs --path, the file to read.");
            }
        });
        command.SetAction((parsed, cancellation) => Task.Run(() => options.Run(parsed, cancellation), CancellationToken.None));
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken cancellation)
    {
        var study = Study(parsed);

        // All of them first: one that is missing is told before hours have been spent on another.
        var sets = study.Data.ToDictionary(name => name, name => Load(DataSource.Find(name)));
        foreach (var (name, set) in sets)
        {
            study.CheckShapes(name, set.Train);
        }

        var directory = Path.GetFullPath(parsed.GetRequiredValue(output));
        try
        {
            Directory.CreateDirectory(directory);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"The directory {directory} of --output cannot be made. ({exception.Message})");
        }

        // What could not be written at the end is told before hours have been spent.
        foreach (var name in (string[])[TableName, EvaluationReport.PageName, EvaluationReport.MarkdownName])
        {
            if (Directory.Exists(Path.Combine(directory, name)))
            {
                throw new UserErrorException($"{Path.Combine(directory, name)} is a directory; remove it, or choose another directory with --output.");
            }
        }

        if (File.Exists(Path.Combine(directory, EvaluationReport.Plots)))
        {
            throw new UserErrorException($"{Path.Combine(directory, EvaluationReport.Plots)} is a file, where the plots must go; remove it, or choose another directory with --output.");
        }

        using var file = new ResultFile(Path.Combine(directory, ResultsName));
        if (file.Results.Count > 0)
        {
            terminal.WriteLine($"{file.Path} has {file.Results.Count} {(file.Results.Count == 1 ? "training" : "trainings")} already.");
        }

        if (file.Results.FirstOrDefault(result => result.Machine != CellTraining.Machine) is { } elsewhere)
        {
            terminal.WriteLine($"Some of them ran on {elsewhere.Machine}, which is not this machine: their times do not compare, and bits may differ.");
        }

        if (file.Results.FirstOrDefault(result => result.Version != CellTraining.Version) is { } earlier)
        {
            terminal.WriteLine($"Some of them are of {(earlier.Version.Length > 0 ? $"version {earlier.Version}" : "an earlier version")} of this program, which is {CellTraining.Version}: bits may differ.");
        }

        var run = new EvaluationRun(study, sets, file, parsed.GetValue(jobs) ?? Environment.ProcessorCount);
        try
        {
            EvaluationView.Show(terminal, view => run.Run(view, cancellation));
        }
        finally
        {
            // Also of a part: what an interrupted run has found is there to be looked at.
            ResultTable.Write(Path.Combine(directory, TableName), file.Results);
            EvaluationReport.Write(directory, file.Results, run.Report(CommandText(parsed)));
            terminal.WriteLine($"Results: {file.Path}, {Path.Combine(directory, TableName)}");
            terminal.WriteLine($"Report{(cancellation.IsCancellationRequested ? " of what has run; the same command goes on from here" : "")}: {Path.Combine(directory, EvaluationReport.PageName)}");
        }

        return 0;

        EvaluationData Load(DataSource source)
        {
            var (all, test) = source.Load(parsed.GetValue(path), DataSeed);
            return EvaluationData.Of(source.Name, all, test);
        }
    }

    private static string CommandText(ParseResult parsed) => "whittle-examples " + string.Join(' ', parsed.Tokens.Select(token => token.Value.Contains(' ') ? $"\"{token.Value}\"" : token.Value));

    private Study Study(ParseResult parsed)
    {
        var study = (parsed.GetValue(preset) ?? Preset.All[0]).Study;
        return study with
        {
            Data = Given(parsed, data)?.Distinct().ToArray() ?? study.Data,
            Methods = Given(parsed, methods)?.Distinct().ToArray() ?? study.Methods,
            Parts = study.PartsOf(Given(parsed, batches), Given(parsed, optimizers), Given(parsed, depths)?.Distinct().ToArray()),
            Seeds = Given(parsed, seeds)?.Distinct().ToArray() ?? study.Seeds,
            Epochs = parsed.GetValue(epochs) ?? study.Epochs,
            Rows = parsed.GetValue(rows) ?? study.Rows,
            TrialDepth = parsed.GetValue(trialDepth) ?? study.TrialDepth,
            TrialRows = parsed.GetValue(trialRows) ?? study.TrialRows,
            TrialEpochs = parsed.GetValue(trialEpochs) ?? study.TrialEpochs,
            LearningRates = Given(parsed, grid)?.Distinct().ToArray() ?? study.LearningRates,
            KeepsLast = parsed.GetValue(keep) is { } kept ? kept == LastWeights : study.KeepsLast,
        };
    }

    // A list that was not given is empty, not null.
    private static T[]? Given<T>(ParseResult parsed, Option<T[]?> list) => parsed.GetResult(list) is null ? null : parsed.GetValue(list);

    private static Option<int?> Number(string name, string description, int least = 1, int most = int.MaxValue)
    {
        var option = Options.Number<int>(name, most == int.MaxValue ? $"a whole number of at least {least}" : $"a whole number from {least} to {most}", value => value >= least && value <= most);
        return new Option<int?>(name) { Description = description, HelpName = option.HelpName, CustomParser = result => option.CustomParser!(result) };
    }

    /// <summary>An option whose value is a list, divided by commas.</summary>
    private static Option<T[]?> List<T>(string name, string description, Func<string, IEnumerable<T>> parse) => new(name)
    {
        Description = description + " Divided by commas.",
        HelpName = "LIST",
        Arity = ArgumentArity.ExactlyOne,
        CustomParser = result => Named(result, text => text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) is { Length: > 0 } words
            ? words.SelectMany(parse).ToArray()
            : throw new UserErrorException($"{name} is empty; it must be a list divided by commas.")),
    };

    private static Option<T[]?> ListOf<T>(string name, string description, Func<string, T> parse) => List<T>(name, description, text => [parse(text)]);

    private static T? Named<T>(ArgumentResult result, Func<string, T> parse)
    {
        try
        {
            return parse(result.Tokens[0].Value);
        }
        catch (UserErrorException exception)
        {
            result.AddError(exception.Message);
            return default;
        }
    }

    private static string Kept(string text) =>
        Array.Find(KeptWeights, known => known.Equals(text, StringComparison.OrdinalIgnoreCase)) ?? throw UserErrorException.UnknownName("epoch to keep", text, KeptWeights);

    private static IEnumerable<int> Depths(string text)
    {
        var ends = text.Split('-');
        var (first, last) = (Count(ends[0], "--depths"), Count(ends[^1], "--depths"));
        return ends.Length <= 2 && first <= last && last <= Method.MostDepth
            ? Enumerable.Range(first, last - first + 1)
            : throw new UserErrorException($"--depths has '{text}'; it must be whole numbers from 1 to {Method.MostDepth}, or ranges like 1-{Method.MostDepth}.");
    }

    private static int Count(string text, string name) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= 1
        ? value
        : throw new UserErrorException($"{name} has '{text}'; it must be whole numbers of at least 1.");

    private static ulong Seed(string text) => ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
        ? value
        : throw new UserErrorException($"--seeds has '{text}'; it must be whole numbers from 0 to 18446744073709551615.");

    private static float Rate(string text) => float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value > 0 && float.IsFinite(value)
        ? value
        : throw new UserErrorException($"--grid has '{text}'; it must be finite numbers above 0.");
}
