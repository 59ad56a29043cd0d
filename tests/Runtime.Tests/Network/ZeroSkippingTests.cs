using Whittle.Runtime.Tests.Optimization;

namespace Whittle.Runtime.Tests;

/// <summary>Lists inputs that are not zero in every row, but in portable vectors.</summary>
[Network(Inputs = 150, BatchSize = 20)]
[Dense(140, Activation.Relu)]
[Dense(130, Activation.Relu)]
[Dense(10)]
internal sealed partial class SkippingNetwork : INetwork<SkippingNetwork>;

/// <summary>Weight gradients read copies in the order of their tiles.</summary>
[Network(Inputs = 150, BatchSize = 40)]
[Dense(140, Activation.Relu)]
[Dense(130, Activation.Relu)]
[Dense(10)]
internal sealed partial class SkippingPackedNetwork : INetwork<SkippingPackedNetwork>;

/// <summary>The same layers, declared for single rows: without lists.</summary>
[Network(Inputs = 150, BatchSize = 1)]
[Dense(140, Activation.Relu)]
[Dense(130, Activation.Relu)]
[Dense(10)]
internal sealed partial class UnlistedNetwork : INetwork<UnlistedNetwork>;

/// <summary>A layer whose batches run over lists in any case.</summary>
[Network(Inputs = 150, BatchSize = 20)]
[InputSampled(140, Activation.Relu, Estimator = InputEstimator.Uniform, Share = 0.3, Products = SampledProducts.Forward)]
[Dense(10)]
internal sealed partial class SkippingSampledNetwork : INetwork<SkippingSampledNetwork>;

public class ZeroSkippingTests
{
    private const int Inputs = 150;

    public static TheoryData<int, bool, string> Trainings => new(
        from rows in (int[])[2, 7, 20, 40, 45]
        from packs in (bool[])[false, true]
        from optimizer in rows == 20 ? ReferenceParameter.Names : ["sgd", "adam"]
        select new TheoryDataRow<int, bool, string>(rows, packs, optimizer));

    [Theory]
    [MemberData(nameof(Trainings))]
    public void Training_has_the_bits_of_one_that_lists_nothing(int rows, bool packs, string optimizer)
    {
        Assert.SkipWhen(InstructionSets.Active == InstructionSet.Portable, "portable vectors list nothing");
        foreach (var threads in (int[])[1, 2, 3])
        {
            // So small that it counts for nothing, but not zero, so that nothing is left out.
            using CompiledNetwork skipping = packs ? new SkippingPackedNetwork(seed: 5) : new SkippingNetwork(seed: 5);
            using CompiledNetwork whole = packs ? new SkippingPackedNetwork(seed: 5) : new SkippingNetwork(seed: 5);
            Train(skipping, rows, optimizer, threads, unused: 0);
            Train(whole, rows, optimizer, threads, unused: 1e-30f);
            AssertSame(Parameters(whole), Parameters(skipping));
        }
    }

    /// <summary>Kernels of another shape add in another order, so that the bits are others.</summary>
    [Theory]
    [MemberData(nameof(Trainings))]
    public void Training_agrees_with_that_of_a_network_without_lists(int rows, bool packs, string optimizer)
    {
        Assert.SkipWhen(InstructionSets.Active == InstructionSet.Portable, "portable vectors list nothing");
        foreach (var unused in (float[])[0, 0.5f])
        {
            using CompiledNetwork listing = packs ? new SkippingPackedNetwork(seed: 5) : new SkippingNetwork(seed: 5);
            using var plain = new UnlistedNetwork(seed: 5);
            Train(listing, rows, optimizer, threads: 1, unused);
            Train(plain, rows, optimizer, threads: 1, unused);
            Assert.True(listing.Layout.SkipsZeros(0));
            Assert.False(plain.Layout.SkipsZeros(0));
            Assert.All(Parameters(plain).Zip(Parameters(listing)), pair => Assert.Equal(pair.First, pair.Second, 1e-3f));
        }
    }

    [Fact]
    public void Inputs_that_are_zero_in_every_row_are_not_listed()
    {
        using var network = new SkippingNetwork(seed: 5);
        network.Logits(Batch(20, step: 0, unused: 0), new float[200]);
        using var workspace = network.Workspaces.Rent();
        if (network.InstructionSet == InstructionSet.Portable)
        {
            Assert.Null(workspace.UsedInputs);
            return;
        }

        Assert.Equal(Enumerable.Range(0, Inputs).Where(IsUsed), workspace.UsedInputs!.Indices.ToArray());
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.Epsilon)]
    public void A_single_value_is_found_wherever_it_is(float value)
    {
        using var network = new SkippingNetwork(seed: 5);
        Assert.SkipWhen(network.InstructionSet == InstructionSet.Portable, "portable vectors list nothing");
        foreach (var (row, column) in ((int, int)[])[(0, 0), (19, 149), (7, 64), (4, 3)])
        {
            var inputs = new float[20 * Inputs];
            inputs[(row * Inputs) + column] = value;
            network.Logits(inputs, new float[200]);
            var workspace = network.Workspaces.Rent();
            Assert.Equal([column], workspace.UsedInputs!.Indices.ToArray());
            network.Workspaces.Return(workspace);
        }
    }

    [Fact]
    public void A_batch_that_uses_most_inputs_runs_over_all()
    {
        using var network = new SkippingNetwork(seed: 5);
        Assert.SkipWhen(network.InstructionSet == InstructionSet.Portable, "portable vectors list nothing");
        var inputs = new float[20 * Inputs];
        Array.Fill(inputs, 0.5f);
        for (var row = 0; row < 20; row++)
        {
            inputs.AsSpan(row * Inputs, 14).Clear();
        }

        network.Logits(inputs, new float[200]);
        var workspace = network.Workspaces.Rent();
        Assert.Equal(0, workspace.UsedInputs!.Count);
        network.Workspaces.Return(workspace);

        // One fewer is nine tenths.
        for (var row = 0; row < 20; row++)
        {
            inputs[(row * Inputs) + 14] = 0;
        }

        network.Logits(inputs, new float[200]);
        Assert.Equal(135, network.Workspaces.Rent().UsedInputs!.Count);
    }

    /// <summary>The exact step before has listed inputs; the sampled one has none, and all inputs have a gradient.</summary>
    [Fact]
    public void A_sampled_step_does_not_use_the_list_of_the_step_before()
    {
        AssertSame(Trained(unused: 1e-30f), Trained(unused: 0));

        static float[] Trained(float unused)
        {
            using var network = new SkippingSampledNetwork(seed: 5);
            using var session = new TrainingSession(network, new StepOptions { Optimizer = Optimizer.Sgd(0.1f), SamplingSeed = 1, ExactFirstSteps = 1 });
            Step(session, 20, step: 0, unused);
            Step(session, 20, step: 1, unused: 0.5f);
            return Parameters(network);
        }
    }

    private static float[] Parameters(CompiledNetwork network) =>
    [
        .. network.Architecture.Layers.SelectMany((shape, layer) =>
        {
            float[] weights = new float[shape.Inputs * shape.Outputs], biases = new float[shape.Outputs];
            network.GetWeights(layer, weights);
            network.GetBiases(layer, biases);
            return weights.Concat(biases);
        }),
    ];

    /// <summary>The same bits but where nothing was to be: what is not quite zero leaves traces.</summary>
    private static void AssertSame(float[] expected, float[] actual) =>
        Assert.Equal(expected.Select(value => Math.Abs(value) < 1e-20f ? 0 : value), actual.Select(value => Math.Abs(value) < 1e-20f ? 0 : value));

    private static void Train(CompiledNetwork network, int rows, string optimizer, int threads, float unused)
    {
        using var session = new TrainingSession(network, new StepOptions
        {
            Optimizer = ReferenceParameter.OptimizerOf(optimizer),
            Threads = threads,

            // The gradient to clip is computed by a rule of its own.
            MaxGradientNorm = threads == 2 ? 0.01f : null,
        });
        for (var step = 0; step < 4; step++)
        {
            Step(session, rows, step, unused);
        }
    }

    private static void Step(TrainingSession session, int rows, int step, float unused) =>
        session.Step(Batch(rows, step, unused), [.. Enumerable.Range(0, rows).Select(row => (row + step) % 10)]);

    private static bool IsUsed(int input) => input % 5 != 2;

    private static float[] Batch(int rows, int step, float unused)
    {
        var random = new Random((rows * 10) + step);
        return [.. Enumerable.Range(0, rows * Inputs).Select(index => IsUsed(index % Inputs) ? random.NextSingle() + 0.01f : unused)];
    }
}
