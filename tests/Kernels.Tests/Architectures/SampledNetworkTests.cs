using System.Globalization;

namespace Whittle.Kernels.Tests;

/// <summary>Networks with sampled layers whose samples leave nothing out train as the exact network does.</summary>
public class SampledNetworkTests
{
    private const string Dense = "Dense";

    private static readonly string[] Activations = ["Relu", "LeakyRelu", "Sigmoid", "Tanh", "Identity"];

    /// <summary>Two hidden layers of the kind and an exact output; {0} is replaced by the activation.</summary>
    private static readonly Dictionary<string, string> Kinds = new()
    {
        ["Uniform"] = "NodeSampled(37, Activation.{0}, Share = 1)",
        ["UniformShared"] = "NodeSampled(37, Activation.{0}, Share = 1, Sharing = NodeSharing.Batch)",
        ["UniformScaled"] = "NodeSampled(37, Activation.{0}, Share = 1, Scaling = NodeScaling.InverseProbability)",
        ["TopK"] = "NodeSampled(37, Activation.{0}, Share = 1, Selector = NodeSelector.TopK)",
        ["Adaptive"] = "NodeSampled(37, Activation.{0}, Selector = NodeSelector.Adaptive, Alpha = 0, Beta = 60)",
        ["LowRank"] = "NodeSampled(37, Activation.{0}, Share = 1, Selector = NodeSelector.LowRank, Rank = 4)",
        ["Lsh"] = "NodeSampled(37, Activation.{0}, Share = 1, Selector = NodeSelector.Lsh)",
        ["BackwardTopK"] = "InputSampled(37, Activation.{0}, Share = 1, Estimator = InputEstimator.TopK)",
        ["BackwardWta"] = "InputSampled(37, Activation.{0}, Share = 1, Estimator = InputEstimator.WtaCrs)",
        ["BackwardUniform"] = "InputSampled(37, Activation.{0}, Share = 1, Estimator = InputEstimator.Uniform)",
        ["BothTopK"] = "InputSampled(37, Activation.{0}, Share = 1, Estimator = InputEstimator.TopK, Products = SampledProducts.Both)",
        ["ForwardWta"] = "InputSampled(37, Activation.{0}, Share = 1, Estimator = InputEstimator.WtaCrs, Products = SampledProducts.Forward)",
    };

    [Fact]
    public void A_network_that_samples_everything_trains_as_the_exact_one()
    {
        var residuals = new[] { false, true };
        var activations = ShapeSweepTests.IsRerun ? ["Relu"] : Activations;
        var classes = Kinds.Prepend(new(Dense, "Dense(37, Activation.{0})"))
            .SelectMany(kind => activations.SelectMany(activation => residuals.Select(residual => (Name: Name(kind.Key, activation, residual), Source: Source(Name(kind.Key, activation, residual), kind.Value, activation, residual)))))
            .Where(declaration => !declaration.Name.StartsWith("UniformScaledSigmoid", StringComparison.Ordinal) && !declaration.Name.StartsWith("UniformScaledTanh", StringComparison.Ordinal))
            .ToList();
        using var compiled = new GeneratedNetworks([.. classes.Select(declaration => declaration.Source)]);
        Assert.Empty(compiled.Problems);
        foreach (var kind in Kinds.Keys)
        {
            foreach (var activation in activations)
            {
                foreach (var residual in residuals)
                {
                    if (classes.Any(declaration => declaration.Name == Name(kind, activation, residual)))
                    {
                        foreach (var rows in (int[])[1, 5, 12])
                        {
                            Compare(compiled, Name(Dense, activation, residual), Name(kind, activation, residual), rows);
                        }
                    }
                }
            }
        }
    }

    [Fact]
    public void A_row_of_weights_is_updated_once_from_the_rows_of_the_batch_that_had_its_node_active()
    {
        // From nodes that hardly any row has in common with another to some that all have.
        var declarations = new[] { 0.02, 0.1, 0.3, 0.7 }.Select((share, index) =>
        {
            var top = new DeclaredSampling(DeclaredSampling.OfNodes, [("Selector", NodeSelector.TopK), ("Share", share)]);
            return new Declaration(Inputs: 23, BatchSize: 20, Loss.SoftmaxCrossEntropy, [
                new DeclaredLayer(101, Activation.Relu, Slope: null, Initialization.He, Repeat: 1, Residual: 0, top),
                new DeclaredLayer(67, Activation.Tanh, Slope: null, Initialization.He, Repeat: 1, Residual: 0, top),
                new DeclaredLayer(67, Activation.Tanh, Slope: null, Initialization.He, Repeat: 1, Residual: 0.5f, top),
                new DeclaredLayer(5, Activation.Identity, Slope: null, Initialization.Xavier, Repeat: 1),
            ], new DeclaredClass("", [], "internal sealed partial class", $"Top{index}", $" : INetwork<Top{index}>"));
        }).ToList();
        using var compiled = new GeneratedNetworks([.. declarations.Select(declaration => declaration.Source)]);
        foreach (var (number, declaration) in declarations.Index())
        {
            foreach (var rows in (int[])[1, 2, 7, 20])
            {
                var random = new Random(number);
                using var network = compiled.Create(declaration, seed: 1, depth: 0, random);
                var before = NetworkParameters.Of(network);
                var batch = RandomBatch.Draw(random, declaration, rows);
                using var session = new TrainingSession(network, new StepOptions { Optimizer = Optimizer.Sgd(0.5f) });
                var where = $"{rows} rows of\n{declaration.Source}";
                var expected = ReferenceStep.Of(declaration.Expand(0), before, batch, learningRate: 0.5f, samples: true);
                expected.Loss.AssertHolds(batch.Train(session), "the loss", where);
                Bounded.AssertHold(expected.Parameters, NetworkParameters.Of(network), where);
            }
        }
    }

    [Theory]
    [InlineData("NodeSampled(37, Activation.Relu, Share = 1)")]
    [InlineData("InputSampled(37, Activation.Relu, Share = 1)")]
    public void What_a_sigmoid_leaves_in_the_padding_gets_through_no_residual_connection(string layer)
    {
        using var compiled = new GeneratedNetworks([Above("Exact", "Dense(37, Activation.Relu)"), Above("Sampled", layer)]);
        Assert.Empty(compiled.Problems);
        foreach (var rows in (int[])[1, 5, 12])
        {
            Compare(compiled, "Exact", "Sampled", rows);
        }

        static string Above(string name, string layer) => $"""
            using Whittle;

            [Network(Inputs = 37, BatchSize = 5)]
            [Dense(37, Activation.Sigmoid)]
            [Dense(37, Residual = 0.5)]
            [{layer}]
            [Dense(3)]
            public sealed partial class {name} : INetwork<{name}>;
            """;
    }

    private static string Name(string kind, string activation, bool residual) => kind + activation + (residual ? "Residual" : "");

    private static string Source(string name, string layer, string activation, bool residual)
    {
        var declared = string.Format(CultureInfo.InvariantCulture, layer, activation);
        return $"""
            using Whittle;

            [Network(Inputs = 37, BatchSize = 5)]
            [{(residual ? declared[..^1] + ", Residual = 0.5)" : declared)}]
            [{(residual ? declared[..^1] + ", Residual = 0.25)" : declared)}]
            [Dense(3)]
            public sealed partial class {name} : INetwork<{name}>;
            """;
    }

    private static void Compare(GeneratedNetworks compiled, string exactName, string sampledName, int rows)
    {
        using var exact = compiled.Create(exactName, 1, 0);
        using var sampled = compiled.Create(sampledName, 2, 0);
        CopyParameters(exact, sampled);
        var random = new Random(rows);
        var inputs = new float[rows * 37];
        var labels = new int[rows];
        foreach (var optimizer in new[] { Optimizer.Sgd(0.1f), Optimizer.Sgd(0.05f, momentum: 0.5f) })
        {
            using var exactSession = new TrainingSession(exact, new StepOptions { Optimizer = optimizer, Threads = 1 });
            using var sampledSession = new TrainingSession(sampled, new StepOptions { Optimizer = optimizer, Threads = 1 });
            for (var step = 0; step < 4; step++)
            {
                Fill();
                var difference = Math.Abs(exactSession.Step(inputs, labels) - sampledSession.Step(inputs, labels));
                Assert.True(difference < 1e-4, $"{sampledName} with {rows} rows: the losses of step {step} differ by {difference}.");
            }
        }

        for (var layer = 0; layer < exact.Architecture.Layers.Count; layer++)
        {
            var difference = Parameters(exact, layer).Zip(Parameters(sampled, layer), (one, other) => Math.Abs(one - other)).Max();
            Assert.True(difference < 1e-4, $"{sampledName} with {rows} rows: the parameters of layer {layer} differ by {difference}.");
        }

        var (exactLogits, sampledLogits) = (new float[rows * 3], new float[rows * 3]);
        exact.Logits(inputs, exactLogits);
        sampled.Logits(inputs, sampledLogits);
        Assert.True(exactLogits.Zip(sampledLogits, (one, other) => Math.Abs(one - other)).Max() < 1e-4, $"{sampledName} predicts something else.");

        void Fill()
        {
            foreach (ref var value in inputs.AsSpan())
            {
                value = random.Next(3) == 0 ? 0 : random.NextSingle();
            }

            foreach (ref var label in labels.AsSpan())
            {
                label = random.Next(3);
            }
        }
    }

    private static void CopyParameters(CompiledNetwork source, CompiledNetwork target)
    {
        for (var layer = 0; layer < source.Architecture.Layers.Count; layer++)
        {
            var shape = source.Architecture.Layers[layer];
            var (weights, biases) = (new float[shape.Inputs * shape.Outputs], new float[shape.Outputs]);
            source.GetWeights(layer, weights);
            source.GetBiases(layer, biases);
            target.SetWeights(layer, weights);
            target.SetBiases(layer, biases);
        }
    }

    private static float[] Parameters(CompiledNetwork network, int layer)
    {
        var shape = network.Architecture.Layers[layer];
        var parameters = new float[(shape.Inputs + 1) * shape.Outputs];
        network.GetWeights(layer, parameters.AsSpan(0, shape.Inputs * shape.Outputs));
        network.GetBiases(layer, parameters.AsSpan(shape.Inputs * shape.Outputs));
        return parameters;
    }
}
