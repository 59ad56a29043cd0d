using System.CommandLine;
using Spectre.Console;
using Whittle.Examples.DataSets;
using Whittle.Examples.Networks;
using Whittle.Examples.Rendering;

namespace Whittle.Examples.Commands;

/// <summary>Runs a saved network on one image and shows both.</summary>
internal static class PredictCommand
{
    public static Command Create(Terminal terminal)
    {
        var model = Options.File("--model");
        model.Description = "A file that train --save wrote.";
        model.Required = true;
        var index = Options.Number<int>("--index", "a whole number of at least 0", value => value >= 0);
        index.Description = "Which image of the test part, from 0.";
        var seed = Options.Seed("Seed of drawn data.");
        var network = Options.Network();
        var data = new DataOptions();
        var command = new Command("predict", "Show an image and what a saved network says about it.") { model, index, network, seed };
        data.AddTo(command);
        command.SetAction((parsed, _) => Task.Run(() => Run(
            terminal,
            parsed.GetRequiredValue(model)!.FullName,
            data.Source(parsed).Load(data.Path(parsed), parsed.GetValue(seed)).Test,
            parsed.GetValue(index),
            parsed.GetValue(network))));
        return command;
    }

    private static int Run(Terminal terminal, string model, Dataset images, int index, string? name)
    {
        if ((uint)index >= (uint)images.Count)
        {
            throw new UserErrorException($"There is no image {index}; the test part has images 0 to {images.Count - 1}.");
        }

        using var network = DeclaredNetwork.For(images, name).Load(model);
        var image = images.Row(index);
        Span<float> probabilities = new float[network.Architecture.Outputs];
        network.Predict(image, probabilities);
        if (DataSource.ImageSizeOf(images) is { } size)
        {
            ImageView.Write(terminal, [($"image {index}: {images.ClassName(images.Labels[index])}", ImageView.Lines(image, size, terminal.Console.Profile.Capabilities.Unicode))]);
        }

        var chart = new BarChart().Width(60).WithMaxValue(100).UseValueFormatter((value, _) => FormattableString.Invariant($"{value:F2} %"));
        for (var label = 0; label < probabilities.Length; label++)
        {
            chart.AddItem(images.ClassName(label), Math.Round(100.0 * probabilities[label], 2), label == images.Labels[index] ? Color.Green : Color.Grey);
        }

        terminal.Console.Write(chart);
        terminal.WriteLine($"prediction {images.ClassName(network.Classify(image))}, truth {images.ClassName(images.Labels[index])}");
        return 0;
    }
}
