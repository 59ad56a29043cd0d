using Whittle.Runtime.Tests.Data;
using Whittle.Runtime.Tests.Memory;

namespace Whittle.Runtime.Tests.Optimization;

[Network(Inputs = 19, BatchSize = 3)]
[NodeSampled(40, Activation.Identity, Share = 0.1, Inference = NodeInference.Sampled)]
[Dense(2)]
public sealed partial class FewOfEach : INetwork<FewOfEach>;

[Network(Inputs = 19, BatchSize = 3)]
[NodeSampled(40, Activation.Identity, Share = 0.1, Selector = NodeSelector.TopK)]
[Dense(2)]
public sealed partial class FewLargest : INetwork<FewLargest>;

[Network(Inputs = 19, BatchSize = 3)]
[NodeSampled(80, Activation.Relu, Share = 0.1, Selector = NodeSelector.Lsh)]
[NodeSampled(80, Activation.Relu, Share = 0.1, Selector = NodeSelector.LowRank)]
[NodeSampled(80, Activation.Relu, Share = 0.1)]
[Dense(2)]
public sealed partial class FewOfAllKinds : INetwork<FewOfAllKinds>;

/// <summary>Optimisers of node-sampled layers: rows that steps leave out decay as if every step had decayed them.</summary>
public class SparseOptimizerTests
{
    private const int Inputs = 19;
    private const int Units = 40;
    private const int Outputs = 2;
    private const int Steps = 60;

    public static TheoryData<string> Names => [.. ReferenceParameter.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Rows_decay_as_if_every_step_had_decayed_them(string name)
    {
        foreach (var rows in (int[])[1, 3])
        {
            foreach (var (threads, exactFirst) in ((int, int)[])[(1, 0), (2, 0), (1, 7)])
            {
                using var network = new FewOfEach(1);
                Compare(network, name, rows, threads, exactFirst);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_resumed_training_has_the_bits_of_the_one_that_was_saved(string name)
    {
        using var directory = new TemporaryDirectory();
        var path = Path.Combine(directory.Path, "training.safetensors");
        var options = new StepOptions { Optimizer = ReferenceParameter.OptimizerOf(name), Threads = 1, SamplingSeed = 4, Schedule = LearningRateSchedule.Step(7, 0.9f) };
        using var one = new FewOfAllKinds(1);
        using var other = new FewOfAllKinds(2);
        using var first = new TrainingSession(one, options);
        using var second = new TrainingSession(other, options);
        Run(first, 0, 25);
        first.Save(path);
        second.Load(path);
        Run(first, 25, 50);
        Run(second, 25, 50);
        first.CatchUp();
        second.CatchUp();
        Assert.Equal(Parameters(one), Parameters(other));

        static void Run(TrainingSession session, int from, int to)
        {
            for (var step = from; step < to; step++)
            {
                var random = new RandomStream(9, (ulong)step);
                session.Step(Random(ref random, 3 * Inputs), [random.NextInt32(2), random.NextInt32(2), random.NextInt32(2)]);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Clipping_to_a_norm_that_is_never_reached_changes_nothing(string name)
    {
        var results = new float?[] { null, 1e6f }.Select(limit =>
        {
            using var network = new FewOfAllKinds(1);
            using var session = new TrainingSession(network, new StepOptions { Optimizer = ReferenceParameter.OptimizerOf(name), Threads = 1, MaxGradientNorm = limit });
            var random = new RandomStream(9, 0);
            for (var step = 0; step < 30; step++)
            {
                session.Step(Random(ref random, 3 * Inputs), [0, 1, 0]);
            }

            session.CatchUp();
            return Parameters(network);
        }).ToArray();
        for (var index = 0; index < results[0].Length; index++)
        {
            Assert.Equal(results[0][index], results[1][index], 1e-5f);
        }
    }

    [Fact]
    public void Clipping_counts_and_moves_the_touched_rows_alone()
    {
        const float Limit = 0.01f;
        using var network = new FewOfEach(1);
        using var session = new TrainingSession(network, new StepOptions { Optimizer = Optimizer.Sgd(1), Threads = 1, MaxGradientNorm = Limit });
        var random = new RandomStream(9, 0);
        for (var step = 0; step < 30; step++)
        {
            var before = Parameters(network);
            session.Step(Random(ref random, 3 * Inputs), [0, 1, 0]);
            var norm = Math.Sqrt(before.Zip(Parameters(network), (from, to) => Math.Pow(from - to, 2)).Sum());
            Assert.Equal(Limit, norm, 1e-5);
        }
    }

    [Fact]
    public void Steps_that_catch_up_allocate_nothing()
    {
        foreach (var norm in new float?[] { null, 0.5f })
        {
            using var network = new FewOfAllKinds(1);
            using var session = new TrainingSession(network, new StepOptions { Optimizer = Optimizer.AdamW(), Threads = 1, MaxGradientNorm = norm });
            var random = new RandomStream(9, 0);
            var inputs = Random(ref random, 3 * Inputs);
            int[] labels = [0, 1, 0];
            Run();
            Assert.Equal(0, Allocation.Of(Run));

            void Run()
            {
                for (var step = 0; step < 50; step++)
                {
                    session.Step(inputs, labels);
                }
            }
        }
    }

    [Theory]
    [InlineData("sgd decay")]
    [InlineData("adamw")]
    public void A_choice_by_z_sees_weights_that_have_decayed(string name)
    {
        using var network = new FewLargest(1);
        Compare(network, name, rows: 1, threads: 1, exactFirst: 0);
    }

    [Fact]
    public void Weights_that_were_set_have_missed_nothing()
    {
        using var network = new FewOfEach(1);
        var weights = new float[Units * Inputs];
        using (var session = new TrainingSession(network, new StepOptions { Optimizer = Optimizer.Sgd(1e-6f, weightDecay: 1e5f), Threads = 1 }))
        {
            session.Step(new float[Inputs], [1]);
            weights.AsSpan().Fill(0.5f);
            network.SetWeights(0, weights);
        }

        network.GetWeights(0, weights);
        Assert.All(weights, weight => Assert.Equal(0.5f, weight));
    }

    /// <summary>Shrunk rows have other codes where these depend on lengths: hash tables must hear of them.</summary>
    [Fact]
    public void Rows_that_were_shrunk_for_the_steps_they_missed_have_changed()
    {
        Assert.Equal(80, Changed(weightDecay: 0.1f));
        Assert.InRange(Changed(weightDecay: 0), 1, 60);

        static int Changed(float weightDecay)
        {
            using var network = new FewOfAllKinds(seed: 1);
            using var session = new TrainingSession(network, new StepOptions { Optimizer = Optimizer.Sgd(0.05f, weightDecay: weightDecay), Threads = 1 });
            var random = new RandomStream(2, 0);
            for (var step = 0; step < 3; step++)
            {
                session.Step(Random(ref random, 19), [step % 2]);
            }

            session.CatchUp();
            return session.Sampling![0]!.Selection!.Changed!.Count;
        }
    }

    private static void Compare(CompiledNetwork network, string name, int rows, int threads, int exactFirst)
    {
        var output = new float[rows * Outputs];
        using var session = new TrainingSession(network, new StepOptions
        {
            Optimizer = ReferenceParameter.OptimizerOf(name),
            Threads = threads,
            SamplingSeed = 4,
            Schedule = LearningRateSchedule.Cosine(0.1f),
            TotalSteps = Steps,
            ExactFirstSteps = exactFirst,
            ExactLastSteps = exactFirst,
            CustomLoss = batch =>
            {
                for (var row = 0; row < batch.Rows; row++)
                {
                    output.AsSpan(row * Outputs, Outputs).CopyTo(batch.Gradient(row));
                }

                return 0;
            },
        });
        var hidden = References(network, 0, name);
        var top = References(network, 1, name);
        var selector = new UniformNodes(Units, 4);
        var random = new RandomStream(5, 5);
        long sampled = 0;
        for (var step = 1; step <= Steps; step++)
        {
            var rate = ReferenceParameter.Rate * session.Options.Schedule.Factor(step - 1, Steps);
            var isExact = step <= exactFirst || step > Steps - exactFirst;
            var inputs = Random(ref random, rows * Inputs);
            Random(ref random, rows * Outputs).CopyTo(output, 0);
            var sets = Enumerable.Range(0, rows)
                .Select(row => isExact ? [.. Enumerable.Range(0, Units)]
                    : network is FewLargest ? Largest(hidden, inputs, row)
                    : Drawn(selector, sampled + row))
                .ToArray();
            sampled += isExact ? 0 : rows;
            Step(hidden, top, inputs, output, sets, step, rate);
            session.Step(inputs, output);
        }

        session.CatchUp();
        var (weights, biases) = (new float[Units * Inputs], new float[Units]);
        network.GetWeights(0, weights);
        network.GetBiases(0, biases);
        for (var node = 0; node < Units; node++)
        {
            for (var input = 0; input <= Inputs; input++)
            {
                Assert.Equal(hidden[node][input].Value, input == Inputs ? biases[node] : weights[(node * Inputs) + input], 1e-3);
            }
        }
    }

    /// <summary>One step of the whole network in double precision; every row that is not touched decays.</summary>
    private static void Step(ReferenceParameter[][] hidden, ReferenceParameter[][] top, float[] inputs, float[] output, int[][] sets, int step, double rate)
    {
        var gradients = new double[Units, Inputs + 1];
        var topGradients = new double[Outputs, Units + 1];
        for (var row = 0; row < sets.Length; row++)
        {
            var x = inputs.AsSpan(row * Inputs, Inputs);
            foreach (var node in sets[row])
            {
                var (z, d) = (Preactivation(hidden[node], x), 0.0);
                for (var unit = 0; unit < Outputs; unit++)
                {
                    d += output[(row * Outputs) + unit] * top[unit][node].Value;
                    topGradients[unit, node] += output[(row * Outputs) + unit] * z;
                }

                for (var input = 0; input <= Inputs; input++)
                {
                    gradients[node, input] += d * (input == Inputs ? 1 : x[input]);
                }
            }

            for (var unit = 0; unit < Outputs; unit++)
            {
                topGradients[unit, Units] += output[(row * Outputs) + unit];
            }
        }

        for (var node = 0; node < Units; node++)
        {
            for (var input = 0; input <= Inputs; input++)
            {
                if (sets.Any(set => set.Contains(node)))
                {
                    hidden[node][input].Update(gradients[node, input], step, rate);
                }
                else
                {
                    hidden[node][input].Miss(rate);
                }
            }
        }

        for (var unit = 0; unit < Outputs; unit++)
        {
            for (var node = 0; node <= Units; node++)
            {
                top[unit][node].Update(topGradients[unit, node], step, rate);
            }
        }
    }

    private static int[] Largest(ReferenceParameter[][] hidden, float[] inputs, int row) =>
        [.. Enumerable.Range(0, Units).OrderByDescending(node => Preactivation(hidden[node], inputs.AsSpan(row * Inputs, Inputs))).Take(4)];

    private static double Preactivation(ReferenceParameter[] node, ReadOnlySpan<float> x)
    {
        var z = node[Inputs].Value;
        for (var input = 0; input < Inputs; input++)
        {
            z += node[input].Value * x[input];
        }

        return z;
    }

    private static int[] Drawn(UniformNodes selector, long sample)
    {
        var random = new RandomStream(4, RandomStreams.NodeSelection(0, sample));
        var set = new IndexSample(4);
        selector.Select(ref random, [], set);
        return set.Indices.ToArray();
    }

    /// <summary>The weights and the bias of each node.</summary>
    private static ReferenceParameter[][] References(CompiledNetwork network, int layer, string name)
    {
        var shape = network.Architecture.Layers[layer];
        var (weights, biases) = (new float[shape.Inputs * shape.Outputs], new float[shape.Outputs]);
        network.GetWeights(layer, weights);
        network.GetBiases(layer, biases);
        return [.. Enumerable.Range(0, shape.Outputs).Select(node => weights.Skip(node * shape.Inputs).Take(shape.Inputs).Append(biases[node])
            .Select(value => new ReferenceParameter(value, name)).ToArray())];
    }

    private static float[] Random(ref RandomStream random, int count)
    {
        var values = new float[count];
        for (var index = 0; index < count; index++)
        {
            values[index] = 0.3f * random.NextNormal();
        }

        return values;
    }

    private static float[] Parameters(CompiledNetwork network) => [.. Enumerable.Range(0, network.Architecture.Layers.Count).SelectMany(layer =>
    {
        var shape = network.Architecture.Layers[layer];
        var (weights, biases) = (new float[shape.Inputs * shape.Outputs], new float[shape.Outputs]);
        network.GetWeights(layer, weights);
        network.GetBiases(layer, biases);
        return weights.Concat(biases);
    })];
}
