using System.Runtime.Intrinsics;

namespace Whittle.Runtime.Tests.Sampling;

[Network(Inputs = 64, BatchSize = 6)]
[Dense(64)]
[NodeSampled(48, Activation.Relu, Share = 0.5, Scaling = NodeScaling.InverseProbability)]
[Dense(12)]
internal sealed partial class ScaledUniform : INetwork<ScaledUniform>;

[Network(Inputs = 64, BatchSize = 6)]
[Dense(64)]
[NodeSampled(48, Activation.Relu, Share = 0.5, Scaling = NodeScaling.InverseProbability, Sharing = NodeSharing.Batch)]
[Dense(12)]
internal sealed partial class ScaledShared : INetwork<ScaledShared>;

[Network(Inputs = 64, BatchSize = 6)]
[Dense(64)]
[NodeSampled(48, Activation.Relu, Selector = NodeSelector.Adaptive, Alpha = 0.5, Beta = -0.5, Scaling = NodeScaling.InverseProbability)]
[Dense(12)]
internal sealed partial class ScaledAdaptive : INetwork<ScaledAdaptive>;

[Network(Inputs = 64, BatchSize = 6)]
[Dense(64)]
[NodeSampled(48, Activation.Relu, Selector = NodeSelector.Lsh, Bits = 3, Tables = 4, Query = BucketQuery.All, Scaling = NodeScaling.InverseProbability)]
[Dense(12)]
internal sealed partial class ScaledAlsh : INetwork<ScaledAlsh>;

[Network(Inputs = 64, BatchSize = 6)]
[Dense(64)]
[NodeSampled(48, Activation.Relu, Selector = NodeSelector.Lsh, Family = HashFamily.SimHash, Bits = 2, Tables = 4, Query = BucketQuery.All, Scaling = NodeScaling.InverseProbability)]
[Dense(12)]
internal sealed partial class ScaledSimHash : INetwork<ScaledSimHash>;

/// <summary>
/// Active nodes that are multiplied with 1 / p: what the layer above computes, what the layer below gets back, and both weight gradients are
/// those of all nodes in the mean.
/// </summary>
public unsafe class NodeScalingTests
{
    private const int Seeds = 2_000;
    private const int Rows = 6;
    private const int Inputs = 64;
    private const int Units = 48;
    private const int Outputs = 12;

    private static readonly Dictionary<string, Func<CompiledNetwork>> Makers = new()
    {
        ["Uniform"] = () => new ScaledUniform(),
        ["Uniform, shared"] = () => new ScaledShared(),
        ["Adaptive"] = () => new ScaledAdaptive(),
        ["Alsh"] = () => new ScaledAlsh(),
        ["SimHash"] = () => new ScaledSimHash(),
    };

    /// <summary>Vector code in software is some hundred times slower: two selectors stand for all there.</summary>
    public static TheoryData<string> Names => Vector128.IsHardwareAccelerated ? [.. Makers.Keys] : ["Uniform, shared", "SimHash"];

    // 20 joint tests at a false-alarm rate of 1e-4 each; a bias of 2 % shows in every one.
    [Theory]
    [MemberData(nameof(Names))]
    public void Products_of_scaled_nodes_are_unbiased(string name)
    {
        using var network = Makers[name]();
        using var layers = new Layers(network);
        var exact = layers.Exact();
        double[] biases = [0, 0.02, -0.02];
        var tests = exact.Select(product => biases.Select(_ => new JointMeanTest(product)).ToArray()).ToArray();
        for (var seed = 0UL; seed < Seeds; seed++)
        {
            foreach (var (product, estimate) in layers.Estimate(seed).Index())
            {
                foreach (var (index, bias) in biases.Index())
                {
                    tests[product][index].Add([.. estimate.Zip(exact[product], (value, truth) => value - ((1 + bias) * truth))]);
                }
            }
        }

        foreach (var (product, test) in tests.Index())
        {
            Assert.True(test[0].Statistic() < JointMeanTest.Bound, $"Product {product} is biased: {test[0].Statistic()}.");
            Assert.True(test.Skip(1).All(biased => biased.Statistic() > JointMeanTest.Bound), $"Product {product} hides a bias: {test[1].Statistic()}, {test[2].Statistic()}.");
        }
    }

    /// <summary>A layer that passes its inputs on, the sampled one and an exact one, with factors whose sums do not cancel.</summary>
    private sealed class Layers : IDisposable
    {
        private readonly CompiledNetwork network;
        private readonly Workspace workspace;
        private readonly AlignedMemory gradients;
        private readonly float[] inputs = new float[Rows * Inputs];
        private readonly float[] above = new float[Rows * Outputs];

        public Layers(CompiledNetwork network)
        {
            this.network = network;
            workspace = new Workspace(network.Layout, Rows, training: true, threads: 1);
            gradients = AlignedMemory.Allocate(network.Layout.Length, "gradients of a test");
            var identity = new float[Inputs * Inputs];
            for (var input = 0; input < Inputs; input++)
            {
                identity[(input * Inputs) + input] = 1;
            }

            var random = new RandomStream(3, 1);
            network.SetWeights(0, identity);
            network.SetWeights(1, Positive(new float[Units * Inputs], 1 / 8f, ref random));
            network.SetWeights(2, Positive(new float[Outputs * Units], 1, ref random));
            network.SetBiases(1, Positive(new float[Units], -0.5f, ref random));
            Positive(inputs, 1 / 8f, ref random);
            Positive(above, 1, ref random);
        }

        /// <summary>The four products of all nodes.</summary>
        public double[][] Exact() => Run(null);

        /// <summary>Those of the nodes that a seed draws.</summary>
        public double[][] Estimate(ulong seed)
        {
            using var sampling = SampledLayers.ForTraining(network, seed, hashSeed: seed)!;
            return Run(sampling);
        }

        public void Dispose()
        {
            workspace.Dispose();
            gradients.Dispose();
        }

        private double[][] Run(SampledLayers? sampling)
        {
            using var lease = workspace.Use();
            using var parameterLease = network.UseParameters();
            using var gradientLease = gradients.Use();
            var parameters = network.Parameters.Pointer;
            workspace.CopyInputs(inputs, Inputs, Rows);
            sampling?.BeginBatch(Rows, default, default);
            network.Runner.Forward(parameters, workspace, Rows, sampling);
            var outputs = Read(workspace.Activations(3), workspace.Stride(3), Outputs);
            for (var row = 0; row < Rows; row++)
            {
                above.AsSpan(row * Outputs, Outputs).CopyTo(new Span<float>(workspace.Gradients(2) + ((nuint)row * workspace.Stride(3)), Outputs));
            }

            // The rows of inactive nodes are not written.
            gradients.Fill(0);
            network.Runner.InputGradient(parameters, workspace, 2, Rows, sampling);
            network.Runner.InputGradient(parameters, workspace, 1, Rows, sampling);
            var rule = default(GradientRule);
            network.Runner.WeightGradient(in rule, parameters, gradients.Pointer, null, workspace, 2, Rows, sampling);
            network.Runner.WeightGradient(in rule, parameters, gradients.Pointer, null, workspace, 1, Rows, sampling);
            return [outputs, Read(workspace.Gradients(0), workspace.Stride(1), Inputs), WeightGradient(2), WeightGradient(1)];
        }

        private double[] WeightGradient(int layer)
        {
            var layout = network.Layout.Layers[layer];
            var weights = new float[layout.Outputs * layout.Inputs];
            for (var output = 0; output < layout.Outputs; output++)
            {
                LayerWeights.ReadRow(gradients.Pointer, layout, output, weights.AsSpan(output * layout.Inputs, layout.Inputs));
            }

            return [.. weights.Select(value => (double)value)];
        }

        private static double[] Read(float* rows, nuint stride, int width) =>
            [.. Enumerable.Range(0, Rows).SelectMany(row => new Span<float>(rows + ((nuint)row * stride), width).ToArray()).Select(value => (double)value)];

        private static float[] Positive(float[] values, float mean, ref RandomStream random)
        {
            foreach (ref var value in values.AsSpan())
            {
                value = mean * (1 + (0.5f * random.NextNormal()));
            }

            return values;
        }
    }
}
