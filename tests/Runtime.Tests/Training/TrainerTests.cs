namespace Whittle.Runtime.Tests.Training;

[Network(Inputs = 4, BatchSize = 8)]
[Dense(30, Activation.Relu)]
[NodeSampled(20, Share = 0.1, Selector = NodeSelector.TopK)]
internal sealed partial class FewClasses : INetwork<FewClasses>;

public class TrainerTests
{
    /// <summary>A label whose node is not active has probability 0: its loss is infinite, and with it the mean.</summary>
    [Fact]
    public void Where_losses_are_infinite_the_best_epoch_is_that_of_the_largest_accuracy()
    {
        using var network = new FewClasses(seed: 1);
        var random = new RandomStream(3, 0);
        float[] centers = [.. Enumerable.Range(0, 20 * 4).Select(_ => 2 * random.NextNormal())];
        int[] labels = [.. Enumerable.Range(0, 600).Select(row => row % 20)];
        float[] inputs = [.. labels.SelectMany(label => Enumerable.Range(0, 4).Select(i => centers[(4 * label) + i])).Select(x => x + (0.5f * random.NextNormal()))];
        var data = Dataset.FromArrays(inputs, 4, labels, 20);
        var options = new TrainingOptions { Epochs = 12, Optimizer = Optimizer.Adam(0.02f), Threads = 1, KeepBest = true, Patience = 3 };
        var report = Trainer.Fit(network, data, options with { Validation = data });
        Assert.All(report.Epochs, epoch => Assert.Equal(double.PositiveInfinity, epoch.Validation!.Loss));
        Assert.True(report.Epochs.Count > 3);
        Assert.Equal(report.Epochs.MaxBy(epoch => epoch.Validation!.Accuracy)!.Epoch, report.KeptEpoch);
    }

    [Fact]
    public void Training_learns_and_reports_every_epoch()
    {
        using var network = ReferenceNetwork.Of(2, [24, 2], batch: 8);
        var data = Circles(300);
        var seen = new List<EpochReport>();
        var steps = new List<StepReport>();
        var report = Trainer.Fit(network, data, Options(12) with { OnEpoch = seen.Add, OnStep = steps.Add });
        Assert.Equal(TrainingEnd.Completed, report.End);
        Assert.Equal(12, report.KeptEpoch);
        Assert.Equal(12 * 38, report.Steps);
        Assert.Equal(seen, report.Epochs);
        Assert.Equal(Enumerable.Range(1, 12 * 38), steps.Select(step => (int)step.Step));
        Assert.Equal([1, 2], steps.Select(step => step.Epoch).Distinct().Take(2));
        Assert.True(report.Epochs[^1].Loss < report.Epochs[0].Loss / 2);
        Assert.True(network.Evaluate(data).Accuracy > 0.95);
        Assert.InRange(report.Epochs[^1].Accuracy!.Value, 0.93, 1);
    }

    [Fact]
    public void The_same_seeds_give_the_same_bits_and_other_seeds_others()
    {
        var first = Trained(1);
        Assert.Equal(first, Trained(1));
        Assert.NotEqual(first, Trained(2));

        static float[] Trained(ulong seed)
        {
            using var network = ReferenceNetwork.Of(2, [24, 2], batch: 8);
            Trainer.Fit(network, Circles(100), Options(2) with { Seed = seed });
            return Weights(network);
        }
    }

    [Fact]
    public void Every_row_is_used_once_per_epoch_in_an_order_of_its_own()
    {
        using var network = ReferenceNetwork.Of(1, [1], loss: Loss.MeanSquaredError);
        var inputs = Enumerable.Range(0, 10).Select(row => (float)row).ToArray();
        var data = Dataset.FromTargets(inputs, 1, inputs, 1);
        var rows = new List<float>();
        var options = Options(2) with
        {
            BatchSize = 3,
            CustomLoss = batch =>
            {
                for (var row = 0; row < batch.Rows; row++)
                {
                    rows.Add(batch.Target(row)[0]);
                    batch.Gradient(row)[0] = 0;
                }

                return 1;
            },
        };
        Trainer.Fit(network, data, options);
        Assert.Equal(inputs, rows.Take(10).Order());
        Assert.Equal(inputs, rows.Skip(10).Order());
        Assert.NotEqual(rows.Take(10), rows.Skip(10));
        rows.Clear();
        Trainer.Fit(network, data, options with { Shuffle = false });
        Assert.Equal([.. inputs, .. inputs], rows);
    }

    [Fact]
    public void A_custom_loss_equal_to_the_declared_one_trains_the_same()
    {
        var declared = Trained(null);
        var custom = Trained(batch =>
        {
            var sum = 0.0;
            for (var row = 0; row < batch.Rows; row++)
            {
                var normalizer = 0.0;
                foreach (var logit in batch.Logits(row))
                {
                    normalizer += Math.Exp(logit);
                }

                for (var output = 0; output < batch.Outputs; output++)
                {
                    var truth = batch.Labels[row] == output ? 1 : 0;
                    batch.Gradient(row)[output] = (float)(((Math.Exp(batch.Logits(row)[output]) / normalizer) - truth) / batch.Rows);
                    sum -= truth * (batch.Logits(row)[output] - Math.Log(normalizer));
                }
            }

            return sum / batch.Rows;
        });
        Assert.All(declared.Zip(custom), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));

        static float[] Trained(CustomLoss? loss)
        {
            using var network = ReferenceNetwork.Of(2, [8, 2], Activation.Tanh, batch: 8);
            Trainer.Fit(network, Circles(64), Options(2) with { CustomLoss = loss, Optimizer = Optimizer.Sgd(0.1f) });
            return Weights(network);
        }
    }

    [Fact]
    public void Early_stopping_keeps_the_epoch_with_the_least_validation_loss()
    {
        using var network = ReferenceNetwork.Of(2, [40, 2], batch: 8, seed: 3);
        var validation = Circles(60, 5);
        var report = Trainer.Fit(network, Circles(40), Options(400) with { Validation = validation, Patience = 4, Optimizer = Optimizer.Adam(0.03f) });
        Assert.Equal(TrainingEnd.StoppedEarly, report.End);
        var best = report.Epochs.MinBy(epoch => epoch.Validation!.Loss)!;
        Assert.Equal(best.Epoch, report.KeptEpoch);
        Assert.Equal(best.Epoch + 4, report.Epochs.Count);
        Assert.Equal(best.Validation!.Loss, network.Evaluate(validation).Loss);
    }

    [Fact]
    public void A_fraction_is_set_aside_for_validation()
    {
        using var network = ReferenceNetwork.Of(2, [8, 2], batch: 8);
        var report = Trainer.Fit(network, Circles(100), Options(1) with { ValidationFraction = 0.2 });
        Assert.Equal(20, report.Epochs[0].Validation!.Count);
        Assert.Equal(10, report.Steps);
    }

    [Fact]
    public void Cancelling_keeps_what_was_learned_and_says_so()
    {
        using var network = ReferenceNetwork.Of(2, [8, 2], batch: 10);
        using var cancellation = new CancellationTokenSource();
        var before = Weights(network);
        var report = Trainer.Fit(
            network, Circles(100), Options(5) with { OnStep = step => Cancel(step.Step == 13) }, cancellation: cancellation.Token);
        Assert.Equal(TrainingEnd.Cancelled, report.End);
        Assert.Equal(13, report.Steps);
        Assert.Single(report.Epochs);
        Assert.Null(report.KeptEpoch);
        Assert.NotEqual(before, Weights(network));

        void Cancel(bool now)
        {
            if (now)
            {
                cancellation.Cancel();
            }
        }
    }

    [Fact]
    public void Cancelling_a_training_with_validation_keeps_the_best_epoch()
    {
        using var network = ReferenceNetwork.Of(2, [8, 2], batch: 10);
        using var cancellation = new CancellationTokenSource();
        var validation = Circles(50, 5);
        var options = Options(5) with
        {
            Validation = validation,
            OnStep = step =>
            {
                if (step.Step == 25)
                {
                    cancellation.Cancel();
                }
            },
        };
        var report = Trainer.Fit(network, Circles(100), options, cancellation: cancellation.Token);
        Assert.Equal(TrainingEnd.Cancelled, report.End);
        var best = report.Epochs.MinBy(epoch => epoch.Validation!.Loss)!;
        Assert.Equal(best.Epoch, report.KeptEpoch);
        Assert.Equal(best.Validation!.Loss, network.Evaluate(validation).Loss);
    }

    [Fact]
    public void Cancelling_before_the_start_changes_nothing()
    {
        using var network = ReferenceNetwork.Of(2, [8, 2]);
        var before = Weights(network);
        var report = Trainer.Fit(network, Circles(20), Options(1), cancellation: new CancellationToken(canceled: true));
        Assert.Equal(TrainingEnd.Cancelled, report.End);
        Assert.Equal(0, report.KeptEpoch);
        Assert.Equal(before, Weights(network));
    }

    [Fact]
    public void Divergence_says_where_and_restores_the_last_good_epoch()
    {
        using var network = ReferenceNetwork.Of(2, [8, 1], Activation.Identity, loss: Loss.MeanSquaredError, batch: 10);
        var inputs = Network.PredictionTests.Random(200);
        var data = Dataset.FromTargets(inputs, 2, inputs[..100], 1);
        var before = Weights(network);
        var exception = Assert.Throws<TrainingDivergedException>(() => Trainer.Fit(network, data, Options(3) with { Optimizer = Optimizer.Sgd(1e3f) }));
        Assert.Contains("learning rate 1000", exception.Message);
        Assert.Contains("from before the training", exception.Message);
        Assert.Equal(1, exception.Epoch);
        Assert.DoesNotContain('\n', exception.Message);
        Assert.Equal(before, Weights(network));

        float[] afterFirst = [];
        var late = Assert.Throws<TrainingDivergedException>(() => Trainer.Fit(network, data, Options(3) with
        {
            Optimizer = Optimizer.Sgd(1e-3f),
            Schedule = new Explosion(),
            OnEpoch = _ => afterFirst = Weights(network),
        }));
        Assert.Equal(2, late.Epoch);
        Assert.Equal(1, late.RestoredEpoch);
        Assert.Contains("after epoch 1", late.Message);
        Assert.Equal(afterFirst, Weights(network));
    }

    [Fact]
    public void Progress_is_reported_at_the_end_and_not_for_every_step()
    {
        using var network = ReferenceNetwork.Of(2, [8, 2], batch: 1);
        var progress = new Collector();
        Trainer.Fit(network, Circles(300), Options(2), progress);
        var last = progress.Reports[^1];
        Assert.Equal((2, 2, 300, 300), (last.Epoch, last.Epochs, last.Rows, last.RowsPerEpoch));
        Assert.True(progress.Reports.Count < 300);
    }

    [Fact]
    public void The_loop_over_steps_allocates_nothing()
    {
        using var network = ReferenceNetwork.Of(2, [8, 2], batch: 7);
        var allocated = new long[3 * 43];
        Trainer.Fit(network, Circles(300), Options(3) with { OnStep = step => allocated[step.Step - 1] = GC.GetAllocatedBytesForCurrentThread() });
        // A collection that another test starts also counts what was left of this thread's allocation buffer, hence not exactly one.
        Assert.InRange(allocated[..43].Skip(10).Distinct().Count(), 1, 4);
        Assert.InRange(allocated[(2 * 43)..].Distinct().Count(), 1, 4);
    }

    [Fact]
    public void The_network_takes_over_the_scaling_of_the_training_set()
    {
        using var network = ReferenceNetwork.Of(2, [24, 2], batch: 8);
        var (inputs, labels) = TrainingSessionTests.Circles(300);
        var raw = Dataset.FromArrays([.. inputs.Select(value => (value * 50) + 1000)], 2, labels, 2);
        var scaled = Scaling.Standardize(raw).Apply(raw);
        Trainer.Fit(network, scaled, Options(12));
        Assert.Same(scaled.Scaling, network.InputScaling);
        Assert.True(network.Evaluate(scaled).Accuracy > 0.93);
        Assert.Equal(network.Evaluate(scaled).Accuracy, network.Evaluate(raw).Accuracy);
        var classes = new int[300];
        network.Classify(raw.Row(0), classes.AsSpan(0, 1));
        Assert.Equal(network.Classify(raw.Row(0)), classes[0]);
        var other = Scaling.Constant(1000, 0.02f).Apply(raw);
        Assert.Contains("scaled differently", Assert.Throws<DataFormatException>(() => network.Evaluate(other)).Message);
        Assert.Contains("scaled differently", Assert.Throws<DataFormatException>(() => Trainer.Fit(network, scaled, Options(1) with { Validation = other })).Message);
        var report = Trainer.Fit(network, scaled, Options(1) with { Validation = raw });
        Assert.Equal(network.Evaluate(scaled).Loss, report.Epochs[0].Validation!.Loss, 1e-5);
    }

    [Fact]
    public void Rows_without_a_scaling_train_with_that_of_the_network()
    {
        var (inputs, labels) = TrainingSessionTests.Circles(300);
        var raw = Dataset.FromArrays([.. inputs.Select(value => (value * 50) + 1000)], 2, labels, 2);
        var scaled = Scaling.Standardize(raw).Apply(raw);
        using var first = ReferenceNetwork.Of(2, [24, 2], batch: 8);
        using var second = ReferenceNetwork.Of(2, [24, 2], batch: 8);
        second.InputScaling = scaled.Scaling;
        Trainer.Fit(first, scaled, Options(2));
        Trainer.Fit(second, raw, Options(2));
        Assert.Same(scaled.Scaling, second.InputScaling);
        Assert.Equal(Weights(first), Weights(second));
    }

    [Fact]
    public void A_training_that_did_nothing_leaves_the_scaling()
    {
        using var network = ReferenceNetwork.Of(2, [8, 2]);
        var data = Circles(20);
        var scaled = Scaling.Standardize(data).Apply(data);
        Assert.Throws<ArgumentException>(() => Trainer.Fit(network, scaled, Options(1) with { FrozenLayers = [7] }));
        Assert.Null(network.InputScaling);
        Trainer.Fit(network, scaled, Options(1), cancellation: new CancellationToken(canceled: true));
        Assert.Null(network.InputScaling);
    }

    [Fact]
    public void One_output_with_binary_cross_entropy_tells_two_classes_apart()
    {
        using var network = ReferenceNetwork.Of(2, [24, 1], loss: Loss.BinaryCrossEntropy, batch: 8);
        var data = Circles(300);
        Trainer.Fit(network, data, Options(12));
        var evaluation = network.Evaluate(data);
        Assert.True(evaluation.Accuracy > 0.93);
        Assert.Equal(300, evaluation.Confusion!.Total);
        Assert.Equal(evaluation.Accuracy, evaluation.Confusion.Accuracy);
    }

    [Fact]
    public void Several_labels_per_row_are_counted_one_by_one()
    {
        using var network = ReferenceNetwork.Of(1, [2], loss: Loss.BinaryCrossEntropy);
        network.SetWeights(0, [1, -1]);
        var evaluation = network.Evaluate(Dataset.FromTargets([1, -1], 1, [1, 0, 1, 1], 2));
        Assert.Equal(0.75, evaluation.Accuracy);
        Assert.Null(evaluation.Confusion);
    }

    [Fact]
    public void The_confusion_matrix_counts_what_was_taken_for_what()
    {
        using var network = ReferenceNetwork.Of(1, [2]);
        network.SetWeights(0, [1, -1]);
        var confusion = network.Evaluate(Dataset.FromArrays([1, 2, -1, 3], 1, [0, 0, 0, 1], 2)).Confusion!;
        Assert.Equal([2L, 1, 1, 0], [confusion[0, 0], confusion[0, 1], confusion[1, 0], confusion[1, 1]]);
        Assert.Equal(0.5, confusion.Accuracy);
        Assert.Equal(2.0 / 3, confusion.Recall(0));
        Assert.Equal(0, confusion.Precision(1));
        Assert.Equal(2, confusion.PredictedClasses);
    }

    [Fact]
    public void The_confusion_matrix_of_many_classes_takes_no_memory_for_what_it_has_not_counted()
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var confusion = new ConfusionMatrix(1_000_000);
        confusion.Add(999_999, 3);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
        Assert.Equal((1, 0), (confusion[999_999, 3], confusion[3, 999_999]));
        Assert.Equal((0.0, 0.0, double.NaN), (confusion.Accuracy, confusion.Recall(999_999), confusion.Recall(0)));
        Assert.Equal(1, confusion.PredictedClasses);
        Assert.Equal("label", Assert.Throws<ArgumentOutOfRangeException>(() => confusion.Recall(1_000_000)).ParamName);
    }

    [Fact]
    public void Weights_of_classes_shift_the_decision()
    {
        var data = Dataset.FromArrays([1, 1, 1, 1], 1, [0, 0, 0, 1], 2);
        Assert.Equal(0, Trained(null));
        Assert.Equal(1, Trained([1, 9]));

        int Trained(float[]? weights)
        {
            using var network = ReferenceNetwork.Of(1, [2]);
            Trainer.Fit(network, data, Options(50) with { ClassWeights = weights });
            return network.Classify([1]);
        }
    }

    [Fact]
    public void Data_and_options_that_do_not_fit_are_refused_in_one_line()
    {
        using var network = ReferenceNetwork.Of(2, [8, 2]);
        Refused<DataFormatException>("3 features per row", Dataset.FromArrays(new float[3], 3, [0], 2));
        Refused<DataFormatException>("3 classes", Dataset.FromArrays(new float[2], 2, [2]));
        Refused<DataFormatException>("target values", Dataset.FromTargets(new float[2], 2, new float[2], 2));
        Refused<DataFormatException>("no rows", Circles(4)[..0]);
        Refused<DataFormatException>("no rows", Circles(4), Options(1) with { Validation = Circles(4)[..0] });
        Refused<ArgumentException>("Epochs is 0", Circles(4), Options(0));
        Refused<ArgumentException>("Early stopping", Circles(4), Options(1) with { Patience = 1 });
        Refused<ArgumentException>("not both", Circles(4), Options(1) with { Validation = Circles(4), ValidationFraction = 0.5 });
        Refused<ArgumentException>("Frozen layer 2", Circles(4), Options(1) with { FrozenLayers = [2] });
        Refused<ArgumentException>("Every layer is frozen", Circles(4), Options(1) with { FrozenLayers = [0, 1] });
        Refused<ArgumentException>("MaxGradientNorm", Circles(4), Options(1) with { MaxGradientNorm = 0 });

        using var values = ReferenceNetwork.Of(2, [8, 2], loss: Loss.MeanSquaredError);
        var classes = Dataset.FromArrays(new float[6], 2, [0, 1, 2]);
        Assert.Contains("needs 2 target values per row", Assert.Throws<DataFormatException>(() => Trainer.Fit(values, classes)).Message);

        void Refused<TException>(string reason, Dataset data, TrainingOptions? options = null)
            where TException : Exception
        {
            var message = Assert.Throws<TException>(() => Trainer.Fit(network, data, options)).Message;
            Assert.Contains(reason, message);
            Assert.DoesNotContain('\n', message);
        }
    }

    internal static Dataset Circles(int count, ulong seed = 11)
    {
        var (inputs, labels) = TrainingSessionTests.Circles(count, seed);
        return Dataset.FromArrays(inputs, 2, labels, 2);
    }

    private static TrainingOptions Options(int epochs) => new() { Epochs = epochs, Optimizer = Optimizer.Adam(0.01f) };

    private static float[] Weights(CompiledNetwork network)
    {
        var weights = new float[network.Architecture.Layers[0].Outputs * network.Architecture.Inputs];
        network.GetWeights(0, weights);
        return weights;
    }

    private sealed class Explosion : LearningRateSchedule
    {
        public override float Factor(long step, long totalSteps) => step < 10 ? 1 : 1e7f;
    }

    private sealed class Collector : IProgress<TrainingProgress>
    {
        public List<TrainingProgress> Reports { get; } = [];

        public void Report(TrainingProgress value) => Reports.Add(value);
    }
}
