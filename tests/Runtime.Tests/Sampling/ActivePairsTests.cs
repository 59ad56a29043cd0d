using System.Runtime.InteropServices;

namespace Whittle.Runtime.Tests.Sampling;

[Network(Inputs = 30, BatchSize = 1)]
[NodeSampled(80, Activation.Relu, Share = 0.2, Selector = NodeSelector.Uniform, Inference = NodeInference.Sampled)]
[NodeSampled(70, Activation.Tanh, Share = 0.1, Selector = NodeSelector.Uniform, Inference = NodeInference.Sampled)]
[Dense(3)]
internal sealed partial class StackedNodes : INetwork<StackedNodes>;

public unsafe class ActivePairsTests
{
    private const int Nodes = 37;
    private const int Inputs = 61;
    private const int Stride = 64;

    private static readonly int[] Listed = [0, 3, 4, 17, 35, 36];

    public static TheoryData<int> Counts => [0, 1, 2, 3, 4, 5, 7, 8, 9, 12, 15, 16, 17, 33, 61];

    /// <summary>What lies outside of the pairs is no number: a product that read it would be none either, an update would show.</summary>
    [Theory]
    [MemberData(nameof(Counts))]
    public void Products_and_update_visit_the_pairs_alone(int count)
    {
        var random = new Random(count);
        var inputs = Enumerable.Range(0, Inputs).OrderBy(_ => random.Next()).Take(count).Order().ToArray();
        var values = inputs.Select(_ => random.NextSingle() + 0.1f).ToArray();
        var gradients = Enumerable.Range(0, Nodes).Select(node => Listed.Contains(node) ? random.NextSingle() - 0.5f : float.NaN).ToArray();
        var before = Enumerable.Range(0, Nodes * Stride)
            .Select(index => Listed.Contains(index / Stride) && inputs.Contains(index % Stride) ? random.NextSingle() - 0.5f : float.NaN).ToArray();
        var biases = Enumerable.Range(0, Nodes).Select(_ => random.NextSingle()).ToArray();
        var weights = before.ToArray();
        fixed (float* weight = weights)
        fixed (float* bias = biases)
        {
            var rows = new NodeRows(weight, Stride, Inputs, bias);
            var outputs = new float[Listed.Length + 1];
            outputs[^1] = 77;
            ActivePairs.Forward(rows, Listed, inputs, values, outputs);
            for (var entry = 0; entry < Listed.Length; entry++)
            {
                var node = Listed[entry];
                Assert.Equal(biases[node] + inputs.Select((input, index) => (double)values[index] * before[(node * Stride) + input]).Sum(), outputs[entry], 1e-5);
            }

            Assert.Equal(77, outputs[^1]);
            var below = new float[count + 1];
            below[^1] = 77;
            ActivePairs.InputGradient(rows, Listed, gradients, inputs, below);
            for (var index = 0; index < count; index++)
            {
                Assert.Equal(Listed.Sum(node => (double)gradients[node] * before[(node * Stride) + inputs[index]]), below[index], 1e-5);
            }

            Assert.Equal(77, below[^1]);
            var rule = new SgdRule(0.1f);
            ActivePairs.Update(in rule, rows, Listed, gradients, inputs, values);
        }

        var expected = before.ToArray();
        foreach (var node in Listed)
        {
            foreach (var (index, input) in inputs.Index())
            {
                ref var w = ref expected[(node * Stride) + input];
                w -= 0.1f * gradients[node] * values[index];
                Assert.Equal(w, weights[(node * Stride) + input], 1e-6f);
                w = weights[(node * Stride) + input];
            }
        }

        Assert.True(MemoryMarshal.AsBytes<float>(expected).SequenceEqual(MemoryMarshal.AsBytes<float>(weights)));
    }

    [Theory]
    [InlineData(100, 1000, true)]
    [InlineData(101, 1000, false)]
    [InlineData(0, 5, true)]
    public void Pairs_pay_where_a_tenth_of_the_inputs_is_active(int nonZero, int inputs, bool pay) => Assert.Equal(pay, ActivePairs.Pay(nonZero, inputs));

    /// <summary>The same draws, once walking pairs, once whole rows.</summary>
    [Fact]
    public void A_step_over_pairs_is_the_step_over_rows()
    {
        var stepsOverPairs = 0;
        for (var seed = 1UL; seed <= 30; seed++)
        {
            using var pairs = new Step(seed, walksPairs: true);
            using var rows = new Step(seed, walksPairs: false);
            Assert.Equal(0, rows.ListedInputs);
            stepsOverPairs += pairs.ListedInputs > 0 ? 1 : 0;
            Assert.All(rows.Outputs.Zip(pairs.Outputs), both => Assert.Equal(both.First, both.Second, 1e-5f));
            Assert.All(rows.InputGradients.Zip(pairs.InputGradients), both => Assert.Equal(both.First, both.Second, 1e-5f));
            Assert.Equal(rows.Weights, pairs.Weights);
        }

        // About 8 of 80 inputs are active and positive: sometimes more, sometimes fewer.
        Assert.InRange(stepsOverPairs, 5, 29);
    }

    [Fact]
    public void Training_walks_pairs_with_plain_descent_and_rows_with_moments()
    {
        foreach (var (optimizer, walks) in ((Optimizer, bool)[])[(Optimizer.Sgd(0.1f), true), (Optimizer.Sgd(0.1f, momentum: 0.9f), false), (Optimizer.Adagrad(), false)])
        {
            using var network = new StackedNodes(seed: 1);
            using var session = new TrainingSession(network, new StepOptions { Optimizer = optimizer, Threads = 1 });
            Assert.Equal(walks, session.WalksPairs);
        }
    }

    /// <summary>With next to no momentum a training is the one without, but walks whole rows.</summary>
    [Fact]
    public void A_training_over_pairs_is_the_training_over_rows_whatever_else_its_steps_do()
    {
        using var overPairs = new StackedNodes(seed: 4);
        using var overRows = new StackedNodes(seed: 4);
        var options = new StepOptions { Threads = 1, TotalSteps = 120, ExactFirstSteps = 6, ExactLastSteps = 8 };
        using var pairs = new TrainingSession(overPairs, options with { Optimizer = Optimizer.Sgd(0.05f) });
        using var rows = new TrainingSession(overRows, options with { Optimizer = Optimizer.Sgd(0.05f, momentum: 1e-30f) });
        var random = new RandomStream(5, 0);
        for (var step = 0; step < 120; step++)
        {
            var count = step % 7 == 3 ? 5 : 1;
            float[] inputs = [.. Enumerable.Range(0, 30 * count).Select(_ => random.NextNormal())];
            int[] labels = [.. Enumerable.Range(0, count).Select(row => (step + row) % 3)];
            Assert.Equal(rows.Step(inputs, labels), pairs.Step(inputs, labels), 1e-4);
        }

        rows.CatchUp();
        foreach (var layer in Enumerable.Range(0, 3))
        {
            var description = overPairs.Architecture.Layers[layer];
            var (expected, actual) = (new float[description.Inputs * description.Outputs], new float[description.Inputs * description.Outputs]);
            overRows.GetWeights(layer, expected);
            overPairs.GetWeights(layer, actual);
            Assert.All(expected.Zip(actual), both => Assert.Equal(both.First, both.Second, 1e-4f));
        }
    }

    /// <summary>The second layer of a network in one step.</summary>
    private sealed class Step : IDisposable
    {
        private readonly StackedNodes network;

        public Step(ulong seed, bool walksPairs)
        {
            network = new StackedNodes(seed);
            using var workspace = new Workspace(network.Layout, 1, training: true, threads: 1) { WalksPairs = walksPairs };
            using var lease = workspace.Use();
            using var parameterLease = network.UseParameters();
            using var sampling = SampledLayers.ForTraining(network, seed)!;
            var parameters = network.Parameters.Pointer;
            var random = new RandomStream(seed, 1);
            foreach (ref var x in workspace.Row(0, 0, 30))
            {
                x = random.NextNormal();
            }

            sampling.BeginBatch(1, default, default);
            network.Runner.Forward(parameters, workspace, 1, sampling);
            ListedInputs = workspace.NonZeroCounts[1];
            Outputs = workspace.Row(2, 0, 70).ToArray();
            foreach (var node in sampling[1]!.Active![0].Indices)
            {
                workspace.Gradients(1)[node] = random.NextNormal();
            }

            new Span<float>(workspace.Gradients(0), 80).Fill(77);
            network.Runner.InputGradient(parameters, workspace, 1, 1, sampling);
            InputGradients = new Span<float>(workspace.Gradients(0), 80).ToArray();
            var rule = new SgdRule(0.1f);
            network.Runner.WeightGradient(in rule, parameters, null, null, workspace, 1, 1, sampling);
            Weights = new float[70 * 80];
            network.GetWeights(1, Weights);
        }

        public int ListedInputs { get; }

        public float[] Outputs { get; }

        public float[] InputGradients { get; }

        public float[] Weights { get; }

        public void Dispose() => network.Dispose();
    }
}
