using Whittle.Runtime.Tests.Memory;

namespace Whittle.Runtime.Tests.Network;

public class PredictionTests
{
    [Fact]
    public void Logits_are_the_layers_computed_in_double_precision()
    {
        using var network = ReferenceNetwork.Of(7, [19, 33, 3], Activation.Tanh, seed: 5);
        var inputs = Random(7 * 300);
        var logits = new float[3 * 300];
        network.Logits(inputs, logits);
        for (var row = 0; row < 300; row++)
        {
            var expected = Forward(network, inputs.AsSpan(row * 7, 7));
            for (var output = 0; output < 3; output++)
            {
                Assert.Equal(expected[output], logits[(row * 3) + output], 1e-5);
            }
        }
    }

    [Fact]
    public void One_row_alone_gives_what_it_gives_among_others()
    {
        using var network = ReferenceNetwork.Of(7, [19, 3], seed: 5);
        var inputs = Random(7 * 9);
        inputs[3] = 0;
        var all = new float[27];
        var one = new float[3];
        network.Predict(inputs, all);
        for (var row = 0; row < 9; row++)
        {
            network.Predict(inputs.AsSpan(row * 7, 7), one);
            for (var output = 0; output < 3; output++)
            {
                Assert.Equal(all[(row * 3) + output], one[output], 1e-6f);
            }
        }
    }

    [Fact]
    public void Probabilities_of_classes_sum_to_one_even_for_huge_logits()
    {
        using var network = ReferenceNetwork.Of(2, [3]);
        network.SetBiases(0, [10_000, -10_000, 9_999]);
        var outputs = new float[6];
        network.Predict([0, 0, 0, 0], outputs);
        Assert.Equal([0.7310586f, 0, 0.26894143f, 0.7310586f, 0, 0.26894143f], outputs, (left, right) => Math.Abs(left - right) < 1e-6);
    }

    [Fact]
    public void Probabilities_of_several_labels_are_sigmoids_and_squared_error_predicts_plain_values()
    {
        var outputs = new float[2];
        using var labels = ReferenceNetwork.Of(1, [2], loss: Loss.BinaryCrossEntropy);
        labels.SetBiases(0, [0, 100]);
        labels.Predict([0], outputs);
        Assert.Equal([0.5f, 1f], outputs);
        using var values = ReferenceNetwork.Of(1, [2], loss: Loss.MeanSquaredError);
        values.SetBiases(0, [-3, 100]);
        values.Predict([0], outputs);
        Assert.Equal([-3f, 100f], outputs);
    }

    [Fact]
    public void Classes_are_the_largest_outputs()
    {
        using var network = ReferenceNetwork.Of(2, [3]);
        network.SetWeights(0, [1, 0, 0, 1, -1, -1]);
        var classes = new int[3];
        network.Classify([5, 1, 1, 5, -5, -5], classes);
        Assert.Equal([0, 1, 2], classes);
        Assert.Equal(1, network.Classify([1, 5]));
    }

    [Fact]
    public void Input_scaling_is_applied_to_what_callers_pass()
    {
        using var network = ReferenceNetwork.Of(2, [3], seed: 3);
        var expected = new float[3];
        var scaled = new float[3];
        network.Logits([2, -4], expected);
        network.InputScaling = Scaling.PerFeature([1, 2], [2, -2]);
        network.Logits([2, 4], scaled);
        Assert.Equal(expected, scaled);
        Assert.Contains("takes 2 inputs", Assert.Throws<ArgumentException>(() => network.InputScaling = Scaling.PerFeature([1, 2, 3], [1, 1, 1])).Message);
    }

    [Fact]
    public void Wrong_lengths_are_refused_with_both_sizes()
    {
        using var network = ReferenceNetwork.Of(7, [3]);
        Assert.Contains("rows of 7 inputs, but the span has 8", Assert.Throws<ArgumentException>(() => network.Predict(new float[8], new float[3])).Message);
        Assert.Contains("2 x 3 outputs, but the span for them has 5", Assert.Throws<ArgumentException>(() => network.Predict(new float[14], new float[5])).Message);
        Assert.Contains("takes 7 inputs, but the span has 14", Assert.Throws<ArgumentException>(() => network.Classify(new float[14])).Message);
        Assert.Contains("2 classes, but the span for them has 3", Assert.Throws<ArgumentException>(() => network.Classify(new float[14], new int[3])).Message);
    }

    [Fact]
    public void Predictions_allocate_nothing_after_the_first()
    {
        using var network = ReferenceNetwork.Of(7, [19, 3]);
        var inputs = Random(7 * 300);
        var outputs = new float[900];
        Run();
        Assert.Equal(0, Allocation.Of(Run));

        void Run()
        {
            network.Predict(inputs, outputs);
            network.Classify(inputs.AsSpan(0, 7));
        }
    }

    [Fact]
    public void Many_threads_predict_the_same_as_one()
    {
        using var network = ReferenceNetwork.Of(7, [40, 3]);
        var inputs = Random(7 * 50);
        var expected = new float[150];
        network.Predict(inputs, expected);
        Parallel.For(0, 200, new ParallelOptions { MaxDegreeOfParallelism = 8 }, _ =>
        {
            var outputs = new float[150];
            network.Predict(inputs, outputs);
            Assert.Equal(expected, outputs);
        });
    }

    [Fact]
    public async Task Threads_predict_finite_probabilities_while_another_trains()
    {
        using var network = ReferenceNetwork.Of(2, [24, 2]);
        using var session = new TrainingSession(network);
        var (inputs, labels) = Training.TrainingSessionTests.Circles(40);
        var done = false;
        var predictors = Enumerable.Range(0, 3).Select(_ => Task.Run(() =>
        {
            var outputs = new float[80];
            var runs = 0;
            while (!Volatile.Read(ref done) || runs == 0)
            {
                network.Predict(inputs, outputs);
                Assert.DoesNotContain(outputs, probability => !(probability >= 0 && probability <= 1));
                runs++;
            }
        }, TestContext.Current.CancellationToken)).ToArray();
        for (var step = 0; step < 300; step++)
        {
            session.Step(inputs, labels);
        }

        Volatile.Write(ref done, true);
        await Task.WhenAll(predictors);
    }

    [Fact]
    public async Task Disposing_while_threads_predict_ends_them_with_an_exception_and_nothing_else()
    {
        for (var repetition = 0; repetition < 20; repetition++)
        {
            var network = ReferenceNetwork.Of(7, [64, 3]);
            var inputs = Random(7 * 30);
            using var started = new CountdownEvent(3);
            var predictors = Enumerable.Range(0, 3).Select(_ => Task.Run(() =>
            {
                var outputs = new float[90];
                network.Predict(inputs, outputs);
                started.Signal();
                Assert.Throws<ObjectDisposedException>(PredictForever);

                void PredictForever()
                {
                    while (true)
                    {
                        network.Predict(inputs, outputs);
                    }
                }
            }, TestContext.Current.CancellationToken)).ToArray();
            started.Wait(TestContext.Current.CancellationToken);
            network.Dispose();
            await Task.WhenAll(predictors);
        }
    }

    [Fact]
    public void Use_after_dispose_is_refused()
    {
        var network = ReferenceNetwork.Of(7, [3]);
        using var session = new TrainingSession(network);
        network.Dispose();
        network.Dispose();
        Assert.Throws<ObjectDisposedException>(() => network.Classify(new float[7]));
        Assert.Throws<ObjectDisposedException>(() => network.GetBiases(0, new float[3]));
        Assert.Throws<ObjectDisposedException>(() => session.Step(new float[7], [0]));
        Assert.Throws<ObjectDisposedException>(() => network.Save("never-written.safetensors"));
    }

    internal static float[] Random(int count, ulong seed = 1)
    {
        var random = new RandomStream(seed, 77);
        return Enumerable.Range(0, count).Select(_ => random.NextNormal()).ToArray();
    }

    private static double[] Forward(CompiledNetwork network, ReadOnlySpan<float> inputs)
    {
        var values = Array.ConvertAll(inputs.ToArray(), value => (double)value);
        for (var index = 0; index < network.Architecture.Layers.Count; index++)
        {
            var layer = network.Architecture.Layers[index];
            var weights = new float[layer.Inputs * layer.Outputs];
            var biases = new float[layer.Outputs];
            network.GetWeights(index, weights);
            network.GetBiases(index, biases);
            var below = values;
            values = [.. Enumerable.Range(0, layer.Outputs).Select(output =>
            {
                var z = biases[output] + Enumerable.Range(0, layer.Inputs).Sum(input => below[input] * weights[(output * layer.Inputs) + input]);
                return layer.Activation == Activation.Tanh ? Math.Tanh(z) : z;
            })];
        }

        return values;
    }
}
