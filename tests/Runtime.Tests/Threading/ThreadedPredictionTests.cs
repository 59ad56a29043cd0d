namespace Whittle.Runtime.Tests.Threading;

/// <summary>Predicts with the nodes that training would choose.</summary>
[Network(Inputs = 301, BatchSize = 24)]
[NodeSampled(203, Activation.Relu, Selector = NodeSelector.TopK, Share = 0.3, Inference = NodeInference.Sampled)]
[Dense(193, Activation.Relu)]
[Dense(10)]
internal sealed partial class SplitSampledNetwork : INetwork<SplitSampledNetwork>;

public class ThreadedPredictionTests
{
    // Fewer than a chunk, a chunk, and one with a rest.
    private static readonly int[] RowCounts = [1, 40, 128, 301];

    [Fact]
    public void Predictions_have_the_same_bits_on_any_number_of_threads()
    {
        foreach (var network in (CompiledNetwork[])[new SplitNetwork(seed: 3), new SplitMixedNetwork(seed: 3), new SplitSampledNetwork(seed: 3)])
        {
            foreach (var rows in RowCounts)
            {
                var inputs = Inputs(network, rows);
                var alone = Predict(network, inputs, rows, threads: 1);
                Assert.All((int[])[0, 2, 3, int.MaxValue], threads => Assert.Equal(alone, Predict(network, inputs, rows, threads)));
            }

            network.Dispose();
        }
    }

    [Fact]
    public void An_evaluation_is_the_same_on_any_number_of_threads()
    {
        using var network = new SplitNetwork(seed: 3);
        var data = Dataset.FromArrays(Inputs(network, 301), network.Architecture.Inputs, [.. Enumerable.Range(0, 301).Select(row => row % 60)], classes: 60);
        var all = (int[])[1, 0, 2, 3];
        var losses = all.Select(threads =>
        {
            network.PredictionThreads = threads;
            return network.Evaluate(data).Loss;
        }).ToArray();
        Assert.All(losses, loss => Assert.Equal(losses[0], loss));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    public void The_network_says_how_many_threads_are_used(int threads, int used)
    {
        Assert.SkipWhen(Environment.ProcessorCount < used, "needs two processors");
        using var network = new SplitNetwork(seed: 3);
        Predict(network, Inputs(network, 40), 40, threads);
        using var workspace = network.Workspaces.Rent();
        Assert.Equal(used, workspace.Threads);
    }

    [Fact]
    public void Predictions_on_several_threads_allocate_nothing()
    {
        using var network = new SplitNetwork(seed: 3) { PredictionThreads = 2 };
        var inputs = Inputs(network, 301);
        var outputs = new float[301 * network.Architecture.Outputs];
        network.Predict(inputs, outputs);
        Assert.Equal(0, Memory.Allocation.Of(() => network.Predict(inputs, outputs)));
    }

    [Fact]
    public void A_training_validates_on_its_own_number_of_threads()
    {
        using var network = new SplitNetwork(seed: 3) { PredictionThreads = 2 };
        var data = Dataset.FromArrays(Inputs(network, 80), network.Architecture.Inputs, [.. Enumerable.Range(0, 80).Select(row => row % 60)], classes: 60);
        Trainer.Fit(network, data, new TrainingOptions { Epochs = 1, Threads = 1, Validation = data });
        using var workspace = network.Workspaces.Rent();
        Assert.Equal(1, workspace.Threads);
    }

    [Fact]
    public void A_negative_number_of_threads_is_refused()
    {
        using var network = new SplitNetwork(seed: 3);
        var exception = Assert.Throws<ArgumentOutOfRangeException>(() => network.PredictionThreads = -1);
        Assert.Contains("PredictionThreads must be at least 1", exception.Message);
    }

    private static float[] Predict(CompiledNetwork network, float[] inputs, int rows, int threads)
    {
        network.PredictionThreads = threads;
        var outputs = new float[rows * network.Architecture.Outputs];
        network.Predict(inputs, outputs);
        return outputs;
    }

    private static float[] Inputs(CompiledNetwork network, int rows)
    {
        var random = new Random(rows);
        return [.. Enumerable.Range(0, rows * network.Architecture.Inputs).Select(_ => Math.Max(0, random.NextSingle() - 0.4f))];
    }
}
