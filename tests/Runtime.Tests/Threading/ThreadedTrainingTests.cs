using Whittle.Runtime.Tests.Memory;

namespace Whittle.Runtime.Tests.Threading;

/// <summary>Layers that are large enough to be split over threads at its batch, two of them with weight gradients from copies.</summary>
[Network(Inputs = 97, BatchSize = 40)]
[Dense(181, Activation.Relu)]
[Dense(101, Activation.Tanh)]
[Dense(60)]
internal sealed partial class SplitNetwork : INetwork<SplitNetwork>;

public class ThreadedTrainingTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    public void Steps_have_the_same_bits_on_any_number_of_threads(int threads)
    {
        foreach (var optimizer in new[] { Optimizer.Sgd(0.1f), Optimizer.Adam(1e-2f) })
        {
            using var alone = new SplitNetwork(seed: 3);
            using var split = new SplitNetwork(seed: 3);
            Train(alone, optimizer, threads: 1);
            Train(split, optimizer, threads);
            for (var layer = 0; layer < 3; layer++)
            {
                Assert.Equal(Weights(alone, layer), Weights(split, layer));
            }
        }
    }

    [Fact]
    public void A_step_on_several_threads_allocates_nothing()
    {
        using var network = new SplitNetwork(seed: 3);
        using var session = new TrainingSession(network, new StepOptions { Threads = 2 });
        var (inputs, labels) = Batch(new Random(1), 40);
        for (var step = 0; step < 3; step++)
        {
            session.Step(inputs, labels);
        }

        Assert.Equal(0, Allocation.Of(() =>
        {
            for (var step = 0; step < 20; step++)
            {
                session.Step(inputs, labels);
            }
        }));
    }

    [Fact]
    public void A_negative_number_of_threads_is_refused()
    {
        using var network = new SplitNetwork(seed: 3);
        var exception = Assert.Throws<ArgumentException>(() => new TrainingSession(network, new StepOptions { Threads = -1 }));
        Assert.Contains("Threads is -1", exception.Message);
    }

    private static void Train(SplitNetwork network, Optimizer optimizer, int threads)
    {
        using var session = new TrainingSession(network, new StepOptions { Optimizer = optimizer, Threads = threads });
        var random = new Random(5);
        foreach (var rows in new[] { 40, 40, 37, 1, 64 })
        {
            var (inputs, labels) = Batch(random, rows);
            session.Step(inputs, labels);
        }
    }

    private static (float[] Inputs, int[] Labels) Batch(Random random, int rows) => (
        [.. Enumerable.Range(0, rows * 97).Select(_ => Math.Max(0, random.NextSingle() - 0.4f))],
        [.. Enumerable.Range(0, rows).Select(_ => random.Next(60))]);

    private static float[] Weights(SplitNetwork network, int layer)
    {
        var shape = network.Architecture.Layers[layer];
        var weights = new float[shape.Inputs * shape.Outputs];
        network.GetWeights(layer, weights);
        return weights;
    }
}
