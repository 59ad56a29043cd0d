using System.Runtime.Intrinsics;

namespace Whittle.Runtime.Tests.Optimization;

public class OptimizerTests
{
    private const int Steps = 25;

    /// <summary>The optimisers as PyTorch defines them, for one parameter in double precision.</summary>
    public static TheoryData<string> Names => [.. ReferenceParameter.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Steps_follow_the_definition(string name)
    {
        // One linear unit, squared error: the gradient is 2 (w x + b - t) x, and 2 (w x + b - t) for the bias.
        using var network = ReferenceNetwork.Of(1, [1], loss: Loss.MeanSquaredError);
        network.SetWeights(0, [0.7f]);
        using var session = new TrainingSession(network, new StepOptions { Optimizer = ReferenceParameter.OptimizerOf(name) });
        var weight = new ReferenceParameter(0.7, name);
        var bias = new ReferenceParameter(0, name);
        var random = new RandomStream(4, 4);
        for (var step = 1; step <= Steps; step++)
        {
            var (x, t) = (random.NextNormal(), random.NextNormal());
            var error = 2 * ((weight.Value * x) + bias.Value - t);
            weight.Update(error * x, step);
            bias.Update(error, step);
            session.Step([x], new float[] { t });
            var actual = new float[1];
            network.GetWeights(0, actual);
            Assert.Equal(weight.Value, actual[0], 2e-5);
            network.GetBiases(0, actual);
            Assert.Equal(bias.Value, actual[0], 2e-5);
        }

        Assert.Equal(Steps, session.StepCount);
    }

    [Fact]
    public void A_rule_of_ones_own_gets_step_number_and_learning_rate()
    {
        using var network = ReferenceNetwork.Of(1, [1], loss: Loss.MeanSquaredError);
        network.SetWeights(0, [0]);
        var seen = new List<UpdateStep>();
        var optimizer = Optimizer.Custom("signs", 0.5f, step =>
        {
            seen.Add(step);
            return new SignRule(step.LearningRate);
        });
        using var session = new TrainingSession(network, new StepOptions { Optimizer = optimizer, Schedule = LearningRateSchedule.Step(1, 0.5f) });
        session.Step([1f], new float[] { 100 });
        session.Step([1f], new float[] { 100 });
        Assert.Equal([new UpdateStep(1, 0.5f), new UpdateStep(2, 0.25f)], seen);
        var weight = new float[1];
        network.GetWeights(0, weight);
        Assert.Equal(0.75f, weight[0], 1e-6f);
    }

    [Theory]
    [InlineData(0.9f, 0.999f)]
    [InlineData(0.5f, 0.9f)]
    [InlineData(0f, 0.99f)]
    public void Adam_moves_little_after_threads_have_mixed_moments_of_two_steps(float beta1, float beta2)
    {
        const float rate = 0.001f;
        var (first, second) = (new Lanes4(Vector128.Create(0.1f)), default(Lanes4));
        var weight = default(Lanes4);
        for (var step = 1_000; step < 1_200; step++)
        {
            weight = Rule(step, rate, beta1, beta2).Update(weight, default, ref first, ref second);
        }

        Assert.InRange(weight.Value[0], -200 * rate, 0);
    }

    [Theory]
    [InlineData(0.9f, 0.999f)]
    [InlineData(0.5f, 0.9f)]
    [InlineData(0.95f, 0.9f)]
    public void The_bound_on_moments_changes_no_step_of_one_thread(float beta1, float beta2)
    {
        // Gradients that bring m^2 / v as near to its bound as can be: they grow as (b2 / b1)^i.
        var (first, second) = (default(Lanes4), default(Lanes4));
        var (plainFirst, plainSecond) = (default(Lanes4), default(Lanes4));
        var gradient = 1e-8f;
        for (var step = 1; step <= 300; step++, gradient *= Math.Min(beta2 / beta1, 1.2f))
        {
            var lanes = new Lanes4(Vector128.Create(gradient));
            var rule = new AdamRule(step, 0.01f, beta1, beta2, 1e-8f, 0, decoupled: false);
            var expected = rule.Update(default, lanes, ref plainFirst, ref plainSecond);
            var actual = Rule(step, 0.01f, beta1, beta2).Update(default, lanes, ref first, ref second);
            Assert.Equal((plainFirst, plainSecond, expected), (first, second, actual));
        }
    }

    [Fact]
    public void Clipping_scales_the_whole_gradient_to_the_norm()
    {
        var inputs = Network.PredictionTests.Random(12);
        var labels = new[] { 0, 1, 2, 1 };
        var free = Moved(null, 1);
        var norm = Math.Sqrt(free.Sum(value => (double)value * value));
        var clipped = Moved((float)norm / 4, 1);
        var untouched = Moved((float)norm * 4, 1);
        for (var index = 0; index < free.Length; index++)
        {
            Assert.Equal(free[index] / 4, clipped[index], 1e-6f);
            Assert.Equal(free[index], untouched[index], 1e-6f);
        }

        float[] Moved(float? limit, float learningRate)
        {
            using var network = ReferenceNetwork.Of(3, [17, 3], seed: 6);
            var before = Parameters(network);
            using var session = new TrainingSession(network, new StepOptions { Optimizer = Optimizer.Sgd(learningRate), MaxGradientNorm = limit });
            session.Step(inputs, labels);
            return [.. before.Zip(Parameters(network), (from, to) => from - to)];
        }
    }

    [Fact]
    public void Clipped_adam_equals_adam_where_the_norm_is_large_enough()
    {
        var inputs = Network.PredictionTests.Random(12);
        var results = new float?[] { null, 1e6f }.Select(limit =>
        {
            using var network = ReferenceNetwork.Of(3, [17, 3], seed: 6);
            using var session = new TrainingSession(network, new StepOptions { MaxGradientNorm = limit });
            for (var step = 0; step < 5; step++)
            {
                session.Step(inputs, [0, 1, 2, 1]);
            }

            return Parameters(network);
        }).ToArray();
        Assert.Equal(results[0], results[1]);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(0.1f)]
    public void Frozen_layers_stay_and_the_others_learn(float? limit)
    {
        using var network = ReferenceNetwork.Of(3, [5, 4, 3], seed: 6);
        using var session = new TrainingSession(network, new StepOptions { FrozenLayers = [0, 2], MaxGradientNorm = limit });
        var before = Enumerable.Range(0, 3).Select(layer => Weights(network, layer)).ToArray();
        for (var step = 0; step < 5; step++)
        {
            session.Step(Network.PredictionTests.Random(12), [0, 1, 2, 1]);
        }

        Assert.Equal(before[0], Weights(network, 0));
        Assert.NotEqual(before[1], Weights(network, 1));
        Assert.Equal(before[2], Weights(network, 2));
    }

    [Fact]
    public void Settings_outside_their_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Optimizer.Sgd(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Optimizer.Sgd(float.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => Optimizer.Sgd(0.1f, momentum: 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Optimizer.Sgd(0.1f, weightDecay: -1));
        Assert.Throws<ArgumentException>(() => Optimizer.Sgd(0.1f, nesterov: true));
        Assert.Throws<ArgumentOutOfRangeException>(() => Optimizer.Adam(epsilon: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Optimizer.AdamW(beta2: 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Optimizer.Adagrad(epsilon: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Optimizer.Adagrad(initialAccumulator: -1));
        Assert.Contains("0 moments", Assert.Throws<ArgumentException>(() => Custom(new RowDecay(0.9f))).Message, StringComparison.Ordinal);
        Assert.Contains("from 0 to 1", Assert.Throws<ArgumentException>(() => Custom(new RowDecay(Weights: -1))).Message, StringComparison.Ordinal);

        static Optimizer Custom(RowDecay decay) => Optimizer.Custom("signs", 0.5f, step => new SignRule(step.LearningRate), decay);
    }

    [Fact]
    public void Schedules_follow_their_definition()
    {
        var step = LearningRateSchedule.Step(10, 0.5f);
        Assert.Equal([1f, 1f, 0.5f, 0.125f], new long[] { 0, 9, 10, 39 }.Select(at => step.Factor(at, 0)));
        var cosine = LearningRateSchedule.Cosine(0.2f);
        Assert.Equal([1f, 0.6f, 0.2f, 0.2f], new long[] { 0, 50, 100, 200 }.Select(at => MathF.Round(cosine.Factor(at, 100), 6)));
        var warm = LearningRateSchedule.WarmUp(4, LearningRateSchedule.Cosine());
        Assert.Equal([0.25f, 1f, 1f, 0.5f, 0f], new long[] { 0, 3, 4, 54, 104 }.Select(at => MathF.Round(warm.Factor(at, 104), 6)));
        Assert.Equal([0.5f, 1f, 1f], new long[] { 0, 1, 1000 }.Select(at => LearningRateSchedule.WarmUp(2).Factor(at, 0)));
        using var network = ReferenceNetwork.Of(1, [2]);
        Assert.Contains("TotalSteps", Assert.Throws<ArgumentException>(() => new TrainingSession(network, new StepOptions { Schedule = warm })).Message);
    }

    private static float[] Weights(CompiledNetwork network, int layer)
    {
        var weights = new float[network.Architecture.Layers[layer].Inputs * network.Architecture.Layers[layer].Outputs];
        network.GetWeights(layer, weights);
        return weights;
    }

    private static float[] Parameters(CompiledNetwork network) => [.. Enumerable.Range(0, network.Architecture.Layers.Count).SelectMany(layer =>
    {
        var biases = new float[network.Architecture.Layers[layer].Outputs];
        network.GetBiases(layer, biases);
        return Weights(network, layer).Concat(biases);
    })];

    private static HogwildAdamRule Rule(long step, float rate, float beta1, float beta2) =>
        new(new AdamRule(step, rate, beta1, beta2, 1e-8f, 0, decoupled: false), new MomentBound(beta1, beta2));

    private readonly struct SignRule(float learningRate) : IUpdateRule
    {
        private readonly float learningRate = learningRate;

        public static int MomentCount => 0;

        public static bool SkipsZeroGradient => true;

        public TLanes Update<TLanes>(TLanes parameter, TLanes gradient, ref TLanes first, ref TLanes second)
            where TLanes : struct, ILanes<TLanes> =>
            parameter - (TLanes.Create(learningRate) * TLanes.Min(TLanes.Max(gradient * TLanes.Create(1e6f), TLanes.Create(-1)), TLanes.Create(1)));
    }
}
