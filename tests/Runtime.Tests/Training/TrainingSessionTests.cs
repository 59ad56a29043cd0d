using Whittle.Runtime.Tests.Memory;

namespace Whittle.Runtime.Tests.Training;

[Network(Inputs = 5, BatchSize = 3)]
[NodeSampled(20, Share = 0.1, Inference = NodeInference.ExactUnscaled)]
internal sealed partial class FewOutputs : INetwork<FewOutputs>;

[Network(Inputs = 50, BatchSize = 4)]
[InputSampled(20, Activation.Relu, Share = 0.1, Products = SampledProducts.Forward, Estimator = InputEstimator.Uniform, Reuse = 3)]
[Dense(3)]
internal sealed partial class FewInputs : INetwork<FewInputs>;

public class TrainingSessionTests
{
    [Theory]
    [InlineData(float.NaN, true)]
    [InlineData(float.NegativeInfinity, true)]
    [InlineData(float.PositiveInfinity, false)]
    [InlineData(float.NegativeInfinity, false)]
    public void An_input_that_is_not_finite_changes_nothing_even_where_the_loss_does_not_show_it(float odd, bool isSampled)
    {
        // Where it is not drawn, or where ReLU makes 0 of minus infinity.
        using CompiledNetwork network = isSampled ? new FewInputs(seed: 2) : ReferenceNetwork.Of(50, [20, 3], seed: 2);
        using var session = new TrainingSession(network, new StepOptions { Threads = 1 });
        var (before, after) = (new float[50 * 20], new float[50 * 20]);
        network.GetWeights(0, before);
        var inputs = new float[4 * 50];
        inputs.AsSpan().Fill(0.5f);
        inputs[(3 * 50) + 7] = odd;
        for (var step = 0; step < 20; step++)
        {
            Assert.False(double.IsFinite(session.Step(inputs, new int[4])));
        }

        network.GetWeights(0, after);
        Assert.Equal(before, after);
    }

    [Fact]
    public void Steps_learn_a_separable_problem()
    {
        using var network = ReferenceNetwork.Of(2, [16, 2], seed: 1);
        using var session = new TrainingSession(network, new StepOptions { Optimizer = Optimizer.Adam(0.02f) });
        var (inputs, labels) = Circles(200);
        var before = session.Step(inputs, labels);
        for (var step = 0; step < 200; step++)
        {
            session.Step(inputs, labels);
        }

        Assert.True(session.Step(inputs, labels) < before / 4);
        var classes = new int[labels.Length];
        network.Classify(inputs, classes);
        Assert.True(classes.Zip(labels).Count(pair => pair.First == pair.Second) > 190);
    }

    [Fact]
    public void Steps_allocate_nothing()
    {
        foreach (var norm in new float?[] { null, 0.5f })
        {
            using var network = ReferenceNetwork.Of(20, [17, 9, 3]);
            using var session = new TrainingSession(network, new StepOptions { MaxGradientNorm = norm });
            var inputs = new float[20 * 4];
            var labels = new[] { 0, 1, 2, 1 };
            inputs.AsSpan().Fill(0.3f);
            Repeat(30);
            Assert.Equal(0, Allocation.Of(() => Repeat(100)));

            void Repeat(int steps)
            {
                for (var step = 0; step < steps; step++)
                {
                    session.Step(inputs, labels);
                    session.Step(inputs.AsSpan(0, 20), labels.AsSpan(0, 1));
                }
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(float.NaN)]
    public void A_loss_cannot_train_with_its_session(float input)
    {
        using var network = ReferenceNetwork.Of(2, [3, 2], seed: 1);
        using var apart = ReferenceNetwork.Of(2, [3, 2], seed: 1);
        InvalidOperationException? refused = null;
        TrainingSession? own = null;
        using var session = new TrainingSession(network, new StepOptions
        {
            CustomLoss = batch =>
            {
                refused = Assert.Throws<InvalidOperationException>(() => own!.Step([input, 2, 3, 4, 5, 6], [0, 1, 1]));
                return Loss(batch);
            },
        });
        own = session;
        session.Step([1f, 2], [0]);
        Assert.Contains("must not train with the session", refused!.Message);

        // The outer step is that of its own batch.
        using var other = new TrainingSession(apart, new StepOptions { CustomLoss = Loss });
        other.Step([1f, 2], [0]);
        Assert.Equal(Weights(apart), Weights(network));

        static double Loss(LossBatch batch)
        {
            batch.Gradient(0)[0] = batch.Logits(0)[0];
            return 1;
        }
    }

    [Fact]
    public void A_gradient_that_is_not_finite_cannot_be_clipped_and_is_no_step()
    {
        using var network = ReferenceNetwork.Of(2, [3, 2], seed: 1);
        var gradient = float.PositiveInfinity;
        using var session = new TrainingSession(network, new StepOptions
        {
            Optimizer = Optimizer.Adam(),
            MaxGradientNorm = 1,
            CustomLoss = batch =>
            {
                batch.Gradient(0)[0] = gradient;
                return 1;
            },
        });
        var before = Weights(network);
        Assert.Equal(double.NaN, session.Step([1f, 2], [0]));
        Assert.Equal(0, session.StepCount);
        Assert.Equal(before, Weights(network));
        gradient = 1;
        Assert.Equal(1, session.Step([1f, 2], [0]));
        Assert.Equal(1, session.StepCount);
        Assert.NotEqual(before, Weights(network));
        Assert.All(Weights(network), weight => Assert.True(float.IsFinite(weight)));
    }

    /// <summary>Its square does not fit single precision, its norm does.</summary>
    [Theory]
    [InlineData(1e10f)]
    [InlineData(1e20f)]
    [InlineData(1e37f)]
    public void A_large_gradient_is_clipped_to_the_norm(float gradient)
    {
        using var network = ReferenceNetwork.Of(1, [1], seed: 1, loss: Whittle.Loss.MeanSquaredError);
        using var session = new TrainingSession(network, new StepOptions
        {
            Optimizer = Optimizer.Sgd(0.1f),
            MaxGradientNorm = 1,
            CustomLoss = batch =>
            {
                batch.Gradient(0)[0] = gradient;
                return 1;
            },
        });
        float before = 0, after = 0;
        network.GetBiases(0, new Span<float>(ref before));
        session.Step([0f], [0f]);
        network.GetBiases(0, new Span<float>(ref after));
        Assert.Equal(before - 0.1f, after, 1e-6f);
    }

    private static float[] Weights(CompiledNetwork network)
    {
        var weights = new float[6];
        network.GetWeights(1, weights);
        return weights;
    }

    [Fact]
    public void A_loss_that_disposes_its_session_ends_the_step_with_an_error()
    {
        using var network = ReferenceNetwork.Of(2, [3, 2], seed: 1);
        TrainingSession? session = null;
        session = new TrainingSession(network, new StepOptions
        {
            Optimizer = Optimizer.Adam(),
            CustomLoss = _ =>
            {
                session!.Dispose();
                return 1;
            },
        });
        Assert.Throws<ObjectDisposedException>(() => session.Step([0.5f, 1], [1]));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(-0.5f)]
    public void A_schedule_whose_factor_is_no_factor_is_refused(float factor)
    {
        using var network = ReferenceNetwork.Of(2, [3, 2], seed: 1);
        using var session = new TrainingSession(network, new StepOptions { Schedule = new Constant(factor) });
        var exception = Assert.Throws<InvalidOperationException>(() => session.Step([0.5f, 1], [1]));
        Assert.Contains("for step 1; it must be a finite number of at least 0", exception.Message);
        Assert.Equal(0, session.StepCount);
    }

    private sealed class Constant(float factor) : LearningRateSchedule
    {
        public override float Factor(long step, long totalSteps) => factor;
    }

    [Fact]
    public void A_loss_of_ones_own_sees_the_active_outputs_of_a_sampled_layer()
    {
        using var network = new FewOutputs(1);
        using var session = new TrainingSession(network, new StepOptions { Threads = 1, CustomLoss = Loss });
        float[] inputs = [.. Enumerable.Range(0, 15).Select(index => 0.1f * index)];
        Assert.Equal(2, session.Step(inputs, [3, 19, 0]));
        var weights = new float[5 * 20];
        network.GetWeights(0, weights);
        Assert.All(weights, weight => Assert.True(float.IsFinite(weight)));

        // Labels are nodes that are always active.
        var exception = Assert.Throws<ArgumentException>(() => session.Step(inputs, [3, -1, 0]));
        Assert.Contains("The label of row 1 is -1", exception.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => session.Step(inputs, [3, 20, 0]));

        static double Loss(LossBatch batch)
        {
            var active = 0;
            for (var row = 0; row < batch.Rows; row++)
            {
                var gradient = batch.Gradient(row);
                foreach (var (output, logit) in batch.Logits(row).ToArray().Index())
                {
                    gradient[output] = float.IsNegativeInfinity(logit) ? float.NaN : 1;
                    active += float.IsNegativeInfinity(logit) ? 0 : 1;
                }

                Assert.False(float.IsNegativeInfinity(batch.Logits(row)[batch.Labels[row]]));
            }

            return (double)active / batch.Rows;
        }
    }

    internal static (float[] Inputs, int[] Labels) Circles(int count, ulong seed = 11)
    {
        var random = new RandomStream(seed, 0);
        var inputs = new float[2 * count];
        var labels = new int[count];
        for (var row = 0; row < count; row++)
        {
            var (x, y) = (random.NextNormal(), random.NextNormal());
            (inputs[2 * row], inputs[(2 * row) + 1]) = (x, y);
            labels[row] = (x * x) + (y * y) > 1.4f ? 1 : 0;
        }

        return (inputs, labels);
    }

    [Fact]
    public void Exact_last_steps_are_refused_where_predictions_would_scale_what_they_train()
    {
        using var network = new Optimization.FewOfAllKinds(seed: 1);
        var problem = Assert.Throws<ArgumentException>(() => new TrainingSession(network, new StepOptions { TotalSteps = 10, ExactLastSteps = 2 }));
        Assert.Contains("layer 2 of", problem.Message, StringComparison.Ordinal);
        using var first = new TrainingSession(network, new StepOptions { TotalSteps = 10, ExactFirstSteps = 2 });
    }

    [Fact]
    public void Settings_that_are_null_are_named()
    {
        using var network = ReferenceNetwork.Of(3, [4, 2]);
        Assert.Equal("options.Optimizer", Assert.Throws<ArgumentNullException>(() => new TrainingSession(network, new StepOptions { Optimizer = null! })).ParamName);
        Assert.Equal("options.Schedule", Assert.Throws<ArgumentNullException>(() => new TrainingSession(network, new StepOptions { Schedule = null! })).ParamName);
        Assert.Equal("options.FrozenLayers", Assert.Throws<ArgumentNullException>(() => new TrainingSession(network, new StepOptions { FrozenLayers = null! })).ParamName);
    }
}
