using System.CommandLine;
using Whittle.Examples.Measurements;
using Whittle.Examples.Networks;
using Whittle.Examples.Rendering;

namespace Whittle.Examples.Commands;

/// <summary>Trains on a data set and tells the accuracy on its test part.</summary>
internal sealed class TrainCommand
{
    // Held back from the training set to tell which epoch was best.
    private const double ValidationFraction = 1.0 / 12;

    private const int FewestRows = 12;

    private readonly Terminal terminal;
    private readonly DataOptions data = new();

    private readonly Option<string?> network = Options.Network();

    private readonly Option<int> epochs = Options.Number<int>("--epochs", "a whole number of at least 1", value => value >= 1);

    private readonly Option<string> optimizer = new("--optimizer") { Description = "How parameters follow the gradient.", DefaultValueFactory = _ => "adam" };

    private readonly Option<float> learningRate = Options.Number<float>("--learning-rate", "a finite number above 0", value => value > 0 && float.IsFinite(value));

    private readonly Option<string> schedule = new("--schedule") { Description = "How the learning rate changes over the steps.", DefaultValueFactory = _ => "cosine" };

    private readonly Option<ulong> seed = Options.Seed("Seed of weights, shuffling and drawn data.");

    private readonly Option<int> threads = Options.Number<int>("--threads", "a whole number of at least 0", value => value >= 0);

    private readonly Option<FileInfo?> save = Options.File("--save");

    private readonly Option<bool> statistics = new("--statistics") { Description = "Tell what steps do in each layer, how long it takes and what it loses." };

    private TrainCommand(Terminal terminal) => this.terminal = terminal;

    public static Command Create(Terminal terminal)
    {
        var options = new TrainCommand(terminal);
        options.optimizer.AcceptOnlyFromAmong("adam", "adamw", "sgd");
        options.schedule.AcceptOnlyFromAmong("constant", "cosine", "warm-up", "step");
        options.save.Description = "Write the trained network to this file (safetensors).";
        options.epochs.Description = "Passes over the training set.";
        options.epochs.DefaultValueFactory = _ => 5;
        options.threads.Description = "Threads that large layers are split over; 0 for one per processor. The result does not depend on it.";
        options.threads.DefaultValueFactory = _ => 0;
        options.learningRate.Description = "Step size; if left out 0.0005 for adam and adamw, 0.1 for sgd.";

        var command = new Command("train", "Train a network and print its test accuracy. Ctrl-C keeps the best epoch so far.");
        options.data.AddTo(command);
        foreach (var option in new Option[] { options.network, options.epochs, options.optimizer, options.learningRate, options.schedule, options.seed, options.threads, options.save, options.statistics })
        {
            command.Add(option);
        }

        command.SetAction((parsed, cancellation) => Task.Run(() => options.Run(parsed, cancellation), CancellationToken.None));
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken cancellation)
    {
        var source = data.Source(parsed);
        var chosenSeed = parsed.GetValue(seed);
        var path = parsed.GetValue(save)?.FullName;
        if (path is not null && !Directory.Exists(Path.GetDirectoryName(path)))
        {
            throw new UserErrorException($"The directory {Path.GetDirectoryName(path)} of --save does not exist; create it first.");
        }

        if (Directory.Exists(path))
        {
            throw new UserErrorException($"{path} of --save is a directory; name a file.");
        }

        var (train, test) = source.Load(data.Path(parsed), chosenSeed);
        if (train.Count < FewestRows)
        {
            throw new UserErrorException($"There {(train.Count == 1 ? "is 1 row" : $"are {train.Count} rows")} to train on; give at least {FewestRows}, since some are held back to tell which epoch is best.");
        }

        var declared = DeclaredNetwork.For(train, parsed.GetValue(network));
        using var trained = declared.Create(chosenSeed);
        DeclarationView.Write(terminal, trained.Architecture);
        terminal.WriteLine($"{train.Count} images of {source.Name} to train on, {test.Count} to test; instruction set {trained.InstructionSet}.");

        var report = TrainingView.Fit(terminal, trained, train, Settings(parsed, train.Count, trained.Architecture.BatchSize), cancellation);
        if (report.End == TrainingEnd.Cancelled)
        {
            path ??= Path.GetFullPath($"{source.Name}-interrupted.safetensors");
            trained.Save(path);
            terminal.WriteLine($"Interrupted: the network {(report.KeptEpoch is > 0 ? $"of epoch {report.KeptEpoch}, the best so far," : $"after {report.Steps} steps")} is in {path}");
            return CommandLine.Interrupted;
        }

        if (path is not null)
        {
            trained.Save(path);
            terminal.WriteLine($"Saved to {path}");
        }

        if (report.Epochs[^1].Statistics is { } collected)
        {
            StatisticsView.Write(terminal, collected);
            StatisticsView.Write(terminal, LayerMeasurements.Of(trained, train, parsed.GetValue(seed)));
        }

        trained.PredictionThreads = parsed.GetValue(threads);
        terminal.WriteLine(FormattableString.Invariant($"test accuracy {100 * trained.Evaluate(test, cancellation).Accuracy:F2} %"));
        return 0;
    }

    private TrainingOptions Settings(ParseResult parsed, int images, int batchSize)
    {
        var count = parsed.GetValue(epochs);
        var stepsPerEpoch = Math.Max(1, images / batchSize);
        return new TrainingOptions
        {
            Epochs = count,
            Seed = parsed.GetValue(seed),
            SamplingSeed = parsed.GetValue(seed),
            Threads = parsed.GetValue(threads),
            ValidationFraction = ValidationFraction,
            CollectStatistics = parsed.GetValue(statistics),
            Optimizer = parsed.GetValue(optimizer) switch
            {
                "sgd" => Optimizer.Sgd(Rate(0.1f)),
                "adamw" => Optimizer.AdamW(Rate(5e-4f)),
                _ => Optimizer.Adam(Rate(5e-4f)),
            },
            Schedule = parsed.GetValue(schedule) switch
            {
                "cosine" => LearningRateSchedule.Cosine(),
                "warm-up" => LearningRateSchedule.WarmUp(stepsPerEpoch, LearningRateSchedule.Cosine()),
                "step" => LearningRateSchedule.Step(stepsPerEpoch, 0.5f),
                _ => LearningRateSchedule.Constant,
            },
        };

        float Rate(float usual) => parsed.GetResult(learningRate) is null ? usual : parsed.GetValue(learningRate);
    }
}
