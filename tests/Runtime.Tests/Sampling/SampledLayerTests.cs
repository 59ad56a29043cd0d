namespace Whittle.Runtime.Tests.Sampling;

/// <summary>The three products of an input-sampled layer as its generated kernels compute them: unbiased, and as variable as the papers say.</summary>
public unsafe class SampledLayerTests
{
    private const int Seeds = 2_000;
    private const int Rows = 20;
    private const int Inputs = 40;
    private const int Units = 32;

    public static TheoryData<string> Networks => [.. Makers.Keys];

    private static Dictionary<string, Func<CompiledNetwork>> Makers => new()
    {
        ["Crs"] = () => new CrsLayer(),
        ["Bernoulli"] = () => new BernoulliLayer(),
        ["WtaCrs"] = () => new WtaCrsLayer(),
        ["Uniform"] = () => new UniformLayer(),
        ["Forward WtaCrs"] = () => new ForwardLayer(),
    };

    // 13 joint tests at a false-alarm rate of 1e-4 each; the mean of 2,000 squared errors has a standard error of 2 to 3 %.
    [Theory]
    [MemberData(nameof(Networks))]
    public void Products_of_the_kernels_are_unbiased_and_vary_as_the_formulas_say(string name)
    {
        var measured = Measure(name);
        foreach (var (product, result) in measured)
        {
            Assert.True(result.Statistic < JointMeanTest.Bound, $"{product} is biased: {result.Statistic}.");
            Assert.True(
                result.SquaredError > 0.9 * result.Expected && result.SquaredError < 1.1 * result.Expected,
                $"{product}: a squared error of {result.SquaredError} instead of {result.Expected}.");
        }
    }

    [Fact]
    public void Winner_take_all_has_less_error_than_plain_sampling_in_every_product()
    {
        var (winner, plain) = (Measure("WtaCrs"), Measure("Crs"));
        Assert.Equal(3, winner.Count);
        Assert.All(winner, product => Assert.True(product.Value.SquaredError < plain[product.Key].SquaredError));
    }

    /// <summary>Half of the rows are zero: the others are all drawn, with weight 1, so that drawing, packing and the update give the exact step.</summary>
    [Fact]
    public void Drawing_all_rows_that_count_gives_the_exact_step()
    {
        using var exact = new ExactOutputs(seed: 1);
        foreach (var network in (CompiledNetwork[])[new LargestRows(seed: 1), new WinningRows(seed: 1)])
        {
            using var exactSession = new TrainingSession(exact, new StepOptions { Optimizer = Optimizer.Sgd(0.1f), Threads = 1 });
            using var session = new TrainingSession(network, new StepOptions { Optimizer = Optimizer.Sgd(0.1f), Threads = 1, CollectStatistics = true });
            var random = new RandomStream(3, 0);
            for (var step = 0; step < 10; step++)
            {
                var (inputs, targets) = (new float[Rows * Inputs], new float[Rows * Units]);
                for (var row = step % 2; row < Rows; row += 2)
                {
                    foreach (ref var x in inputs.AsSpan(row * Inputs, Inputs))
                    {
                        x = random.NextNormal();
                    }
                }

                foreach (ref var target in targets.AsSpan())
                {
                    target = random.NextNormal();
                }

                // Both begin each step with the same weights.
                var (weights, biases) = (new float[Inputs * Units], new float[Units]);
                network.GetWeights(0, weights);
                network.GetBiases(0, biases);
                exact.SetWeights(0, weights);
                exact.SetBiases(0, biases);
                Assert.Equal(exactSession.Step(inputs, targets), session.Step(inputs, targets), 1e-6);
                var expected = new float[Inputs * Units];
                exact.GetWeights(0, expected);
                network.GetWeights(0, weights);
                Assert.All(expected.Zip(weights), both => Assert.Equal(both.First, both.Second, 1e-5f));
            }

            network.Dispose();
        }
    }

    private static Dictionary<KernelProduct, Result> Measure(string name)
    {
        using var network = Makers[name]();
        using var layer = new Layer(network);
        return layer.Measure();
    }

    /// <summary>What many estimates of a product showed.</summary>
    /// <param name="Statistic">Of the joint test of their mean.</param>
    /// <param name="SquaredError">Their mean squared error.</param>
    /// <param name="Expected">The squared error that the estimator's formula gives.</param>
    private sealed record Result(double Statistic, double SquaredError, double Expected);

    /// <summary>The second layer of a network whose first one passes its inputs on.</summary>
    private sealed class Layer : IDisposable
    {
        private readonly CompiledNetwork network;
        private readonly Workspace workspace;
        private readonly AlignedMemory gradients;
        private readonly LayerLayout layout;
        private readonly double[,] x = new double[Rows, Inputs];
        private readonly double[,] d = new double[Rows, Units];
        private readonly double[,] weights = new double[Inputs, Units];
        private readonly double[] biases = new double[Units];

        public Layer(CompiledNetwork network)
        {
            this.network = network;
            workspace = new Workspace(network.Layout, Rows, training: true, threads: 1);
            gradients = AlignedMemory.Allocate(network.Layout.Length, "gradients of a test");
            layout = network.Layout.Layers[1];
            var random = new RandomStream(5, 1);
            var identity = new float[Inputs * Inputs];
            for (var input = 0; input < Inputs; input++)
            {
                identity[(input * Inputs) + input] = 1;
            }

            network.SetWeights(0, identity);
            network.SetBiases(0, new float[Inputs]);
            var (inputSizes, nodeSizes, rowSizes) = (Sizes(Inputs, ref random), Sizes(Units, ref random), Sizes(Rows, ref random));
            var wanted = new float[Units * Inputs];
            Fill(weights, (input, node) => wanted[(node * Inputs) + input] = random.NextNormal());
            network.SetWeights(1, wanted);
            var wantedBiases = Enumerable.Range(0, Units).Select(_ => random.NextNormal()).ToArray();
            network.SetBiases(1, wantedBiases);
            wantedBiases.Select(bias => (double)bias).ToArray().CopyTo(biases, 0);
            Fill(x, (row, input) => workspace.Row(0, row, Inputs)[input] = rowSizes[row] * inputSizes[input] * (random.NextNormal() + 0.5f));
            Fill(d, (row, node) => rowSizes[row] * nodeSizes[node] * (random.NextNormal() + 0.5f));
        }

        /// <summary>Draws every estimated product with 2,000 seeds.</summary>
        public Dictionary<KernelProduct, Result> Measure()
        {
            var settings = network.Architecture.Layers[1].InputSampling!;
            var products = new Dictionary<KernelProduct, (SampledProduct Exact, int Inner, Func<double[]> Read)>();
            if (settings.Products.HasFlag(SampledProducts.Forward))
            {
                products.Add(KernelProduct.Forward, (new(Enumerable.Range(0, Inputs).Select(i => (Column(x, i), Row(weights, i)))), Inputs, ReadOutput));
            }

            if (settings.Products.HasFlag(SampledProducts.Backward))
            {
                products.Add(KernelProduct.InputGradient, (new(Enumerable.Range(0, Units).Select(j => (Column(d, j), Column(weights, j)))), Units, ReadInputGradient));
                products.Add(KernelProduct.WeightGradient, (new(Enumerable.Range(0, Rows).Select(r => (Row(x, r), Row(d, r)))), Rows, ReadWeightGradient));
            }

            var tests = products.ToDictionary(product => product.Key, product => new JointMeanTest(product.Value.Exact.Exact));
            var squares = products.ToDictionary(product => product.Key, _ => 0.0);
            for (var seed = 0UL; seed < Seeds; seed++)
            {
                Run(seed);
                foreach (var (product, (exact, _, read)) in products)
                {
                    var error = read().Zip(exact.Exact, (estimate, truth) => estimate - truth).ToArray();
                    tests[product].Add(error);
                    squares[product] += SampledProduct.Square(error) / Seeds;
                }
            }

            return products.ToDictionary(product => product.Key, product => new Result(
                tests[product.Key].Statistic(), squares[product.Key], product.Value.Exact.SquaredError(settings.Estimator, settings.Count(product.Value.Inner), mix: 0)));
        }

        public void Dispose()
        {
            workspace.Dispose();
            gradients.Dispose();
        }

        private void Run(ulong seed)
        {
            using var lease = workspace.Use();
            using var parameterLease = network.UseParameters();
            using var sampling = SampledLayers.ForTraining(network, seed)!;
            var parameters = network.Parameters.Pointer;
            sampling.BeginBatch(Rows, default, default);
            network.Runner.Forward(parameters, workspace, Rows, sampling);
            for (var row = 0; row < Rows; row++)
            {
                for (var node = 0; node < Units; node++)
                {
                    workspace.Gradients(1)[((nuint)row * workspace.Stride(2)) + (nuint)node] = (float)d[row, node];
                }
            }

            network.Runner.InputGradient(parameters, workspace, 1, Rows, sampling);
            var rule = default(GradientRule);
            network.Runner.WeightGradient(in rule, parameters, gradients.Pointer, null, workspace, 1, Rows, sampling);
        }

        /// <summary>xW of the current batch.</summary>
        private double[] ReadOutput() =>
            [.. Enumerable.Range(0, Rows).SelectMany(row => workspace.Row(2, row, Units).ToArray().Select((z, node) => z - biases[node]))];

        private double[] ReadInputGradient() =>
            [.. Enumerable.Range(0, Rows).SelectMany(row => new Span<float>(workspace.Gradients(0) + ((nuint)row * workspace.Stride(1)), Inputs).ToArray().Select(value => (double)value))];

        /// <summary>The gradient of the weights; that of the biases is exact in any case.</summary>
        private double[] ReadWeightGradient()
        {
            var weightGradients = new double[Inputs * Units];
            var first = gradients.Pointer + layout.Offset;
            for (var node = 0; node < Units; node++)
            {
                Assert.Equal(Column(d, node).Sum(), first[layout.Bias(node)], 1e-3);
                for (var input = 0; input < Inputs; input++)
                {
                    weightGradients[(input * Units) + node] = first[layout.Column(node) + ((nuint)input * layout.InputStep)];
                }
            }

            return weightGradients;
        }

        private static float[] Sizes(int count, ref RandomStream random)
        {
            var sizes = new float[count];
            foreach (ref var size in sizes.AsSpan())
            {
                size = MathF.Exp(0.7f * random.NextNormal());
            }

            return sizes;
        }

        private static void Fill(double[,] matrix, Func<int, int, float> value)
        {
            for (var row = 0; row < matrix.GetLength(0); row++)
            {
                for (var column = 0; column < matrix.GetLength(1); column++)
                {
                    matrix[row, column] = value(row, column);
                }
            }
        }

        private static double[] Row(double[,] matrix, int row) => [.. Enumerable.Range(0, matrix.GetLength(1)).Select(column => matrix[row, column])];

        private static double[] Column(double[,] matrix, int column) => [.. Enumerable.Range(0, matrix.GetLength(0)).Select(row => matrix[row, column])];
    }
}

[Network(Inputs = 40, BatchSize = 20)]
[Dense(40)]
[InputSampled(32, Share = 0.3, Products = SampledProducts.Both, Estimator = InputEstimator.Crs)]
internal sealed partial class CrsLayer : INetwork<CrsLayer>;

[Network(Inputs = 40, BatchSize = 20)]
[Dense(40)]
[InputSampled(32, Share = 0.3, Products = SampledProducts.Both, Estimator = InputEstimator.Bernoulli)]
internal sealed partial class BernoulliLayer : INetwork<BernoulliLayer>;

[Network(Inputs = 40, BatchSize = 20)]
[Dense(40)]
[InputSampled(32, Share = 0.3, Products = SampledProducts.Both, Estimator = InputEstimator.WtaCrs)]
internal sealed partial class WtaCrsLayer : INetwork<WtaCrsLayer>;

[Network(Inputs = 40, BatchSize = 20)]
[Dense(40)]
[InputSampled(32, Share = 0.3, Products = SampledProducts.Both, Estimator = InputEstimator.Uniform)]
internal sealed partial class UniformLayer : INetwork<UniformLayer>;

[Network(Inputs = 40, BatchSize = 20)]
[Dense(40)]
[InputSampled(32, Share = 0.3, Products = SampledProducts.Forward, Estimator = InputEstimator.WtaCrs)]
internal sealed partial class ForwardLayer : INetwork<ForwardLayer>;

[Network(Inputs = 40, BatchSize = 20, Loss = Loss.MeanSquaredError)]
[Dense(32)]
internal sealed partial class ExactOutputs : INetwork<ExactOutputs>;

[Network(Inputs = 40, BatchSize = 20, Loss = Loss.MeanSquaredError)]
[InputSampled(32, Share = 0.5, Products = SampledProducts.WeightGradient, Estimator = InputEstimator.TopK)]
internal sealed partial class LargestRows : INetwork<LargestRows>;

[Network(Inputs = 40, BatchSize = 20, Loss = Loss.MeanSquaredError)]
[InputSampled(32, Share = 0.55, Products = SampledProducts.WeightGradient, Estimator = InputEstimator.WtaCrs)]
internal sealed partial class WinningRows : INetwork<WinningRows>;
