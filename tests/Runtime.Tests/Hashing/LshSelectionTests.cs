namespace Whittle.Runtime.Tests.Hashing;

[Network(Inputs = 30, BatchSize = 8)]
[NodeSampled(90, Activation.Relu, Selector = NodeSelector.Lsh, Bits = 3, Tables = 2, Query = BucketQuery.All)]
[NodeSampled(90, Activation.Relu, Selector = NodeSelector.Lsh, Family = HashFamily.SimHash, Bits = 3, Tables = 2, Query = BucketQuery.All)]
[NodeSampled(90, Activation.Relu, Selector = NodeSelector.Lsh, Family = HashFamily.Dwta, Bits = 3, Tables = 2, Query = BucketQuery.All)]
[Dense(4)]
internal sealed partial class AllFound : INetwork<AllFound>;

/// <summary>What hash tables do in a network: the same in training and in predictions, and for the weights that the network has.</summary>
public class LshSelectionTests
{
    private const int Inputs = 30;
    private const int Rows = 8;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(12_345)]
    public void A_prediction_finds_the_nodes_that_a_step_finds_whatever_the_seed(int seed)
    {
        using var network = new AllFound(1);
        AssertStepsSeeWhatPredictionsSee(network, new StepOptions { SamplingSeed = (ulong)seed, Threads = 1 }, _ => { });
    }

    [Fact]
    public void Weights_that_were_set_during_a_training_are_hashed_anew()
    {
        using var network = new AllFound(1);
        using var other = new AllFound(2);
        AssertStepsSeeWhatPredictionsSee(network, new StepOptions { Threads = 1 }, step =>
        {
            if (step == 3)
            {
                for (var layer = 0; layer < 3; layer++)
                {
                    var weights = new float[network.Architecture.Layers[layer].Inputs * 90];
                    other.GetWeights(layer, weights);
                    network.SetWeights(layer, weights);
                }
            }
        });
    }

    /// <summary>The logits of a step, before its update, are those of a prediction.</summary>
    private static void AssertStepsSeeWhatPredictionsSee(CompiledNetwork network, StepOptions options, Action<int> beforeStep)
    {
        var logits = new float[Rows * 4];
        using var session = new TrainingSession(network, options with
        {
            Optimizer = Optimizer.Sgd(1e-9f),
            CustomLoss = batch =>
            {
                for (var row = 0; row < batch.Rows; row++)
                {
                    batch.Logits(row).CopyTo(logits.AsSpan(row * 4, 4));
                    batch.Gradient(row).Fill(1);
                }

                return 0;
            },
        });
        var random = new Random(1);
        for (var step = 0; step < 6; step++)
        {
            float[] inputs = [.. Enumerable.Range(0, Rows * Inputs).Select(_ => random.NextSingle())];
            var predicted = new float[Rows * 4];
            beforeStep(step);
            network.Logits(inputs, predicted);
            session.Step(inputs, new int[Rows]);
            Assert.All(predicted.Zip(logits), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
        }
    }
}
