namespace Whittle.Runtime.Tests.Losses;

public class NetworkGradientTests
{
    public static TheoryData<Loss, Activation, Activation, int> Cases
    {
        get
        {
            var cases = new TheoryData<Loss, Activation, Activation, int>();
            foreach (var rows in new[] { 1, 3 })
            {
                foreach (var activation in Enum.GetValues<Activation>())
                {
                    cases.Add(Loss.SoftmaxCrossEntropy, activation, Activation.Identity, rows);
                    cases.Add(Loss.BinaryCrossEntropy, activation, Activation.Identity, rows);
                    cases.Add(Loss.MeanSquaredError, Activation.Tanh, activation, rows);
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_step_moves_every_parameter_against_its_finite_difference(Loss loss, Activation hidden, Activation output, int rows)
    {
        using var network = ReferenceNetwork.Of(3, [5, 4, 2], hidden, output, loss, seed: 8);
        var inputs = Network.PredictionTests.Random(3 * rows, 3);
        int[] labels = [.. Enumerable.Range(0, rows).Select(row => row % 2)];
        float[] targets = [.. Enumerable.Range(0, rows * 2).Select(index => index % 3 / 2f)];
        var before = Parameters(network);
        using var session = new TrainingSession(network, new StepOptions { Optimizer = Optimizer.Sgd(1) });
        _ = loss == Loss.SoftmaxCrossEntropy ? session.Step(inputs, labels) : session.Step(inputs, targets);
        var after = Parameters(network);
        const float Distance = 4e-3f;
        for (var layer = 0; layer < before.Length; layer++)
        {
            for (var index = 0; index < before[layer].Length; index++)
            {
                var slope = (LossAt(layer, index, Distance) - LossAt(layer, index, -Distance)) / (2 * Distance);
                Assert.Equal(slope, before[layer][index] - after[layer][index], 2e-3);
            }
        }

        double LossAt(int layer, int index, float change)
        {
            var changed = before.Select(values => values.ToArray()).ToArray();
            changed[layer][index] += change;
            Set(network, changed);
            var data = loss == Loss.SoftmaxCrossEntropy ? Dataset.FromArrays(inputs, 3, labels, 2) : Dataset.FromTargets(inputs, 3, targets, 2);
            return network.Evaluate(data).Loss;
        }
    }

    // Per layer the weights, then the biases.
    private static float[][] Parameters(CompiledNetwork network) => [.. network.Architecture.Layers.Select((layer, index) =>
    {
        var values = new float[(layer.Inputs + 1) * layer.Outputs];
        network.GetWeights(index, values.AsSpan(0, layer.Inputs * layer.Outputs));
        network.GetBiases(index, values.AsSpan(layer.Inputs * layer.Outputs));
        return values;
    })];

    private static void Set(CompiledNetwork network, float[][] parameters)
    {
        for (var index = 0; index < parameters.Length; index++)
        {
            var layer = network.Architecture.Layers[index];
            network.SetWeights(index, parameters[index].AsSpan(0, layer.Inputs * layer.Outputs));
            network.SetBiases(index, parameters[index].AsSpan(layer.Inputs * layer.Outputs));
        }
    }
}
