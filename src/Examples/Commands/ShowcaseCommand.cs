using System.CommandLine;
using Spectre.Console;
using Whittle.Examples.DataSets;
using Whittle.Examples.Measurements;
using Whittle.Examples.Networks;
using Whittle.Examples.Rendering;

namespace Whittle.Examples.Commands;

/// <summary>Without a command: declaration, training, test and comparison on the built-in data, in one go.</summary>
internal static class ShowcaseCommand
{
    private const int Epochs = 3;
    private const int ImagesShown = 8;
    private const double ValidationFraction = 0.05;

    public static void AddTo(RootCommand root, Terminal terminal)
    {
        var seed = Options.Seed("Seed of weights, shuffling and drawn data.");
        root.Add(seed);
        root.SetAction((parsed, cancellation) => Task.Run(() => Run(terminal, parsed.GetValue(seed), cancellation), CancellationToken.None));
    }

    private static int Run(Terminal terminal, ulong seed, CancellationToken cancellation)
    {
        Heading(terminal, "The declared network");
        DeclarationView.Write(terminal, Digits.Declaration);
        terminal.WriteLine($"Its generated code: {GeneratedCode.Describe()}");
        terminal.WriteLine($"Instruction set that runs: {InstructionSets.Active}");

        var (train, test) = DataSource.Strokes.Load(null, seed);
        cancellation.ThrowIfCancellationRequested();
        Heading(terminal, $"Training on {train.Count} drawn digits, Adam, batch {Digits.Declaration.BatchSize}");
        using var network = new Digits(seed);
        var options = new TrainingOptions
        {
            Epochs = Epochs,
            Seed = seed,
            SamplingSeed = seed,
            ValidationFraction = ValidationFraction,
            Optimizer = Optimizer.Adam(5e-4f),
            Schedule = LearningRateSchedule.Cosine(),
        };
        var report = TrainingView.Fit(terminal, network, train, options, cancellation);
        if (report.End == TrainingEnd.Cancelled)
        {
            var path = Path.GetFullPath("digits-interrupted.safetensors");
            network.Save(path);
            terminal.WriteLine($"Interrupted: the network as far as it came is in {path}");
            return CommandLine.Interrupted;
        }

        Heading(terminal, $"Test on {test.Count} digits it has not seen");
        var evaluation = network.Evaluate(test, cancellation);
        terminal.WriteLine(FormattableString.Invariant($"test accuracy {100 * evaluation.Accuracy:F2} %"));
        terminal.Console.Write(ConfusionView.Table(evaluation.Confusion!, test.ClassName));
        ShowImages(terminal, network, test);

        if (!CompareSampled(terminal, new Trained(network, evaluation, report), train, test, options, seed, cancellation))
        {
            return CommandLine.Interrupted;
        }

        Heading(terminal, $"A training step of {Digits.Declaration.BatchSize} images, one thread, in turns in this run");
        foreach (var adam in new[] { false, true })
        {
            Compare(terminal, StepComparison.Run(() => new Digits(seed), train, adam, cancellation), adam ? "Adam" : "SGD");
        }

        terminal.WriteLine(FormattableString.Invariant($"Training ran at {report.Epochs.Average(epoch => epoch.SamplesPerSecond):N0} samples/s on {InstructionSets.Active}."));
        return 0;
    }

    // False if it was interrupted.
    private static bool CompareSampled(
        Terminal terminal, Trained exact, Dataset train, Dataset test, TrainingOptions options, ulong seed, CancellationToken cancellation)
    {
        var all = new List<Trained> { exact };
        foreach (var sampled in DeclaredNetwork.All.Where(network => network.IsSampled))
        {
            Heading(terminal, "The same training with sampled layers");
            DeclarationView.Write(terminal, sampled.Declaration);
            using var network = sampled.Create(seed);
            var report = TrainingView.Fit(terminal, network, train, options, cancellation);
            if (report.End == TrainingEnd.Cancelled)
            {
                return false;
            }

            all.Add(new Trained(network, network.Evaluate(test, cancellation), report));
        }

        Heading(terminal, "Side by side: a training step's cost for each image, as declared, and what came of it");
        var table = new Table().RoundedBorder().AddColumn("network");
        foreach (var heading in new[] { "test accuracy", "training, s", "multiply-adds", "of them to choose", "bytes of parameters" })
        {
            table.AddColumn(new TableColumn(heading).RightAligned());
        }

        foreach (var (network, evaluation, report) in all)
        {
            var cost = network.Architecture.CostOfStep();
            table.AddRow(
                network.GetType().Name,
                FormattableString.Invariant($"{100 * evaluation.Accuracy:F2} %"),
                FormattableString.Invariant($"{report.Duration.TotalSeconds:F1}"),
                FormattableString.Invariant($"{cost.MultiplyAdds:N0}"),
                FormattableString.Invariant($"{cost.Selection:N0}"),
                FormattableString.Invariant($"{cost.ParameterBytes:N0}"));
        }

        terminal.Console.Write(table);
        return true;
    }

    // Mistakes tell more than successes: up to half of the images shown are wrong.
    private static void ShowImages(Terminal terminal, Digits network, Dataset test)
    {
        var size = DataSource.ImageSizeOf(test)!.Value;
        var unicode = terminal.Console.Profile.Capabilities.Unicode;
        var predictions = Enumerable.Range(0, test.Count).Select(row => network.Classify(test.Row(row))).ToArray();
        var wrong = Enumerable.Range(0, test.Count).Where(row => predictions[row] != test.Labels[row]).Take(ImagesShown / 2).ToArray();
        var shown = wrong.Concat(Enumerable.Range(0, test.Count).Where(row => predictions[row] == test.Labels[row])).Take(ImagesShown).Order();
        ImageView.Write(terminal, [.. shown.Select(row => (
            predictions[row] == test.Labels[row] ? $"{predictions[row]}, right" : $"{predictions[row]}, but it is a {test.Labels[row]}",
            ImageView.Lines(test.Row(row), size, unicode)))]);
    }

    private static void Compare(Terminal terminal, IReadOnlyList<ComparedTimes> times, string optimizer)
    {
        var table = new Table().RoundedBorder().AddColumn(optimizer);
        foreach (var heading in new[] { "median ms", "10 % to 90 %", "generated is faster by" })
        {
            table.AddColumn(new TableColumn(heading).RightAligned());
        }

        foreach (var variant in times)
        {
            var ratio = variant.MedianMilliseconds / times[0].MedianMilliseconds;
            table.AddRow(
                variant.Name,
                FormattableString.Invariant($"{variant.MedianMilliseconds:F2}"),
                FormattableString.Invariant($"{variant.LowMilliseconds:F2} - {variant.HighMilliseconds:F2}"),
                variant == times[0] ? "" : FormattableString.Invariant($"{ratio:F1} times"));
        }

        terminal.Console.Write(table);
    }

    private static void Heading(Terminal terminal, string text)
    {
        terminal.WriteLine();
        terminal.Console.MarkupLineInterpolated($"[bold]{text}[/]");
    }

    private sealed record Trained(CompiledNetwork Network, Whittle.Evaluation Evaluation, TrainingReport Report);
}
