namespace Whittle.Runtime.Tests.Training;

/// <summary>A layer whose weight gradient reads its rows where they lie.</summary>
[Network(Inputs = 97, BatchSize = 20)]
[Dense(181)]
internal sealed partial class InPlace : INetwork<InPlace>;

/// <summary>The same declared with a batch from which on it reads copies.</summary>
[Network(Inputs = 97, BatchSize = 40)]
[Dense(181)]
internal sealed partial class Copied : INetwork<Copied>;

public class GradientPackingTests
{
    [Fact]
    public void Copies_are_made_for_large_layers_and_batches()
    {
        Assert.True(GradientPacking.Applies(32, 128, 128));
        Assert.False(GradientPacking.Applies(31, 128, 128));
        Assert.False(GradientPacking.Applies(32, 128, 127));
        Assert.True(GradientPacking.Applies(32, 1_000_000, 1_000_000));
        Assert.Contains(Copied.Kernels, kernel => kernel.Name.Contains("_Packed", StringComparison.Ordinal));
    }

    /// <summary>The order of a sum is the same, so its bits are: for whole batches, parts of one, larger ones and single rows.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Gradients_from_copies_have_the_bits_of_those_in_place(int threads)
    {
        foreach (var optimizer in new[] { Optimizer.Sgd(0.1f, weightDecay: 0.01f), Optimizer.Sgd(0.1f, 0.9f), Optimizer.Adam(1e-2f) })
        {
            using var inPlace = new InPlace(seed: 3);
            using var copied = new Copied(seed: 3);
            using var first = new TrainingSession(inPlace, new StepOptions { Optimizer = optimizer, Threads = threads });
            using var second = new TrainingSession(copied, new StepOptions { Optimizer = optimizer, Threads = threads });
            var random = new Random(5);
            foreach (var rows in new[] { 40, 37, 2, 1, 64, 40 })
            {
                float[] inputs = [.. Enumerable.Range(0, rows * 97).Select(_ => Math.Max(0, random.NextSingle() - 0.4f))];
                int[] labels = [.. Enumerable.Range(0, rows).Select(_ => random.Next(181))];
                Assert.Equal(first.Step(inputs, labels), second.Step(inputs, labels));
                Assert.Equal(Parameters(inPlace), Parameters(copied));
            }
        }
    }

    private static float[] Parameters(CompiledNetwork network)
    {
        var (weights, biases) = (new float[97 * 181], new float[181]);
        network.GetWeights(0, weights);
        network.GetBiases(0, biases);
        return [.. weights, .. biases];
    }
}
