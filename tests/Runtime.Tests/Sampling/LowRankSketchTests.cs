using Whittle.Runtime.Tests.Memory;

namespace Whittle.Runtime.Tests.Sampling;

[Network(Inputs = 40, BatchSize = 10)]
[NodeSampled(100, Activation.Relu, Share = 0.1, Selector = NodeSelector.LowRank, Rank = 8)]
[Dense(3)]
internal sealed partial class SketchedNodes : INetwork<SketchedNodes>;

public class LowRankSketchTests
{
    [Theory]
    [InlineData(20, 8, 8)]
    [InlineData(33, 10, 16)]
    [InlineData(16, 3, 5)]
    [InlineData(50, 40, 48)]
    public void With_a_direction_for_every_input_the_scores_are_exact(int nodes, int inputs, int rank)
    {
        using var layer = new RandomLayer(nodes, inputs, 1);
        var sketch = Sketched(layer, rank, 0.5f, rectified: false);
        AssertExact(layer, sketch, layer.Input(2, false));
    }

    [Fact]
    public void Inputs_near_few_directions_are_scored_exactly_by_that_many()
    {
        using var layer = new RandomLayer(100, 300, 2, latent: 12);
        AssertExact(layer, Sketched(layer, 16, 0, rectified: false), layer.Input(0, false));
    }

    // 16 directions of falling size and noise: chance would find 5 % of the largest 5 %.
    [Theory]
    [InlineData(true, 0.6)]
    [InlineData(false, 0.6)]
    public void Sixteen_directions_find_most_of_the_largest_of_layers_with_noise(bool rectified, double least)
    {
        using var layer = new RandomLayer(1000, 400, 3, latent: 16);
        var sketch = Sketched(layer, 16, 0.2f, rectified);
        var recall = Recall(layer, sketch, rectified);
        TestContext.Current.TestOutputHelper?.WriteLine($"recall {recall:F3}");
        Assert.InRange(recall, least, 1);
    }

    [Fact]
    public void The_sketch_follows_inputs_that_move_elsewhere()
    {
        using var layer = new RandomLayer(300, 200, 4, latent: 10);
        using var elsewhere = new RandomLayer(300, 200, 5, latent: 10);
        var sketch = Sketched(layer, 12, 0.05f, rectified: false);
        Assert.True(Recall(elsewhere, sketch, false) < 0.4);
        for (var refresh = 0; refresh < 3; refresh++)
        {
            for (var row = 0; row < sketch.BufferedRows; row++)
            {
                sketch.Observe(elsewhere.Input(0.05f, false));
            }

            sketch.Refresh(elsewhere.Rows);
        }

        Assert.InRange(Recall(elsewhere, sketch, false), 0.8, 1);
    }

    [Fact]
    public void The_list_of_inputs_that_are_not_zero_changes_nothing_but_rounding()
    {
        using var layer = new RandomLayer(70, 50, 7, latent: 5);
        var sketch = Sketched(layer, 16, 0.1f, rectified: true);
        var x = layer.Input(0.5f, true);
        x.AsSpan(8, 20).Clear();
        var dense = new float[sketch.ScoreLength];
        var sparse = new float[sketch.ScoreLength];
        sketch.Score(x, dense);
        sketch.Score(x, RandomLayer.NonZero(x), sparse);
        Assert.All(dense.Zip(sparse), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
    }

    [Fact]
    public void Refreshes_come_at_doubling_steps_and_then_at_their_interval()
    {
        using var layer = new RandomLayer(20, 10, 8, latent: 5);
        var nodes = new LowRankNodes(new LowRankSketch(20, 10, 4, 1, 0), active: 3, interval: 16);
        var steps = new List<int>();
        for (var step = 0; step < 70; step++)
        {
            var before = nodes.Refreshes;
            nodes.Advance(layer.Input(0.1f, false), layer.Rows);
            if (nodes.Refreshes > before)
            {
                steps.Add(step);
            }
        }

        Assert.Equal([0, 1, 2, 4, 8, 16, 32, 48, 64], steps);
    }

    [Fact]
    public void Changed_nodes_are_found_by_their_new_weights()
    {
        using var layer = new RandomLayer(40, 10, 9, latent: 5);
        var nodes = new LowRankNodes(new LowRankSketch(40, 10, 10, 1, 0), active: 1);
        var sample = new IndexSample(2);
        for (var step = 0; step < 513; step++)
        {
            nodes.Advance(layer.Input(0.5f, false), layer.Rows);
        }

        var x = layer.Input(0.5f, false);
        x.AsSpan().CopyTo(layer.MutableRow(17));
        layer.MutableRow(17)[0] += 100 * x[0];
        nodes.RefreshNext();
        nodes.Advance(x, layer.Rows);
        nodes.Select(x, RandomLayer.NonZero(x), [], sample);
        Assert.Equal([17], sample.Indices.ToArray());
        nodes.Select(x, RandomLayer.NonZero(x), [3, 5], sample);
        Assert.Equal([3, 5], sample.Indices.ToArray());
    }

    [Fact]
    public void Training_steps_allocate_nothing_and_the_same_seed_gives_the_same_scores()
    {
        using var layer = new RandomLayer(100, 60, 10, latent: 5);
        var inputs = Enumerable.Range(0, 40).Select(_ => layer.Input(0.5f, true)).ToArray();
        Assert.Equal(Run(), Run());

        float[] Run()
        {
            var nodes = new LowRankNodes(new LowRankSketch(100, 60, 16, 1, 0), active: 5);
            var sample = new IndexSample(5);
            var nonZero = inputs.Select(RandomLayer.NonZero).ToArray();
            nodes.Advance(inputs[0], layer.Rows);
            nodes.Select(inputs[0], nonZero[0], [], sample);
            Assert.Equal(0, Allocation.Of(() =>
            {
                for (var step = 1; step < inputs.Length; step++)
                {
                    nodes.Advance(inputs[step], layer.Rows);
                    nodes.Select(inputs[step], nonZero[step], [], sample);
                }
            }));
            var scores = new float[nodes.Sketch.ScoreLength];
            nodes.Sketch.Score(inputs[0], scores);
            return scores;
        }
    }

    [Fact]
    public void Weights_that_were_set_during_a_training_are_sketched_anew()
    {
        using var network = new SketchedNodes(1);
        using var other = new SketchedNodes(2);
        using var session = new TrainingSession(network, new StepOptions { Threads = 1 });
        using var layer = new RandomLayer(1, 40, 1, latent: 5);
        for (var step = 0; step < 50; step++)
        {
            session.Step(Inputs(), new int[10]);
        }

        // Inputs near 5 directions are sketched exactly, but for the weights that have changed since the last refresh.
        Assert.InRange(session.MeasureLayers(Inputs())[0].Recall!.Value, 0.9, 1);
        var weights = new float[100 * 40];
        other.GetWeights(0, weights);
        network.SetWeights(0, weights);
        session.Step(Inputs(), new int[10]);
        Assert.InRange(session.MeasureLayers(Inputs())[0].Recall!.Value, 0.9, 1);

        float[] Inputs() => [.. Enumerable.Range(0, 10).SelectMany(_ => layer.Input(0, rectified: false))];
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void An_input_that_is_not_finite_leaves_the_sketch_as_it_is(float odd)
    {
        using var network = new SketchedNodes(1);
        using var session = new TrainingSession(network, new StepOptions { Threads = 1 });
        using var layer = new RandomLayer(1, 40, 1, latent: 5);
        var weights = new float[100 * 40];
        var after = new float[100 * 40];
        for (var step = 0; step < 300; step++)
        {
            var inputs = Inputs();
            network.GetWeights(0, weights);
            if (step is 0 or 1 or 17 or 150)
            {
                inputs.AsSpan(3).Fill(odd);
                Assert.False(double.IsFinite(session.Step(inputs, new int[10])));
                network.GetWeights(0, after);
                Assert.Equal(weights, after);
            }
            else
            {
                Assert.True(double.IsFinite(session.Step(inputs, new int[10])));
            }
        }

        Assert.InRange(session.MeasureLayers(Inputs())[0].Recall!.Value, 0.9, 1);

        float[] Inputs() => [.. Enumerable.Range(0, 10).SelectMany(_ => layer.Input(0, rectified: false))];
    }

    [Fact]
    public void A_sketch_that_was_reset_is_a_new_one_for_all_that_share_it()
    {
        using var layer = new RandomLayer(100, 60, 10, latent: 5);
        var inputs = Enumerable.Range(0, 40).Select(_ => layer.Input(0.5f, true)).ToArray();
        var nodes = new LowRankNodes(new LowRankSketch(100, 60, 16, 1, 0), active: 5, interval: 7);
        var partner = nodes.Share();
        var first = Scores(nodes);
        Assert.NotEqual(first, Scores(nodes));
        nodes.Reset();
        Assert.Equal(first, Scores(partner));

        float[] Scores(LowRankNodes nodes)
        {
            foreach (var x in inputs)
            {
                nodes.Advance(x, layer.Rows);
            }

            var scores = new float[nodes.Sketch.ScoreLength];
            nodes.Sketch.Score(inputs[0], scores);
            return scores;
        }
    }

    private static LowRankSketch Sketched(RandomLayer layer, int rank, float noise, bool rectified)
    {
        var sketch = new LowRankSketch(layer.Nodes, layer.Inputs, rank, 1, 0);
        for (var refresh = 0; refresh < 2; refresh++)
        {
            for (var row = 0; row < sketch.BufferedRows; row++)
            {
                sketch.Observe(layer.Input(noise, rectified));
            }

            sketch.Refresh(layer.Rows);
        }

        return sketch;
    }

    private static void AssertExact(RandomLayer layer, LowRankSketch sketch, float[] x)
    {
        var scores = new float[sketch.ScoreLength];
        sketch.Score(x, scores);
        var exact = layer.Preactivations(x);
        Assert.All(exact.Index(), z => Assert.Equal(z.Item, scores[z.Index], 1e-3));
        var indices = new int[5];
        new TopKSelector(layer.Nodes).Select(scores.AsSpan(0, layer.Nodes), 5, indices);
        Assert.Equal(exact.Index().OrderByDescending(z => z.Item).Take(5).Select(z => z.Index).Order(), indices);
    }

    /// <summary>Mean part of the true largest 5 % that is among the 5 % with the largest scores.</summary>
    private static double Recall(RandomLayer layer, LowRankSketch sketch, bool rectified)
    {
        var active = layer.Nodes / 20;
        var top = new TopNodes(layer.Nodes, active);
        var sample = new IndexSample(active);
        var scores = new float[sketch.ScoreLength];
        return Enumerable.Range(0, 20).Average(_ =>
        {
            var x = layer.Input(0.2f, rectified);
            sketch.Score(x, scores);
            top.Select(scores.AsSpan(0, layer.Nodes), [], sample);
            var truth = layer.Preactivations(x).Index().OrderByDescending(z => z.Item).Take(active).Select(z => z.Index);
            return (double)truth.Intersect(sample.Indices.ToArray()).Count() / active;
        });
    }
}
