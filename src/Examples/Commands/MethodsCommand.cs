using System.CommandLine;
using System.CommandLine.Parsing;
using System.Diagnostics;
using System.Globalization;
using Whittle.Examples.Methods;
using Whittle.Examples.Rendering;

namespace Whittle.Examples.Commands;

/// <summary>Trains the same network by every method of sampling and prints their accuracies as one table.</summary>
internal sealed class MethodsCommand
{
    private const int DevelopmentRows = 5000;

    // Of a small set this share is held back instead.
    private const int DevelopmentParts = 5;

    private readonly Terminal terminal;
    private readonly DataOptions data = new();
    private readonly Option<int> epochs = Count("--epochs", 5, "Passes over the training rows of the training that is tested.");
    private readonly Option<int> rows = Count("--train-rows", 0, "Train on that many rows only; 0 for all but the development rows.", least: 0);
    private readonly Option<int> gridEpochs = Count("--grid-epochs", 1, "Passes of the trainings that choose a learning rate.");
    private readonly Option<int> gridRows = Count("--grid-rows", 0, "Rows of the trainings that choose a learning rate; 0 for as many as --train-rows.", least: 0);
    private readonly Option<int> batch = Count("--batch", 20, "Rows of a mini-batch.");
    private readonly Option<ulong> seed = Options.Seed("Seed of weights, order, sampling and drawn data, the same for all methods.");
    private readonly Option<FileInfo?> output = Options.File("--output");

    private readonly Option<float[]> grid = new("--grid")
    {
        Description = "Learning rates to choose from, divided by commas.",
        HelpName = "NUMBERS",
        DefaultValueFactory = _ => [0.05f, 0.15f, 0.5f],
        CustomParser = Rates,
    };

    private readonly Option<string?> only = new("--only") { Description = "Only methods whose name contains this text.", HelpName = "TEXT" };

    private MethodsCommand(Terminal terminal) => this.terminal = terminal;

    public static Command Create(Terminal terminal)
    {
        var options = new MethodsCommand(terminal);
        options.output.Description = "Keep the result of each training in this file (JSON Lines); what is in it is not run again.";
        var command = new Command("methods", "Train one network exactly and by every method of sampling, each with its best learning rate, and compare the accuracies.");
        options.data.AddTo(command);
        foreach (var option in new Option[] { options.epochs, options.rows, options.grid, options.gridEpochs, options.gridRows, options.batch, options.only, options.seed, options.output })
        {
            command.Add(option);
        }

        command.SetAction((parsed, cancellation) => Task.Run(() => options.Run(parsed, cancellation), CancellationToken.None));
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken cancellation)
    {
        var source = data.Source(parsed);
        var path = parsed.GetValue(output);
        if (path is { Directory.Exists: false })
        {
            throw new UserErrorException($"The directory {path.Directory} of --output does not exist; create it first.");
        }

        var methods = Method.Matching(parsed.GetValue(only));
        var file = new ResultFile(path?.FullName);
        var (all, test) = source.Load(data.Path(parsed), parsed.GetValue(seed));
        Check(all);
        var (train, development) = all.SplitAt(all.Count - Math.Min(DevelopmentRows, all.Count / DevelopmentParts));
        var used = Least(parsed.GetValue(rows), train.Count);
        var study = new MethodStudy(
            source.Name,
            parsed.GetRequiredValue(grid),
            Least(parsed.GetValue(gridRows), used),
            parsed.GetValue(gridEpochs),
            used,
            parsed.GetValue(epochs),
            parsed.GetValue(batch),
            parsed.GetValue(seed));
        terminal.WriteLine($"{methods.Count} methods on {source.Name}: learning rates {string.Join(", ", study.LearningRates.Select(Invariant))} compared after {study.GridEpochs} epochs of {study.GridRows} rows "
            + $"on {development.Count} development rows; then {study.Epochs} epochs of {study.Rows} rows, tested once on {test.Count}. Batch {study.BatchSize}, SGD with a cosine schedule, one thread, {InstructionSets.Active}.");

        var pace = new Pace(methods.Count * study.SamplesOfMethod);
        var results = new List<MethodResult>();
        foreach (var method in methods)
        {
            results.Add(study.Run(method, file, Train, pace.Advance));
            terminal.WriteLine($"{MethodTable.Lines([results[^1]]).Last()}{pace.Remaining}");
        }

        terminal.WriteLine();
        foreach (var line in MethodTable.Lines(results))
        {
            terminal.WriteLine(line);
        }

        return 0;

        MethodResult Train(Method method, MethodSettings settings, bool withTest) =>
            Watch($"{method.Name}, learning rate {Invariant(settings.LearningRate)}{pace.Remaining}", progress =>
                MethodTraining.Run(method, settings, train, development, withTest ? test : null, progress, cancellation));
    }

    private static void Check(Dataset train)
    {
        var network = Method.All[0].Declaration;
        if (train.Features != network.Inputs || train.Classes > network.Outputs)
        {
            throw new UserErrorException($"The data has rows of {train.Features} values and {train.Classes} classes; the methods are compared on {network.Inputs} values and {network.Outputs} classes.");
        }
    }

    private T Watch<T>(string what, Func<IProgress<TrainingProgress>, T> run) => TrainingView.Watch(terminal, what, run);

    private static int Least(int wanted, int available) => wanted == 0 ? available : Math.Min(wanted, available);

    private static string Invariant(float value) => value.ToString(CultureInfo.InvariantCulture);

    private static Option<int> Count(string name, int byDefault, string description, int least = 1)
    {
        var option = Options.Number<int>(name, $"a whole number of at least {least}", value => value >= least);
        option.Description = description;
        option.DefaultValueFactory = _ => byDefault;
        return option;
    }

    private static float[] Rates(ArgumentResult result)
    {
        var words = result.Tokens[0].Value.Split(',');
        var rates = words.Select(word => float.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var rate) ? rate : 0).ToArray();
        if (!rates.All(rate => rate > 0 && float.IsFinite(rate)))
        {
            result.AddError($"--grid is '{result.Tokens[0].Value}'; it must be finite numbers above 0, divided by commas.");
        }

        return rates;
    }

    /// <summary>How long what is left will take, told from what has run.</summary>
    private sealed class Pace(long samples)
    {
        private readonly Stopwatch clock = Stopwatch.StartNew();
        private long left = samples;
        private long ran;

        public string Remaining => ran == 0 || left == 0 ? "" : $" ({TimeSpan.FromSeconds(Math.Round(clock.Elapsed.TotalSeconds / ran * left)):c} left)";

        public void Advance(long count, bool now)
        {
            left -= count;
            ran += now ? count : 0;
        }
    }
}
