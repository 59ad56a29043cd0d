using System.Runtime.Intrinsics;

namespace Whittle.Kernels.Tests;

/// <summary>What training and prediction with sampled layers promise beside their products.</summary>
public sealed class SampledTrainingTests(SampledTrainingTests.Networks networks) : IClassFixture<SampledTrainingTests.Networks>
{
    private const int Inputs = 60;
    private const int Units = 320;

    private static readonly Dictionary<string, string> Layers = new()
    {
        ["Exact"] = "Dense(320, Activation.Relu)",
        ["Shared"] = "NodeSampled(320, Activation.Relu, Share = 0.3, Sharing = NodeSharing.Batch)",
        ["Own"] = "NodeSampled(320, Activation.Relu, Share = 0.3)",
        ["Unscaled"] = "NodeSampled(320, Activation.Relu, Share = 0.3, Inference = NodeInference.ExactUnscaled)",
        ["Inverse"] = "NodeSampled(320, Activation.Relu, Share = 0.3, Scaling = NodeScaling.InverseProbability)",
        ["Drawn"] = "NodeSampled(320, Activation.Relu, Share = 0.3, Inference = NodeInference.Sampled)",
        ["Adaptive"] = "NodeSampled(320, Activation.Relu, Selector = NodeSelector.Adaptive)",
        ["TopK"] = "NodeSampled(320, Activation.Relu, Share = 0.1, Selector = NodeSelector.TopK)",
        ["LowRank"] = "NodeSampled(320, Activation.Relu, Share = 0.1, Selector = NodeSelector.LowRank, Residual = 0.5)",
        ["Lsh"] = "NodeSampled(320, Activation.Relu, Share = 0.1, Selector = NodeSelector.Lsh)",
        ["Background"] = "NodeSampled(320, Activation.Relu, Share = 0.1, Selector = NodeSelector.Lsh, Rehash = RehashPolicy.Every, BackgroundRehash = true)",
        ["BackwardDrawn"] = "InputSampled(320, Activation.Relu, Share = 0.3)",
        ["InputGradientDrawn"] = "InputSampled(320, Activation.Relu, Share = 0.3, Products = SampledProducts.InputGradient)",
        ["WeightGradientDrawn"] = "InputSampled(320, Activation.Relu, Share = 0.3, Products = SampledProducts.WeightGradient)",
        ["BothDrawn"] = "InputSampled(320, Activation.Relu, Share = 0.3, Products = SampledProducts.Both)",
        ["ForwardDrawn"] = "InputSampled(320, Activation.Relu, Share = 0.3, Products = SampledProducts.Forward)",
    };

    /// <summary>Where vectors run in software, the three whose ways through the runtime differ most.</summary>
    public static TheoryData<string> Kinds() => Vector128.IsHardwareAccelerated ? [.. Layers.Keys] : ["Shared", "Lsh", "BackwardDrawn"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_same_seed_gives_the_same_bits_on_any_number_of_threads(string kind)
    {
        foreach (var rows in (int[])[1, 24])
        {
            var one = Train(kind, rows, threads: 1);
            Assert.Equal(one, Train(kind, rows, threads: 1));
            Assert.Equal(one, Train(kind, rows, threads: 3));
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Steps_and_predictions_allocate_nothing(string kind)
    {
        foreach (var rows in (int[])[1, 24])
        {
            using var network = networks.Create(kind, seed: 3);
            using var session = new TrainingSession(network, new StepOptions { Optimizer = Optimizer.Adam(), Threads = 1 });
            var (inputs, labels) = Batch(rows, 1);
            var logits = new float[rows * 5];
            Run();
            var least = long.MaxValue;
            for (var attempt = 0; attempt < 5 && least > 0; attempt++)
            {
                var before = GC.GetAllocatedBytesForCurrentThread();
                Run();
                least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
            }

            Assert.Equal(0, least);

            void Run()
            {
                for (var step = 0; step < 20; step++)
                {
                    session.Step(inputs, labels);
                }

                network.Logits(inputs, logits);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Training_lowers_the_loss(string kind)
    {
        using var network = networks.Create(kind, seed: 3);
        using var session = new TrainingSession(network, new StepOptions { Optimizer = Optimizer.Adam(0.002f), Threads = 1 });

        // Vector code in software is some hundred times slower.
        var (rows, steps) = Vector128.IsHardwareAccelerated ? (60, 150) : (20, 90);
        var (inputs, labels) = Batch(rows, 2);
        var losses = Enumerable.Range(0, steps).Select(_ => session.Step(inputs, labels)).ToArray();
        Assert.True(losses[^10..].Average() < losses[..3].Average() * 0.8, $"From {losses[0]} to {losses[^1]}.");
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_session_can_be_disposed_of_twice(string kind)
    {
        using var network = networks.Create(kind, seed: 3);
        using var session = new TrainingSession(network, new StepOptions { Optimizer = Optimizer.AdamW(), Threads = 1 });
        var (inputs, labels) = Batch(24, 1);
        session.Step(inputs, labels);
        session.Dispose();
        session.Dispose();
        Assert.Throws<ObjectDisposedException>(() => session.Step(inputs, labels));
    }

    [Fact]
    public void A_step_changes_the_active_nodes_alone()
    {
        using var network = networks.Create("Shared", seed: 3);
        using var session = new TrainingSession(network, new StepOptions { Optimizer = Optimizer.Adam(), Threads = 1 });
        var before = Weights(network, 0);
        var (inputs, labels) = Batch(24, 1);
        session.Step(inputs, labels);
        var after = Weights(network, 0);
        var changed = Enumerable.Range(0, Units).Count(node => !before.AsSpan(node * Inputs, Inputs).SequenceEqual(after.AsSpan(node * Inputs, Inputs)));
        Assert.InRange(changed, 60, 96);
    }

    [Fact]
    public void Exact_inference_multiplies_with_the_share_of_training()
    {
        using var shared = networks.Create("Own", seed: 3);
        using var unscaled = networks.Create("Unscaled", seed: 3);
        using var inverse = networks.Create("Inverse", seed: 3);
        using var exact = networks.Create("Exact", seed: 3);
        var (inputs, _) = Batch(24, 1);
        Near(Logits(exact, inputs), Logits(unscaled, inputs));
        Near(Logits(exact, inputs), Logits(inverse, inputs));

        // Two layers, each with 0.3 of its nodes: as if the weights above them were 0.3 times as large.
        for (var layer = 1; layer <= 2; layer++)
        {
            exact.SetWeights(layer, [.. Weights(exact, layer).Select(weight => weight * 0.3f)]);
        }

        Near(Logits(exact, inputs), Logits(shared, inputs));
    }

    [Fact]
    public void Sampled_inference_of_the_largest_nodes_leaves_the_others_out()
    {
        using var network = networks.Create("TopK", seed: 3);
        var (inputs, _) = Batch(3, 1);
        for (var row = 0; row < 3; row++)
        {
            var x = inputs.AsSpan(row * Inputs, Inputs).ToArray().Select(value => (double)value).ToArray();
            for (var layer = 0; layer < 3; layer++)
            {
                var (weights, width) = (Weights(network, layer), x.Length);
                var z = Enumerable.Range(0, network.Architecture.Layers[layer].Outputs)
                    .Select(node => Enumerable.Range(0, width).Sum(input => x[input] * weights[(node * width) + input]))
                    .ToArray();
                var least = layer == 2 ? double.NegativeInfinity : z.OrderDescending().ElementAt(31);
                x = [.. z.Select(value => layer == 2 ? value : value >= least ? Math.Max(value, 0) : 0)];
            }

            Near([.. x.Select(value => (float)value)], Logits(network, inputs.AsSpan(row * Inputs, Inputs).ToArray()));
        }
    }

    [Fact]
    public void Sampled_predictions_follow_the_parameters_and_repeat()
    {
        foreach (var kind in (string[])["Drawn", "Lsh", "LowRank"])
        {
            using var network = networks.Create(kind, seed: 3);
            var (inputs, labels) = Batch(24, 1);
            var before = Logits(network, inputs);
            Assert.Equal(before, Logits(network, inputs));
            using (var session = new TrainingSession(network, new StepOptions { Threads = 1 }))
            {
                session.Step(inputs, labels);
            }

            var after = Logits(network, inputs);
            Assert.NotEqual(before, after);
            using var other = networks.Create(kind, seed: 4);
            for (var layer = 0; layer < 3; layer++)
            {
                other.SetWeights(layer, Weights(network, layer));
                var biases = new float[network.Architecture.Layers[layer].Outputs];
                network.GetBiases(layer, biases);
                other.SetBiases(layer, biases);
            }

            Assert.Equal(after, Logits(other, inputs));
        }
    }

    [Fact]
    public void The_label_of_a_sampled_output_layer_is_always_active()
    {
        using var network = networks.Create("Wide", seed: 3);
        using var session = new TrainingSession(network, new StepOptions { Optimizer = Optimizer.Sgd(0.1f), Threads = 1 });
        var random = new Random(1);
        for (var step = 0; step < 50; step++)
        {
            foreach (var rows in (int[])[1, 7])
            {
                var inputs = new float[rows * Inputs];
                foreach (ref var value in inputs.AsSpan())
                {
                    value = random.NextSingle();
                }

                var labels = new int[rows];
                foreach (ref var label in labels.AsSpan())
                {
                    label = random.Next(200);
                }

                // The loss over 20 active outputs of which one is the label, hardly trained.
                Assert.InRange(session.Step(inputs, labels), 0, 2 * Math.Log(20));
            }
        }
    }

    [Fact]
    public void A_sample_may_have_no_active_node()
    {
        using var network = networks.Create("Silent", seed: 3);
        using var session = new TrainingSession(network, new StepOptions { Optimizer = Optimizer.Sgd(0.1f), Threads = 1 });
        var before = Weights(network, 0);
        foreach (var rows in (int[])[1, 7])
        {
            // All that the output layer sees is its biases, still equal at the first step.
            var (inputs, labels) = Batch(rows, 1);
            Assert.InRange(session.Step(inputs, labels), 0, rows == 1 ? Math.Log(5) + 1e-5 : 2);
        }

        Assert.Equal(before, Weights(network, 0));
    }

    [Fact]
    public void A_node_that_should_not_have_been_found_weighs_a_number()
    {
        using var network = networks.Create("Opposite", seed: 3);
        network.SetWeights(0, [.. Enumerable.Range(0, 16 * 5).Select(index => index % 5 == 0 ? -1f : 0)]);
        using var session = new TrainingSession(network, new StepOptions { Optimizer = Optimizer.Sgd(0.1f), Threads = 1, CollectStatistics = true });
        Assert.True(double.IsFinite(session.Step([1, 0, 0, 0, 0], [2])));
        Assert.Equal(16, session.Statistics!.Layers[0].ActiveShare * 16);
    }

    [Fact]
    public void Exact_steps_first_and_last_are_those_of_the_exact_network()
    {
        using var exact = networks.Create("Exact", seed: 3);
        using var sampled = networks.Create("Drawn", seed: 3);
        var (inputs, labels) = Batch(24, 1);
        using var exactSession = new TrainingSession(exact, new StepOptions { Optimizer = Optimizer.Sgd(0.05f), Threads = 1 });
        using var sampledSession = new TrainingSession(sampled, new StepOptions { Optimizer = Optimizer.Sgd(0.05f), Threads = 1, TotalSteps = 9, ExactFirstSteps = 4, ExactLastSteps = 2 });
        for (var step = 0; step < 9; step++)
        {
            if (step == 7)
            {
                // The steps in between have taken other samples; the last ones are exact again.
                CopyWeights(sampled, exact);
            }

            var (one, other) = (exactSession.Step(inputs, labels), sampledSession.Step(inputs, labels));
            Assert.Equal(step is < 4 or > 6, Math.Abs(one - other) < 1e-5);
        }
    }

    private static void CopyWeights(CompiledNetwork from, CompiledNetwork to)
    {
        for (var layer = 0; layer < from.Architecture.Layers.Count; layer++)
        {
            var description = from.Architecture.Layers[layer];
            var (weights, biases) = (new float[description.Inputs * description.Outputs], new float[description.Outputs]);
            from.GetWeights(layer, weights);
            from.GetBiases(layer, biases);
            to.SetWeights(layer, weights);
            to.SetBiases(layer, biases);
        }
    }

    [Fact]
    public void The_measured_selection_is_that_of_the_definition()
    {
        var (inputs, labels) = Batch(400, 1);
        foreach (var (kind, share, least, most) in (IReadOnlyList<(string, double, double, double)>)[
            ("TopK", 0.1, 1, 1),

            // k of n at random: 400 rows of 96 hits or so; six standard errors of the mean of both layers are below 0.01.
            ("Own", 0.3, 0.29, 0.31),
            ("LowRank", 0.1, 0.2, 1),
            ("Lsh", 0.1, 0.1, 0.9)])
        {
            using var network = networks.Create(kind, seed: 3);
            using var session = new TrainingSession(network, new StepOptions { Threads = 1 });
            var weights = Weights(network, 1);
            var measured = session.MeasureLayers(inputs);
            Assert.Equal([0, 1], measured.Select(layer => layer.Layer));
            Assert.All(measured, layer =>
            {
                Assert.Equal(share, layer.ActiveShare, 3);
                Assert.InRange(layer.Recall!.Value, least - 1e-9, most + 1e-9);
                Assert.InRange(layer.CapturedShare, layer.Recall.Value * share, 1);
                Assert.True(layer.CapturedRatio > 0 && layer.RelativeError > 0, $"{layer}");
            });
            Assert.Equal(weights, Weights(network, 1));
            Assert.True(double.IsFinite(session.Step(inputs.AsSpan(0, 24 * Inputs), labels.AsSpan(0, 24))));
        }

        using var exact = networks.Create("Exact", seed: 3);
        using var exactSession = new TrainingSession(exact, new StepOptions { Threads = 1 });
        Assert.All(exactSession.MeasureLayers(inputs), (layer, index) => Assert.Equal(new LayerMeasurement(index, 1, null, 1, null, 0, 0), layer));
        Assert.Throws<ArgumentException>(() => exactSession.MeasureLayers(inputs.AsSpan(1)));
    }

    private float[] Train(string kind, int rows, int threads)
    {
        using var network = networks.Create(kind, seed: 3);
        using var session = new TrainingSession(network, new StepOptions { Optimizer = Optimizer.Adam(), Threads = threads });
        var losses = new float[10];
        for (var step = 0; step < losses.Length; step++)
        {
            var (inputs, labels) = Batch(rows, step);
            losses[step] = (float)session.Step(inputs, labels);
        }

        return [.. losses, .. Weights(network, 0), .. Weights(network, 1), .. Weights(network, 2)];
    }

    private static (float[] Inputs, int[] Labels) Batch(int rows, int seed)
    {
        var random = new Random(seed);
        var inputs = new float[rows * Inputs];
        var labels = new int[rows];
        for (var row = 0; row < rows; row++)
        {
            labels[row] = random.Next(5);
            for (var input = 0; input < Inputs; input++)
            {
                inputs[(row * Inputs) + input] = random.Next(3) == 0 ? 0 : random.NextSingle() + (input % 5 == labels[row] ? 0.5f : 0);
            }
        }

        return (inputs, labels);
    }

    private static float[] Weights(CompiledNetwork network, int layer)
    {
        var shape = network.Architecture.Layers[layer];
        var weights = new float[shape.Inputs * shape.Outputs];
        network.GetWeights(layer, weights);
        return weights;
    }

    private static float[] Logits(CompiledNetwork network, float[] inputs)
    {
        var logits = new float[inputs.Length / Inputs * 5];
        network.Logits(inputs, logits);
        return logits;
    }

    private static void Near(float[] expected, float[] actual) =>
        Assert.True(expected.Zip(actual, (one, other) => Math.Abs(one - other)).Max() < 1e-4, $"[{string.Join(", ", expected[..5])}] and [{string.Join(", ", actual[..5])}]");

    /// <summary>Each kind twice below an exact output, compiled once.</summary>
    public sealed class Networks : IDisposable
    {
        private readonly GeneratedNetworks compiled = new([.. Layers.Select(kind => Source(kind.Key, kind.Value)), Wide, Silent, Opposite]);

        // Most sparse projections leave out any one of the inputs, so that each node is found.
        private const string Opposite = """
            using Whittle;

            [Network(Inputs = 5, BatchSize = 7)]
            [NodeSampled(16, Activation.Relu, Selector = NodeSelector.Lsh, Family = HashFamily.SimHash, Bits = 1, Tables = 9, Query = BucketQuery.All, Scaling = NodeScaling.InverseProbability)]
            [Dense(5)]
            public sealed partial class Opposite : INetwork<Opposite>;
            """;

        // A node is active once in 2^24 times.
        private const string Silent = """
            using Whittle;

            [Network(Inputs = 60, BatchSize = 7)]
            [NodeSampled(40, Activation.Sigmoid, Selector = NodeSelector.Adaptive, Alpha = 0, Beta = -60)]
            [NodeSampled(40, Activation.Sigmoid, Selector = NodeSelector.Adaptive, Alpha = 0, Beta = -60)]
            [Dense(5)]
            public sealed partial class Silent : INetwork<Silent>;
            """;

        private const string Wide = """
            using Whittle;

            [Network(Inputs = 60, BatchSize = 7)]
            [Dense(40, Activation.Relu)]
            [NodeSampled(200, Share = 0.1, Inference = NodeInference.ExactUnscaled)]
            public sealed partial class Wide : INetwork<Wide>;
            """;

        internal CompiledNetwork Create(string kind, ulong seed) => compiled.Create(kind, seed, 0);

        public void Dispose() => compiled.Dispose();

        /// <summary>As a layer above, without what the first one cannot have.</summary>
        private static string First(string layer) => layer.Contains("SampledProducts.InputGradient", StringComparison.Ordinal)
            ? "Dense(320, Activation.Relu)"
            : layer.Replace(", Residual = 0.5", "", StringComparison.Ordinal);

        private static string Source(string name, string layer) => $"""
            using Whittle;

            [Network(Inputs = 60, BatchSize = 24)]
            [{First(layer)}]
            [{layer}]
            [Dense(5)]
            public sealed partial class {name} : INetwork<{name}>;
            """;
    }
}
