using Whittle.Runtime.Tests.Memory;

namespace Whittle.Runtime.Tests.Network;

/// <summary>Steps of networks that are small enough to be one kernel in each direction, beside steps with the kernels of each layer.</summary>
public sealed unsafe class FusedStepTests
{
    private const float Rate = 0.05f;

    /// <summary>Rows of which the largest product of <see cref="Odd"/> is worth splitting over threads.</summary>
    private const int ManyRows = 100;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(20)]
    public void Steps_of_every_rule_do_what_the_kernels_of_each_layer_do(int rows)
    {
        Check(Optimizer.Sgd(Rate), step => new SgdRule(step.LearningRate), rows);
        Check(Optimizer.Sgd(Rate, weightDecay: 0.1f), step => new DecayingSgdRule(step.LearningRate, 0.1f), rows);
        Check(Optimizer.Sgd(Rate, 0.9f), step => new MomentumRule(step.LearningRate, 0.9f, 0), rows);
        Check(Optimizer.Sgd(Rate, 0.9f, nesterov: true, 0.1f), step => new NesterovRule(step.LearningRate, 0.9f, 0.1f), rows);
        Check(Optimizer.Adagrad(Rate, 0.1f), step => new AdagradRule(step.LearningRate, 0.1f), rows);
        Check(Optimizer.Adagrad(Rate, 0.1f, weightDecay: 0.1f), step => new DecayingAdagradRule(step.LearningRate, 0.1f, 0.1f), rows);
        Check(Optimizer.Adam(Rate, epsilon: 0.01f), step => new AdamRule(step.Number, step.LearningRate, 0.9f, 0.999f, 0.01f, 0, decoupled: false), rows);
        Check(Optimizer.AdamW(Rate, epsilon: 0.01f), step => new AdamRule(step.Number, step.LearningRate, 0.9f, 0.999f, 0.01f, 0.01f, decoupled: true), rows);
        Check(Optimizer.Custom("bounded", Rate, step => new BoundedRule(step.LearningRate)), step => new BoundedRule(step.LearningRate), rows);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(6)]
    public void Frozen_layers_take_the_kernels_of_each_layer(int rows)
    {
        using var network = new Odd(3);
        using var other = new Odd(3);
        using var kernels = new LayerKernels<SgdRule>(other, rows, 0, step => new SgdRule(step.LearningRate)) { LowestTrained = 1 };
        using var session = new TrainingSession(network, new StepOptions { Optimizer = Optimizer.Sgd(Rate), FrozenLayers = [0] });
        for (var step = 1; step <= 3; step++)
        {
            var batch = new Batch(network, rows, step);
            Assert.Equal(kernels.Step(step, batch), batch.Step(session));
        }

        Assert.Equal(Parameters(other), Parameters(network));
        Assert.NotEqual(Weights(new Odd(3), 1), Weights(network, 1));
        Assert.Equal(Weights(new Odd(3), 0), Weights(network, 0));
    }

    [Fact]
    public void Batches_that_threads_share_take_the_kernels_of_each_layer_on_any_number_of_threads()
    {
        using var other = new Odd(3);
        using var kernels = new LayerKernels<SgdRule>(other, ManyRows, 0, step => new SgdRule(step.LearningRate));
        foreach (var threads in new[] { 1, 3 })
        {
            using var network = new Odd(3);
            using var session = new TrainingSession(network, new StepOptions { Optimizer = Optimizer.Sgd(Rate), Threads = threads });
            var batch = new Batch(network, ManyRows, 1);
            Assert.False(network.Runner.FusesBackwardOf(ManyRows));
            batch.Step(session);
            if (threads == 1)
            {
                kernels.Step(1, batch);
            }

            Assert.Equal(Parameters(other), Parameters(network));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(9)]
    public void A_clipped_step_has_the_given_length(int rows)
    {
        using var network = new Odd(3);
        var before = Parameters(network);
        using var session = new TrainingSession(network, new StepOptions { Optimizer = Optimizer.Sgd(1), MaxGradientNorm = 0.01f });
        new Batch(network, rows, 1).Step(session);
        Assert.Equal(0.01, Math.Sqrt(before.Zip(Parameters(network), (old, now) => Math.Pow(now - old, 2)).Sum()), 1e-5);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    public void Statistics_change_no_bits_and_steps_allocate_nothing(int rows)
    {
        using var plain = new Odd(3);
        using var watched = new Odd(3);
        using var one = new TrainingSession(plain, new StepOptions());
        using var other = new TrainingSession(watched, new StepOptions { CollectStatistics = true });
        var inputs = new Batch(plain, rows, 1).Inputs;
        var labels = new int[rows];
        for (var step = 0; step < 5; step++)
        {
            Assert.Equal(one.Step(inputs, labels), other.Step(inputs, labels));
        }

        Assert.Equal(Parameters(plain), Parameters(watched));
        Assert.Equal(0, Allocation.Of(() => one.Step(inputs, labels)));
    }

    [Fact]
    public void A_step_without_a_finite_loss_changes_nothing()
    {
        using var network = new Odd(3);
        using var session = new TrainingSession(network, new StepOptions());
        var before = Parameters(network);
        foreach (var rows in new[] { 1, 5 })
        {
            var inputs = new Batch(network, rows, 1).Inputs;
            inputs[0] = float.NaN;
            Assert.False(double.IsFinite(session.Step(inputs, new int[rows])));
        }

        Assert.Equal(before, Parameters(network));
        Assert.Equal(0, session.StepCount);
    }

    private static void Check<TRule>(Optimizer optimizer, Func<UpdateStep, TRule> rule, int rows)
        where TRule : struct, IUpdateRule
    {
        foreach (var create in new Func<CompiledNetwork>[] { () => new Odd(3), () => new Narrow(3), () => new Tiny(3), () => new Line(3), () => new Chain(3) })
        {
            using var network = create();
            using var other = create();
            Assert.True(network.Runner.FusesBackwardOf(rows));
            using var kernels = new LayerKernels<TRule>(other, rows, TRule.MomentCount, rule);
            using var session = new TrainingSession(network, new StepOptions { Optimizer = optimizer });
            for (var step = 1; step <= 4; step++)
            {
                // Also batches of fewer rows than there is room for.
                var batch = new Batch(network, step == 3 ? 1 : rows, step);
                var expected = kernels.Step(step, batch);
                Assert.Equal(expected, batch.Step(session), 1e-4 * (1 + Math.Abs(expected)));
            }

            AssertClose(Parameters(other), Parameters(network), $"{optimizer.Name}, {network.Architecture.Name}, {rows} rows: parameter");
            for (var moment = 0; moment < TRule.MomentCount; moment++)
            {
                AssertClose(Values(kernels.Moments[moment]!), Values(session.Moments[moment]!), $"{optimizer.Name}, {network.Architecture.Name}, {rows} rows: moment");
            }
        }
    }

    private static void AssertClose(float[] expected, float[] actual, string what)
    {
        for (var index = 0; index < expected.Length; index++)
        {
            Assert.True(Math.Abs(expected[index] - actual[index]) <= 2e-4 * (1 + Math.Abs(expected[index])), $"{what} {index} is {actual[index]}, not {expected[index]}.");
        }
    }

    private static float[] Parameters(CompiledNetwork network)
    {
        using var lease = network.UseParameters();
        return Values(network.Parameters);
    }

    private static float[] Values(AlignedMemory memory) => new Span<float>(memory.Pointer, (int)memory.Length).ToArray();

    private static float[] Weights(CompiledNetwork network, int layer)
    {
        var shape = network.Architecture.Layers[layer];
        var weights = new float[shape.Inputs * shape.Outputs];
        network.GetWeights(layer, weights);
        return weights;
    }

    /// <summary>Rows of random inputs and the truth that the network's loss needs.</summary>
    private sealed class Batch
    {
        private readonly bool usesLabels;

        public Batch(CompiledNetwork network, int rows, int seed)
        {
            var random = new Random(seed);
            var architecture = network.Architecture;
            usesLabels = architecture.Loss == Loss.SoftmaxCrossEntropy;
            Rows = rows;
            Inputs = [.. Enumerable.Range(0, rows * architecture.Inputs).Select(_ => (2 * random.NextSingle()) - 1)];
            Labels = usesLabels ? [.. Enumerable.Range(0, rows).Select(_ => random.Next(architecture.Outputs))] : [];
            Targets = usesLabels ? [] : [.. Enumerable.Range(0, rows * architecture.Outputs).Select(_ => (float)random.Next(2))];
        }

        public int Rows { get; }

        public float[] Inputs { get; }

        public int[] Labels { get; }

        public float[] Targets { get; }

        public double Step(TrainingSession session) => usesLabels ? session.Step(Inputs, Labels.AsSpan()) : session.Step(Inputs, Targets.AsSpan());
    }

    /// <summary>Steps of a network with the kernels of each layer, whatever its size.</summary>
    private sealed class LayerKernels<TRule>(CompiledNetwork network, int rows, int moments, Func<UpdateStep, TRule> rule) : IDisposable
        where TRule : struct, IUpdateRule
    {
        private readonly Workspace workspace = new(network.Layout, rows, training: true, threads: 1);
        private readonly LossFunction loss = LossFunction.Create(network.Architecture.Loss, network.Architecture.Outputs, null);

        public int LowestTrained { get; init; }

        public AlignedMemory?[] Moments { get; } =
            [.. Enumerable.Range(0, 2).Select(index => index < moments ? AlignedMemory.Allocate(network.Layout.Length, "moments") : null)];

        public double Step(int number, Batch batch)
        {
            var runner = network.Runner;
            var parameters = network.Parameters.Pointer;
            var first = Pointer(0);
            var second = Pointer(1);
            var current = rule(new UpdateStep(number, Rate));
            workspace.CopyInputs(batch.Inputs, network.Architecture.Inputs, batch.Rows);
            runner.Forward(parameters, workspace, batch.Rows);
            runner.ListInputs(workspace);
            var losses = workspace.Batch(batch.Rows, network.Architecture.Outputs, batch.Labels, batch.Targets);
            var value = loss.Compute(losses).Mean;
            OutputActivation.MultiplyDerivative(losses, network.Architecture.Layers[^1]);
            var top = network.Architecture.Layers.Count - 1;
            if (batch.Rows == 1 && TRule.SkipsZeroGradient)
            {
                for (var layer = top; layer >= LowestTrained; layer--)
                {
                    runner.Backward(in current, parameters, first, second, workspace, layer, null);
                }

                return value;
            }

            for (var layer = top; layer > LowestTrained; layer--)
            {
                runner.InputGradient(parameters, workspace, layer, batch.Rows);
            }

            for (var layer = top; layer >= LowestTrained; layer--)
            {
                runner.WeightGradient(in current, parameters, first, second, workspace, layer, batch.Rows);
            }

            return value;
        }

        public void Dispose()
        {
            workspace.Dispose();
            foreach (var moment in Moments)
            {
                moment?.Dispose();
            }
        }

        private float* Pointer(int index) => Moments[index] is { } moment ? moment.Pointer : null;
    }

    /// <summary>A user's rule: a gradient of at most 1.</summary>
    private readonly struct BoundedRule(float rate) : IUpdateRule
    {
        private readonly float step = -rate;

        public static int MomentCount => 0;

        public static bool SkipsZeroGradient => true;

        public TLanes Update<TLanes>(TLanes parameter, TLanes gradient, ref TLanes first, ref TLanes second)
            where TLanes : struct, ILanes<TLanes> =>
            TLanes.MultiplyAdd(TLanes.Create(step), TLanes.Max(TLanes.Create(-1), TLanes.Min(TLanes.Create(1), gradient)), parameter);
    }
}

[Network(Inputs = 37, BatchSize = 20)]
[Dense(113, Activation.Relu)]
[Dense(5)]
internal sealed partial class Odd : INetwork<Odd>;

[Network(Inputs = 64, BatchSize = 20, Loss = Loss.BinaryCrossEntropy)]
[Dense(32, Activation.Tanh)]
[Dense(32, Activation.LeakyRelu)]
[Dense(1)]
internal sealed partial class Narrow : INetwork<Narrow>;

[Network(Inputs = 8, BatchSize = 4, Loss = Loss.MeanSquaredError)]
[Dense(7, Activation.Sigmoid)]
[Dense(3, Activation.Tanh)]
internal sealed partial class Tiny : INetwork<Tiny>;

[Network(Inputs = 3, Loss = Loss.MeanSquaredError)]
[Dense(1)]
internal sealed partial class Line : INetwork<Line>;

[Network(Inputs = 2, BatchSize = 5)]
[Dense(1, Activation.Tanh)]
[Dense(17, Activation.Relu)]
[Dense(33, Activation.Sigmoid)]
[Dense(2)]
internal sealed partial class Chain : INetwork<Chain>;
