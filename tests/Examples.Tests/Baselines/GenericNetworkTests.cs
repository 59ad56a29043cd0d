using Whittle.Examples.Baselines;
using Whittle.Examples.Networks;

namespace Whittle.Examples.Tests.Baselines;

public class GenericNetworkTests
{
    private const int Rows = 20;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Generated_code_tensors_and_plain_loops_train_alike(bool adam)
    {
        const float LearningRate = 0.01f;
        using var network = new SmallDigits(seed: 7);
        using var session = new TrainingSession(network, new StepOptions { Optimizer = adam ? Optimizer.Adam(LearningRate) : Optimizer.Sgd(LearningRate) });
        int[] units = [64, 128, 128, 10];
        var tensors = new TensorPrimitivesNetwork(units, Rows, adam);
        var loops = new PlainLoopsNetwork(units, Rows, adam);
        tensors.CopyParametersFrom(network);
        loops.CopyParametersFrom(network);

        var random = new Random(1);
        for (var step = 0; step < 10; step++)
        {
            var inputs = Enumerable.Range(0, Rows * 64).Select(_ => random.NextSingle()).ToArray();
            var labels = Enumerable.Range(0, Rows).Select(_ => random.Next(10)).ToArray();
            var expected = session.Step(inputs, labels);

            Assert.Equal(expected, tensors.Step(inputs, labels, LearningRate), 1e-3);
            Assert.Equal(expected, loops.Step(inputs, labels, LearningRate), 1e-3);
        }

        // Adam divides by the square root of tiny gradients: single weights may move apart, by less than a step.
        var tolerance = adam ? LearningRate : 1e-5f;
        for (var layer = 0; layer < 3; layer++)
        {
            var weights = new float[units[layer] * units[layer + 1]];
            network.GetWeights(layer, weights);
            Assert.All(weights.Zip(tensors.Layers[layer].Weights), pair => Assert.Equal(pair.First, pair.Second, tolerance));
            Assert.All(weights.Zip(loops.Layers[layer].Weights), pair => Assert.Equal(pair.First, pair.Second, tolerance));
        }
    }

    [Fact]
    public void The_gradient_of_plain_loops_is_that_of_finite_differences()
    {
        int[] units = [5, 7, 4];
        float[] inputs = [.. Enumerable.Range(0, 15).Select(index => MathF.Sin(index))];
        int[] labels = [0, 3, 1];
        const float Step = 1e-3f;
        var trained = Fill(new PlainLoopsNetwork(units, 3, adam: false));
        var before = Fill(new PlainLoopsNetwork(units, 3, adam: false));
        trained.Step(inputs, labels, learningRate: 1);
        for (var layer = 0; layer < 2; layer++)
        {
            for (var index = 0; index < before.Layers[layer].Weights.Length; index++)
            {
                var gradient = before.Layers[layer].Weights[index] - trained.Layers[layer].Weights[index];
                Assert.Equal((Loss(layer, index, Step) - Loss(layer, index, -Step)) / (2 * Step), gradient, 2e-3);
            }
        }

        double Loss(int layer, int index, float change)
        {
            var network = Fill(new PlainLoopsNetwork(units, 3, adam: false));
            network.Layers[layer].Weights[index] += change;
            return network.Step(inputs, labels, learningRate: 0);
        }
    }

    private static PlainLoopsNetwork Fill(PlainLoopsNetwork network)
    {
        var random = new Random(3);
        foreach (var layer in network.Layers)
        {
            for (var index = 0; index < layer.Weights.Length; index++)
            {
                layer.Weights[index] = random.NextSingle() - 0.5f;
            }

            Array.Fill(layer.Biases, 0.1f);
        }

        return network;
    }
}
