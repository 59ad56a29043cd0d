#pragma warning disable xUnit1051 // The code is that of the readme, which takes no cancellation token.

using Whittle.Examples.Tests.Commands;

namespace Whittle.Examples.Tests;

[Network(Inputs = 784, BatchSize = 20)]
[Dense(1000, Activation.Relu)]
[NodeSampled(1000, Activation.Relu, Selector = NodeSelector.LowRank, Share = 0.05, Residual = 0.4)]
[InputSampled(1000, Activation.Relu, Estimator = InputEstimator.WtaCrs, Share = 0.1)]
[Dense(10)]
public sealed partial class SampledDigits : INetwork<SampledDigits>;

[Network(Inputs = 784, BatchSize = 20)]
[Dense(1000, Activation.Relu)]
[Dense(10)]
public sealed partial class MyDigits : INetwork<MyDigits>;

/// <summary>Alone, because its code names files in the current directory.</summary>
[CollectionDefinition(nameof(ReadmeTests), DisableParallelization = true)]
public class ReadmeCollection;

/// <summary>The code of README.md, run line by line.</summary>
[Collection(nameof(ReadmeTests))]
public class ReadmeTests
{
    [Theory]
    [InlineData("README.md", "ReadmeTests.cs", 8)]
    [InlineData("docs/optimizers.md", "OptimizersPageTests.cs", 16)]
    public void Every_line_of_code_of_a_page_is_in_its_tests(string page, string tests, int lines)
    {
        var root = Repository.Root;
        Assert.SkipWhen(root is null, "The tests run outside the repository.");
        var here = File.ReadLines(Path.Combine(root, "tests", "Examples.Tests", tests)).Select(line => line.Trim()).ToHashSet();
        var code = File.ReadAllText(Path.Combine(root, page))
            .ReplaceLineEndings("\n")
            .Split("```csharp\n")[1..]
            .SelectMany(block => block[..block.IndexOf("```", StringComparison.Ordinal)].Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            .ToArray();
        Assert.True(code.Length > lines);
        Assert.All(code, line => Assert.Contains(line, here));
    }

    [Fact]
    public void The_sampled_network_of_the_readme_learns()
    {
        var digits = StrokeDigits.Generate(400, seed: 1);
        using var network = new SampledDigits(seed: 42);
        var report = Trainer.Fit(network, digits, new TrainingOptions { Epochs = 2, Optimizer = Optimizer.Adam(5e-4f) });
        Assert.True(report.Epochs[1].Loss < report.Epochs[0].Loss);
    }

    [Fact]
    public void The_code_of_the_readme_trains_and_saves_a_network()
    {
        using var data = new IdxDirectory(side: 28);
        var folder = Directory.CreateDirectory(data.File("mnist")).FullName;
        foreach (var file in Directory.GetFiles(data.Path))
        {
            File.Move(file, Path.Combine(folder, Path.GetFileName(file)));
        }

        var before = Environment.CurrentDirectory;
        Environment.CurrentDirectory = data.Path;
        try
        {
            var (train, test) = IdxDataset.Load("mnist");
            using var network = new MyDigits(seed: 42);
            Trainer.Fit(network, train, new TrainingOptions { Epochs = 5, Optimizer = Optimizer.Adam(5e-4f), Schedule = LearningRateSchedule.Cosine() });
            double? accuracy = network.Evaluate(test).Accuracy;
            int digit = network.Classify(test.Row(0)); // spans in, no allocation, safe from many threads
            network.Save("digits.safetensors");

            Assert.InRange(accuracy ?? -1, 0, 1);
            using var loaded = MyDigits.Load("digits.safetensors");
            Assert.Equal(digit, loaded.Classify(test.Row(0)));
        }
        finally
        {
            Environment.CurrentDirectory = before;
        }
    }
}
