using System.Diagnostics;
using Whittle.Runtime.Tests.Memory;

namespace Whittle.Runtime.Tests.Statistics;

[Network(Inputs = 60, BatchSize = 24)]
[Dense(80, Activation.Relu)]
[NodeSampled(80, Activation.Relu, Share = 0.1, Selector = NodeSelector.Lsh)]
[NodeSampled(80, Activation.Relu, Share = 0.1, Selector = NodeSelector.LowRank, Residual = 0.5)]
[NodeSampled(80, Activation.Relu, Selector = NodeSelector.Adaptive)]
[InputSampled(80, Activation.Relu, Share = 0.3, Estimator = InputEstimator.Crs, Products = SampledProducts.Both)]
[InputSampled(80, Activation.Relu, Share = 0.3, Estimator = InputEstimator.Uniform, Products = SampledProducts.Forward, Reuse = 4)]
[Dense(5)]
internal sealed partial class EveryKind : INetwork<EveryKind>;

/// <summary>Statistics of a training say what the steps did, as counted from outside, and cost neither bits nor memory.</summary>
public class TrainingStatisticsTests
{
    private const int Inputs = 60;
    private const int Units = 80;

    [Theory]
    [InlineData(1)]
    [InlineData(24)]
    public void Statistics_tell_what_the_steps_did(int rows)
    {
        const int steps = 40, exact = 3, sampled = steps - exact;
        using var network = new EveryKind(1);
        using var session = new TrainingSession(network, new StepOptions { CollectStatistics = true, ExactFirstSteps = exact, Threads = 1 });
        var active = new double[7];
        var (forward, inputGradient) = (0.0, 0.0);
        var wall = Stopwatch.StartNew();
        for (var step = 0; step < steps; step++)
        {
            var (inputs, labels) = Batch(rows, step);
            session.Step(inputs, labels);
            for (var layer = 0; layer < 7; layer++)
            {
                active[layer] += step < exact || session.Sampling![layer]?.Active is not { } sets
                    ? 1
                    : Enumerable.Range(0, rows).Average(row => sets[row].Count / (double)Units);
            }

            if (step >= exact)
            {
                forward += session.Sampling![4]!.Forward!.Sample.Count / (double)Units;
                inputGradient += session.Sampling[4]!.InputGradient!.Sample.Count / (double)Units;
            }
        }

        var statistics = session.Statistics!;
        Assert.Equal((steps, steps * rows), (statistics.Steps, statistics.Rows));
        Assert.Equal(Enumerable.Range(0, 7), statistics.Layers.Select(layer => layer.Layer));
        Assert.All(statistics.Layers, layer => Assert.Equal(active[layer.Layer] / steps, layer.ActiveShare, 1e-9));
        Assert.True(statistics.Duration <= wall.Elapsed, $"{statistics.Duration} of {wall.Elapsed}.");
        CheckTimes(statistics);

        var hashed = statistics.Layers[1];
        var (queries, buckets) = (hashed.Queries!.Value, hashed.Buckets!.Value);
        Assert.Equal(sampled * rows, queries.Queries);
        Assert.Equal(sampled * rows * 8, queries.Retrieved + queries.Filled);
        Assert.InRange(queries.Retrieved, 1, queries.Candidates - queries.Duplicates);
        Assert.Equal(queries.Duplicates / (double)queries.Candidates, queries.DuplicateShare);
        Assert.Equal(Units * network.Architecture.Layers[1].NodeSampling!.Tables, buckets.Kept + buckets.Dropped);
        Assert.All(statistics.Layers.Where(layer => layer.Layer != 1), layer => Assert.True(layer is { Queries: null, Buckets: null }));

        // E|error|^2 is (sum s)^2 / k where |C|^2 counts as 0.
        var drawn = statistics.Layers[4];
        CheckProduct(drawn.Forward, sampled, sampled, forward / sampled, 1 / 24.0);
        CheckProduct(drawn.InputGradient, sampled, sampled, inputGradient / sampled, 1 / 24.0);
        if (rows == 24)
        {
            Assert.Equal((sampled, sampled), (drawn.WeightGradient!.Value.Products, drawn.WeightGradient.Value.Draws));
            Assert.InRange(drawn.WeightGradient.Value.TermsShare, 1 / 24.0, 7 / 24.0);
            Assert.Equal(1 / 7.0, drawn.WeightGradient.Value.RelativeSquaredError!.Value, 1e-5);
        }
        else
        {
            Assert.Null(drawn.WeightGradient);
        }

        CheckProduct(statistics.Layers[5].Forward, sampled, (sampled + 3) / 4, 24 / 80.0, null);
        Assert.Null(statistics.Layers[5].InputGradient);
        Assert.Null(statistics.Layers[2].Forward);

        session.ResetStatistics();
        var none = session.Statistics!;
        Assert.Equal((0, 0, TimeSpan.Zero, TimeSpan.Zero), (none.Steps, none.Rows, none.Duration, none.Times.Total));
        Assert.Equal(default(QueryStatistics), none.Layers[1].Queries);
        Assert.Equal(buckets, none.Layers[1].Buckets);
        Assert.Null(none.Layers[4].Forward);
    }

    [Fact]
    public void A_query_counts_each_candidate_once_a_bucket()
    {
        // Nodes 0 to 3 with code 0 in both tables, 4 and 5 in the first alone; room for 4.
        var tables = new HashTables(6, 1, 2, 4, BucketPolicy.Fifo);
        tables.Update([0, 1, 2, 3, 4, 5], [0, 0, 0, 0, 1, 0, 1, 0, 0, 1, 1, 1]);
        var query = new LshQuery(tables);
        var sample = new IndexSample(6);
        var random = new RandomStream(1, 1);

        // Buckets {0, 1, 4} and {0, 1, 2, 3}.
        query.All(tables, [0, 0], [1], sample);
        Assert.Equal((7, 3, 4), (query.Candidates, query.Duplicates, query.Retrieved));
        query.Count(tables, [0, 0], 6, ref random, [], sample);
        Assert.Equal((7, 2, 5, 1), (query.Candidates, query.Duplicates, query.Retrieved, query.Filled));
        query.Walk(tables, [0, 0], 4, ref random, [], sample, QueryOrder.Fixed);
        Assert.Equal((7, 2, 4, 0), (query.Candidates, query.Duplicates, query.Retrieved, query.Filled));
        query.Walk(tables, [0, 0], 3, ref random, [], sample, QueryOrder.Fixed);
        Assert.Equal((3, 0, 3, 0), (query.Candidates, query.Duplicates, query.Retrieved, query.Filled));
    }

    [Theory]
    [InlineData(1, null)]
    [InlineData(24, null)]
    [InlineData(24, 0.5f)]
    public void Statistics_change_no_bits_and_allocate_nothing(int rows, float? clip)
    {
        var options = new StepOptions { Optimizer = Optimizer.AdamW(), Threads = 1, MaxGradientNorm = clip };
        using var plain = new EveryKind(1);
        using var watched = new EveryKind(1);
        using (var one = new TrainingSession(plain, options))
        using (var other = new TrainingSession(watched, options with { CollectStatistics = true }))
        {
            Assert.Null(one.Statistics);
            one.ResetStatistics();
            for (var step = 0; step < 20; step++)
            {
                var (inputs, labels) = Batch(rows, step);
                Assert.Equal(one.Step(inputs, labels), other.Step(inputs, labels));
            }

            CheckTimes(other.Statistics!);
        }

        Assert.Equal(Weights(plain), Weights(watched));

        using var session = new TrainingSession(watched, options with { CollectStatistics = true });
        var (x, y) = Batch(rows, 1);
        session.Step(x, y);
        Assert.Equal(0, Allocation.Of(() =>
        {
            for (var step = 0; step < 20; step++)
            {
                session.Step(x, y);
            }

            session.ResetStatistics();
        }));
    }

    [Fact]
    public void A_trainer_tells_the_statistics_of_each_epoch()
    {
        var (inputs, labels) = Batch(100, 1);
        var data = Dataset.FromArrays(inputs, Inputs, labels, 5);
        using var network = new EveryKind(1);
        var options = new TrainingOptions { Epochs = 3, CollectStatistics = true, OnStep = _ => Thread.Sleep(1) };
        var report = Trainer.Fit(network, data, options);
        Assert.All(report.Epochs, epoch =>
        {
            Assert.Equal((5, 100), (epoch.Statistics!.Steps, epoch.Statistics.Rows));
            CheckTimes(epoch.Statistics);
            Assert.InRange(epoch.StepTime, epoch.Statistics.Duration, TimeSpan.FromSeconds(100 / epoch.SamplesPerSecond - 0.004));
        });
        Assert.All(Trainer.Fit(network, data, options with { CollectStatistics = false, Epochs = 1 }).Epochs, epoch => Assert.Null(epoch.Statistics));
    }

    private static void CheckTimes(TrainingStatistics statistics)
    {
        Assert.True(statistics.Other >= TimeSpan.Zero, $"{statistics.Times.Total} of {statistics.Duration}.");
        Assert.Equal(statistics.Duration, statistics.Times.Total + statistics.Other);
        Assert.All(statistics.Layers, layer =>
        {
            Assert.True(layer.Times.Forward > TimeSpan.Zero && layer.Times.Update > TimeSpan.Zero, $"{layer}");
            Assert.Equal(layer.Layer is 0 or 6, layer.Times.Choosing == TimeSpan.Zero);
            Assert.Equal(layer.Layer == 0, layer.Times.InputGradient == TimeSpan.Zero);
        });
    }

    private static void CheckProduct(ProductStatistics? product, long count, long draws, double share, double? error)
    {
        Assert.Equal((count, draws), (product!.Value.Products, product.Value.Draws));
        Assert.Equal(share, product.Value.TermsShare, 1e-9);
        Assert.Equal(error is null, product.Value.RelativeSquaredError is null);
        Assert.Equal(error ?? 0, product.Value.RelativeSquaredError ?? 0, 1e-5);
    }

    private static (float[] Inputs, int[] Labels) Batch(int rows, int seed)
    {
        var random = new Random(seed);
        var inputs = new float[rows * Inputs];
        foreach (ref var value in inputs.AsSpan())
        {
            value = random.NextSingle();
        }

        return (inputs, [.. Enumerable.Range(0, rows).Select(_ => random.Next(5))]);
    }

    private static float[] Weights(EveryKind network)
    {
        var all = new List<float>();
        for (var layer = 0; layer < 7; layer++)
        {
            var shape = network.Architecture.Layers[layer];
            var weights = new float[shape.Inputs * shape.Outputs];
            network.GetWeights(layer, weights);
            all.AddRange(weights);
        }

        return [.. all];
    }
}
