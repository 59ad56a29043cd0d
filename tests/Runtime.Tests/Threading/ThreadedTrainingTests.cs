using System.Runtime.Intrinsics;
using Whittle.Runtime.Tests.Memory;
using Whittle.Runtime.Tests.Optimization;

namespace Whittle.Runtime.Tests.Threading;

/// <summary>Layers that are large enough to be split over threads at its batch, two of them with weight gradients from copies.</summary>
[Network(Inputs = 97, BatchSize = 40)]
[Dense(181, Activation.Relu)]
[Dense(101, Activation.Tanh)]
[Dense(60)]
internal sealed partial class SplitNetwork : INetwork<SplitNetwork>;

/// <summary>All kinds of layers, of widths that fill no panel.</summary>
[Network(Inputs = 301, BatchSize = 24)]
[NodeSampled(203, Activation.Relu, Selector = NodeSelector.Uniform, Share = 0.3)]
[InputSampled(151, Activation.Relu, Estimator = InputEstimator.WtaCrs, Share = 0.3)]
[Dense(193, Activation.LeakyRelu)]
[Dense(193, Activation.Relu, Residual = 0.4)]
[Dense(10)]
internal sealed partial class SplitMixedNetwork : INetwork<SplitMixedNetwork>;

public class ThreadedTrainingTests
{
    /// <summary>Those that come with the runtime, and one of the user's own. Vector code in software is some hundred times slower: fewer there.</summary>
    public static TheoryData<string> Optimizers => [.. Vector128.IsHardwareAccelerated ? ReferenceParameter.Names : (string[])["sgd", "momentum decay", "adamw"], "own"];

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void Steps_have_the_same_bits_on_any_number_of_threads(string optimizer)
    {
        foreach (var create in (Func<CompiledNetwork>[])[() => new SplitNetwork(seed: 3), () => new SplitMixedNetwork(seed: 3)])
        {
            foreach (var norm in (float?[])[null, 0.01f])
            {
                var alone = Train(create, optimizer, norm, threads: 1);
                Assert.All((int[])(Vector128.IsHardwareAccelerated ? [2, 3, 7] : [3]), threads => Assert.Equal(alone, Train(create, optimizer, norm, threads)));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void A_step_on_several_threads_allocates_nothing(string optimizer)
    {
        foreach (var network in (CompiledNetwork[])[new SplitNetwork(seed: 3), new SplitMixedNetwork(seed: 3)])
        {
            using var session = new TrainingSession(network, new StepOptions { Optimizer = OptimizerOf(optimizer), Threads = 2 });
            var (inputs, labels) = Batch(new Random(1), network, 40);
            Run();
            Assert.Equal(0, Allocation.Of(Run));
            network.Dispose();

            void Run()
            {
                for (var step = 0; step < 5; step++)
                {
                    session.Step(inputs, labels);
                    session.Step(inputs.AsSpan(0, network.Architecture.Inputs), labels.AsSpan(0, 1));
                }
            }
        }
    }

    [Fact]
    public void More_threads_than_there_is_work_for_cost_no_memory()
    {
        using var network = new SplitNetwork(seed: 3);
        using var session = new TrainingSession(network, new StepOptions { Threads = int.MaxValue });
        var (inputs, labels) = Batch(new Random(1), network, 40);
        Assert.True(double.IsFinite(session.Step(inputs, labels)));
    }

    [Fact]
    public void What_a_rule_throws_on_any_thread_ends_the_step_and_not_the_training()
    {
        using var network = new SplitNetwork(seed: 3);
        var fails = true;
        var optimizer = Optimizer.Custom("fails", 0.1f, _ => new FailingRule(fails));
        using var session = new TrainingSession(network, new StepOptions { Optimizer = optimizer, Threads = 3 });
        var (inputs, labels) = Batch(new Random(1), network, 40);
        Assert.Throws<InvalidTimeZoneException>(() => session.Step(inputs, labels));
        Assert.Equal(0, session.StepCount);
        fails = false;
        session.Step(inputs, labels);
        Assert.Equal(1, session.StepCount);
    }

    [Fact]
    public void A_negative_number_of_threads_is_refused()
    {
        using var network = new SplitNetwork(seed: 3);
        var exception = Assert.Throws<ArgumentException>(() => new TrainingSession(network, new StepOptions { Threads = -1 }));
        Assert.Contains("Threads is -1", exception.Message);
    }

    private static Optimizer OptimizerOf(string name) => name == "own"
        ? Optimizer.Custom("own", 0.01f, step => new SumsRule(step.LearningRate))
        : ReferenceParameter.OptimizerOf(name);

    private static float[] Train(Func<CompiledNetwork> create, string optimizer, float? norm, int threads)
    {
        using var network = create();
        using (var session = new TrainingSession(network, new StepOptions { Optimizer = OptimizerOf(optimizer), MaxGradientNorm = norm, Threads = threads }))
        {
            var random = new Random(5);
            foreach (var rows in (int[])[40, 24, 37, 1, 64])
            {
                var (inputs, labels) = Batch(random, network, rows);
                Assert.True(double.IsFinite(session.Step(inputs, labels)));
            }
        }

        return [.. Enumerable.Range(0, network.Architecture.Layers.Count).SelectMany(layer => Parameters(network, layer))];
    }

    private static (float[] Inputs, int[] Labels) Batch(Random random, CompiledNetwork network, int rows) => (
        [.. Enumerable.Range(0, rows * network.Architecture.Inputs).Select(_ => Math.Max(0, random.NextSingle() - 0.4f))],
        [.. Enumerable.Range(0, rows).Select(_ => random.Next(network.Architecture.Outputs))]);

    private static IEnumerable<float> Parameters(CompiledNetwork network, int layer)
    {
        var shape = network.Architecture.Layers[layer];
        var (weights, biases) = (new float[shape.Inputs * shape.Outputs], new float[shape.Outputs]);
        network.GetWeights(layer, weights);
        network.GetBiases(layer, biases);
        return weights.Concat(biases);
    }

    /// <summary>Adagrad with the mean gradient so far.</summary>
    private readonly struct SumsRule(float learningRate) : IUpdateRule
    {
        private readonly float learningRate = learningRate;

        public static int MomentCount => 2;

        public static bool SkipsZeroGradient => false;

        public TLanes Update<TLanes>(TLanes parameter, TLanes gradient, ref TLanes first, ref TLanes second)
            where TLanes : struct, ILanes<TLanes>
        {
            first += gradient;
            second += gradient * gradient;
            return parameter - (TLanes.Create(learningRate) * first / (TLanes.Sqrt(second) + TLanes.Create(1e-6f)));
        }
    }

    private readonly struct FailingRule(bool fails) : IUpdateRule
    {
        private readonly bool fails = fails;

        public static int MomentCount => 0;

        public static bool SkipsZeroGradient => true;

        public TLanes Update<TLanes>(TLanes parameter, TLanes gradient, ref TLanes first, ref TLanes second)
            where TLanes : struct, ILanes<TLanes> => fails ? throw new InvalidTimeZoneException() : parameter;
    }
}
