using System.Runtime.Intrinsics;

namespace Whittle.Runtime.Tests.Training;

[Network(Inputs = 784, BatchSize = 4)]
[Dense(128, Activation.Relu)]
[NodeSampled(128, Activation.Relu, Share = 0.2, Selector = NodeSelector.LowRank, Residual = 0.5)]
[Dense(10)]
internal sealed partial class HogwildDigits : INetwork<HogwildDigits>;

[Network(Inputs = 30, BatchSize = 3)]
[Dense(40, Activation.Relu)]
[NodeSampled(80, Activation.Relu, Share = 0.1, Selector = NodeSelector.Lsh, Rehash = RehashPolicy.Every, RehashInterval = 3)]
[NodeSampled(80, Activation.Relu, Share = 0.1, Selector = NodeSelector.Lsh, Query = BucketQuery.Count, Rehash = RehashPolicy.Every, RehashInterval = 20, BackgroundRehash = true)]
[NodeSampled(80, Activation.Relu, Share = 0.1, Selector = NodeSelector.LowRank, Refresh = 5, Residual = 0.5)]
[NodeSampled(80, Activation.Relu, Selector = NodeSelector.Adaptive)]
[NodeSampled(80, Activation.Relu, Share = 0.1, Scaling = NodeScaling.InverseProbability)]
[InputSampled(80, Activation.Relu, Share = 0.3, Products = SampledProducts.Both)]
[NodeSampled(50, Share = 0.2, Inference = NodeInference.ExactUnscaled)]
internal sealed partial class HogwildMix : INetwork<HogwildMix>;

[Network(Inputs = 30, BatchSize = 3)]
[NodeSampled(80, Activation.Relu, Share = 0.1, Selector = NodeSelector.TopK)]
[NodeSampled(80, Activation.Relu, Share = 0.1, Selector = NodeSelector.LowRank, Refresh = 5)]
[Dense(4)]
internal sealed partial class WithoutDraws : INetwork<WithoutDraws>;

/// <summary>Training on several threads without locks.</summary>
public class HogwildTests
{
    private static readonly IReadOnlyList<Optimizer> Optimizers =
    [
        Optimizer.Sgd(0.05f, weightDecay: 0.01f), Optimizer.Sgd(0.02f, momentum: 0.9f), Optimizer.Adagrad(0.01f), Optimizer.AdamW(), Optimizer.Sgd(0.05f),
    ];

    [Fact]
    public void Two_threads_learn_what_one_learns()
    {
        Assert.SkipUnless(Vector128.IsHardwareAccelerated, "Training takes minutes without vector instructions.");
        var (train, test) = (StrokeDigits.Generate(8_000, 1), StrokeDigits.Generate(2_000, 2));
        var (one, two) = (Accuracy(1), Accuracy(2));
        Assert.True(one > 0.9, $"{one}");
        Assert.InRange(two, one - 0.03, 1);

        double Accuracy(int threads)
        {
            using var network = new HogwildDigits(1);
            var options = new TrainingOptions { Epochs = 3, Optimizer = Optimizer.Adam(1e-3f), Schedule = LearningRateSchedule.Cosine(), HogwildThreads = threads };
            Trainer.Fit(network, train, options);
            return network.Evaluate(test).Accuracy!.Value;
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void A_session_that_steps_alone_has_the_bits_of_a_plain_one(int optimizer)
    {
        using var plain = new HogwildMix(1);
        using var shared = new HogwildMix(1);
        var options = new StepOptions { Optimizer = Optimizers[optimizer], Threads = 1, ExactFirstSteps = 2, CollectStatistics = true };
        using (var one = new TrainingSession(plain, options))
        using (var other = new TrainingSession(shared, options))
        using (other.CreateHogwildSession())
        {
            for (var step = 0; step < 60; step++)
            {
                var (inputs, labels) = Batch(1 + (step % 3), 50, step);
                Assert.Equal(one.Step(inputs, labels), other.Step(inputs, labels));
            }
        }

        Assert.Equal(Weights(plain), Weights(shared));
    }

    // Nothing is drawn, so that it does not matter which session does a step, one after the other.
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Sessions_that_take_turns_have_the_bits_of_one(int optimizer)
    {
        using var plain = new WithoutDraws(1);
        using var shared = new WithoutDraws(1);
        var options = new StepOptions { Optimizer = Optimizers[optimizer], Schedule = LearningRateSchedule.Step(20, 0.5f), Threads = 1 };
        using (var one = new TrainingSession(plain, options))
        using (var first = new TrainingSession(shared, options))
        using (var second = first.CreateHogwildSession())
        using (var third = first.CreateHogwildSession())
        {
            for (var step = 0; step < 60; step++)
            {
                var (inputs, labels) = Batch(1, 4, step);
                var next = (step % 5) switch { 0 or 2 => first, 1 => second, _ => third };
                Assert.Equal(one.Step(inputs, labels), next.Step(inputs, labels));
                Assert.Equal(step + 1, first.StepCount);
            }

            Assert.Throws<InvalidOperationException>(second.CatchUp);
            Assert.Throws<InvalidOperationException>(() => second.Save("unused"));
            Assert.Throws<InvalidOperationException>(second.CreateHogwildSession);
        }

        Assert.Equal(Weights(plain), Weights(shared));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(2, 3)]
    [InlineData(3, 1)]
    [InlineData(4, 1)]
    public void Many_threads_do_every_step_once(int optimizer, int batch)
    {
        // Vector code in software is some hundred times slower.
        var rows = Vector128.IsHardwareAccelerated ? 400 : 150;
        var (inputs, labels) = Batch(rows, 50, 1);
        var data = Dataset.FromArrays(inputs, 30, labels, 50);
        using var network = new HogwildMix(1);
        var steps = new List<StepReport>();
        var options = new TrainingOptions
        {
            Epochs = 4,
            BatchSize = batch,
            Optimizer = Optimizers[optimizer],
            HogwildThreads = 4,
            ExactFirstSteps = 20,
            CollectStatistics = true,
            Validation = data[..50],
            MaxGradientNorm = batch == 1 ? null : 1,
            OnStep = steps.Add,
        };
        var report = Trainer.Fit(network, data, options);
        var perEpoch = (rows + batch - 1) / batch;
        Assert.Equal((TrainingEnd.Completed, 4 * perEpoch), (report.End, report.Steps));
        Assert.Equal(Enumerable.Range(1, 4 * perEpoch), steps.Select(step => (int)step.Step).Order());
        Assert.All(report.Epochs, epoch =>
        {
            Assert.Equal((perEpoch, rows), (epoch.Statistics!.Steps, epoch.Statistics.Rows));
            Assert.True(epoch.Statistics.Times.Total <= epoch.Statistics.Duration && epoch.Statistics.Duration <= epoch.StepTime, $"{epoch}");
            Assert.True(double.IsFinite(epoch.Loss) && double.IsFinite(epoch.Validation!.Loss), $"{epoch}");
        });
        Assert.True(report.Epochs[^1].Loss < report.Epochs[0].Loss, $"{report.Epochs[0]}, {report.Epochs[^1]}");
        Assert.All(Weights(network), weight => Assert.True(float.IsFinite(weight)));
    }

    [Fact]
    public void Cancelling_ends_it_soon()
    {
        var (inputs, labels) = Batch(2_000, 4, 1);
        using var network = new WithoutDraws(1);
        using var cancel = new CancellationTokenSource();
        var options = new TrainingOptions { BatchSize = 1, HogwildThreads = 3, OnStep = step => Cancel(step.Step) };
        var report = Trainer.Fit(network, Dataset.FromArrays(inputs, 30, labels, 4), options, cancellation: cancel.Token);
        Assert.Equal((TrainingEnd.Cancelled, 0, null), (report.End, report.Epochs.Count, report.KeptEpoch));
        Assert.InRange(report.Steps, 50, 55);

        void Cancel(long step)
        {
            if (step >= 50)
            {
                cancel.Cancel();
            }
        }
    }

    [Fact]
    public void What_a_thread_throws_arrives_and_divergence_restores()
    {
        var (inputs, labels) = Batch(400, 4, 1);
        var data = Dataset.FromArrays(inputs, 30, labels, 4);
        using var network = new WithoutDraws(1);
        var before = Weights(network);
        var options = new TrainingOptions { BatchSize = 1, HogwildThreads = 3 };
        Assert.Throws<FormatException>(() => Trainer.Fit(network, data, options with { OnStep = step => throw new FormatException() }));

        using var diverging = new WithoutDraws(1);
        var exception = Assert.Throws<TrainingDivergedException>(() => Trainer.Fit(diverging, data, options with { Optimizer = Optimizer.Sgd(1e8f) }));
        Assert.Equal((1, 0), (exception.Epoch, exception.RestoredEpoch));
        Assert.Equal(before, Weights(diverging));
    }

    [Fact]
    public void What_does_not_combine_is_refused()
    {
        var (inputs, labels) = Batch(20, 4, 1);
        var data = Dataset.FromArrays(inputs, 30, labels, 4);
        using var network = new WithoutDraws(1);
        var options = new TrainingOptions { HogwildThreads = 2, CustomLoss = _ => 0 };
        Assert.Contains("custom loss", Assert.Throws<ArgumentException>(() => Trainer.Fit(network, data, options)).Message);
        Assert.Contains("HogwildThreads is 0", Assert.Throws<ArgumentException>(() => Trainer.Fit(network, data, options with { HogwildThreads = 0, CustomLoss = null })).Message);
        using var session = new TrainingSession(network, new StepOptions { CustomLoss = _ => 0 });
        Assert.Contains("custom loss", Assert.Throws<InvalidOperationException>(session.CreateHogwildSession).Message);
    }

    private static (float[] Inputs, int[] Labels) Batch(int rows, int classes, int seed)
    {
        var random = new Random(seed);
        var inputs = new float[rows * 30];
        var labels = new int[rows];
        for (var row = 0; row < rows; row++)
        {
            labels[row] = random.Next(classes);
            for (var input = 0; input < 30; input++)
            {
                inputs[(row * 30) + input] = random.NextSingle() + (input == labels[row] % 30 ? 1 : 0);
            }
        }

        return (inputs, labels);
    }

    private static float[] Weights(CompiledNetwork network)
    {
        var all = new List<float>();
        for (var layer = 0; layer < network.Architecture.Layers.Count; layer++)
        {
            var shape = network.Architecture.Layers[layer];
            var weights = new float[shape.Inputs * shape.Outputs];
            network.GetWeights(layer, weights);
            all.AddRange(weights);
        }

        return [.. all];
    }
}
