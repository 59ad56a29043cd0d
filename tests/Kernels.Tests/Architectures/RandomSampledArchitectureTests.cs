using System.Runtime.InteropServices;
using Microsoft.CodeAnalysis;

namespace Whittle.Kernels.Tests;

/// <summary>
/// Any network with sampled layers that can be declared is compiled, with advice at most; its exact steps and predictions are
/// those of the reference, its training repeats and allocates nothing. Any other is refused by a diagnostic. WHITTLE_ARCHITECTURES
/// sets how many; the first ones are always the same.
/// </summary>
public class RandomSampledArchitectureTests
{
    /// <summary>Networks in one compilation, each twice: as it is, and with samples that leave nothing out.</summary>
    private const int Together = 20;

    /// <summary>Declarations that are refused need no compilation of kernels.</summary>
    private const int FlawedTogether = 100;

    private const int Steps = 7;
    private const float LearningRate = 0.1f;

    private static readonly string[] Advice = ["WHT0020", "WHT0030", "WHT0031", "WHT0032"];

    private static int Count => RandomDraws.Count(usual: 24, limited: 6, withoutVectors: 2);

    /// <summary>The number of the first network of each compilation; it is the seed of them all, so that a failure can be repeated.</summary>
    public static TheoryData<int> Starts() => [.. Enumerable.Range(0, (Count + Together - 1) / Together).Select(compilation => compilation * Together)];

    [Theory]
    [MemberData(nameof(Starts))]
    public void A_random_sampled_architecture_is_compiled_and_trains_as_its_declaration_says(int first)
    {
        var drawn = Named(RandomDraws.Of(SampledDeclarations.Valid, first, Math.Min(Together, Count - first)), first);
        Declaration[] declarations = [.. drawn, .. drawn.Select(SampledDeclarations.Whole)];
        using var compiled = new GeneratedNetworks([.. declarations.Select(declaration => declaration.Source)]);
        Assert.True(compiled.Problems.Count == 0, string.Join('\n', compiled.Problems.Select(problems => $"{string.Join(", ", problems)} for\n{declarations[problems.Key].Source}")));
        Assert.All(compiled.Advice(), advice => Assert.Contains(advice.Id, Advice));
        Assert.Multiple([.. drawn.SelectMany((declaration, index) =>
        {
            var (whole, number) = (declarations[drawn.Length + index], first + index);
            return (Action[])
            [
                () => AssertDeclared(compiled, declaration, number),
                () => AssertStep(compiled, declaration, number, exactSteps: 1),
                () => AssertTraining(compiled, declaration, number),
                () => AssertAllocatesNothing(compiled, declaration, number),
                () => AssertStep(compiled, whole, number, exactSteps: 0),
                () => AssertWholeTraining(compiled, whole, number),
            ];
        })]);
    }

    [Fact]
    public void A_flaw_of_a_sampled_layer_is_refused_by_its_diagnostic_and_generates_nothing()
    {
        var flawed = RandomDraws.Of(SampledDeclarations.Flawed, seed: 0, FlawedTogether);
        var declarations = Named([.. flawed.Select(pair => pair.Declaration)], first: 0);
        using var compiled = new GeneratedNetworks([.. declarations.Select(declaration => declaration.Source)]);
        for (var index = 0; index < declarations.Length; index++)
        {
            var errors = Errors(compiled, index);
            Assert.True(errors.Contains(flawed[index].Diagnostic), $"Expected {flawed[index].Diagnostic}, got [{string.Join(", ", errors)}] for\n{declarations[index].Source}");
            Assert.False(IsGenerated(compiled, declarations[index]), $"Generated in spite of {flawed[index].Diagnostic}:\n{declarations[index].Source}");
        }
    }

    [Fact]
    public void Settings_in_any_combination_are_either_refused_or_generated()
    {
        var declarations = Named(RandomDraws.Of(SampledDeclarations.Any, seed: 0, FlawedTogether), first: 0);
        using var compiled = new GeneratedNetworks([.. declarations.Select(declaration => declaration.Source)]);
        Assert.All(compiled.Advice(), advice => Assert.Contains(advice.Id, Advice));
        var refused = 0;
        for (var index = 0; index < declarations.Length; index++)
        {
            var errors = Errors(compiled, index);
            Assert.All(errors, id => Assert.StartsWith("WHT", id, StringComparison.Ordinal));
            Assert.True(errors.Count == 0 == IsGenerated(compiled, declarations[index]), $"[{string.Join(", ", errors)}] for\n{declarations[index].Source}");
            refused += errors.Count > 0 ? 1 : 0;
        }

        Assert.InRange(refused, FlawedTogether / 4, FlawedTogether - 1);
    }

    private static Declaration[] Named(Declaration[] declarations, int first) =>
        [.. declarations.Select((declaration, index) => declaration with { Class = declaration.Class.Renamed($"Sampled{first + index}") })];

    private static List<string> Errors(GeneratedNetworks compiled, int index) =>
        [.. compiled.Problems[index].Where(problem => problem.Severity == DiagnosticSeverity.Error).Select(problem => problem.Id)];

    private static bool IsGenerated(GeneratedNetworks compiled, Declaration declaration) =>
        compiled.Files.Any(file => file.EndsWith($"{declaration.Class.Name}.g.cs", StringComparison.Ordinal));

    private static void AssertDeclared(GeneratedNetworks compiled, Declaration declaration, int number)
    {
        using var network = compiled.Create(declaration.Class.FullName, (ulong)number, depth: 0);
        foreach (var (l, (inputs, layer)) in declaration.Expand(depth: 0).Index())
        {
            var description = network.Architecture.Layers[l];
            Assert.Equal((inputs, layer.Units, layer.Residual), (description.Inputs, description.Outputs, description.Residual));
            layer.Sampling?.AssertCompiled(description, Where(declaration, number));
        }
    }

    /// <summary>A step that is exact, or leaves nothing out, and then a prediction that computes all nodes, are those of the reference.</summary>
    private static void AssertStep(GeneratedNetworks compiled, Declaration declaration, int number, int exactSteps)
    {
        var random = new Random(number);
        var depth = Depth(declaration, random);
        var layers = declaration.Expand(depth);
        var where = Where(declaration, number);
        using var network = compiled.Create(declaration, (ulong)number, depth, random);
        var before = NetworkParameters.Of(network);
        var batch = RandomBatch.Draw(random, declaration, 1 + random.Next(declaration.BatchSize + 3));
        using (var session = new TrainingSession(network, new StepOptions { Optimizer = Optimizer.Sgd(LearningRate), ExactFirstSteps = exactSteps }))
        {
            var loss = batch.Train(session);
            var expected = ReferenceStep.Of(layers, before, batch, LearningRate);
            expected.Loss.AssertHolds(loss, "the loss", where);
            Bounded.AssertHold(expected.Parameters, NetworkParameters.Of(network), where);
        }

        if (exactSteps == 0 || PredictsExactly(declaration))
        {
            AssertPredicts(network, layers, batch, where);
        }
    }

    private static bool PredictsExactly(Declaration declaration) =>
        !declaration.Layers.Any(layer => layer.Sampling is { Attribute: DeclaredSampling.OfNodes, Inference: NodeInference.Sampled });

    private static void AssertPredicts(CompiledNetwork network, IReadOnlyList<(int Inputs, DeclaredLayer Layer)> layers, RandomBatch batch, string where)
    {
        var logits = new float[batch.Inputs.Length * layers[^1].Layer.Units];
        batch.Logits(network, logits);
        foreach (var (index, output) in ReferenceStep.Predict(layers, NetworkParameters.Of(network), batch.Inputs).SelectMany(row => row).Index())
        {
            output.AssertHolds(logits[index], $"output {index}", where);
        }
    }

    /// <summary>Losses, parameters and predictions are numbers, and have the same bits again on more threads and with statistics; exact predictions are those of the reference.</summary>
    private static void AssertTraining(GeneratedNetworks compiled, Declaration declaration, int number)
    {
        var once = Train(new StepOptions { Threads = 1 });
        var again = Train(new StepOptions { Threads = 3, CollectStatistics = true });
        Assert.True(MemoryMarshal.AsBytes(once.AsSpan()).SequenceEqual(MemoryMarshal.AsBytes(again.AsSpan())), $"Other bits the second time: {Where(declaration, number)}");

        float[] Train(StepOptions options)
        {
            var random = new Random(number);
            var depth = Depth(declaration, random);
            using var network = compiled.Create(declaration, (ulong)number, depth, random);
            var batches = Batches(random, declaration);
            var results = new List<float>();
            using (var session = new TrainingSession(network, Options(random, declaration, network.Architecture.Layers, options)))
            {
                session.StartEpoch();
                for (var step = 0; step < Steps; step++)
                {
                    results.Add((float)batches[step % batches.Length].Train(session));
                }
            }

            results.AddRange(NetworkParameters.Of(network).SelectMany(layer => layer.Weights.SelectMany(row => row).Concat(layer.Biases)));
            Assert.True(results.TrueForAll(float.IsFinite), $"Losses [{string.Join(", ", results[..Steps])}] or parameters are no numbers: {Where(declaration, number)}");
            foreach (var batch in batches)
            {
                // An inactive output has the probability 0, so that its logit is not finite.
                var logits = new float[batch.Inputs.Length * network.Architecture.Outputs];
                batch.Logits(network, logits);
                Assert.True(logits.All(logit => float.IsFinite(logit) || float.IsNegativeInfinity(logit)), $"Logits are no numbers: {Where(declaration, number)}");
                results.AddRange(logits);
                if (PredictsExactly(declaration))
                {
                    AssertPredicts(network, declaration.Expand(depth), batch, Where(declaration, number));
                }
            }

            return [.. results];
        }
    }

    private static void AssertAllocatesNothing(GeneratedNetworks compiled, Declaration declaration, int number)
    {
        var random = new Random(number);
        using var network = compiled.Create(declaration, (ulong)number, Depth(declaration, random), random);
        var batches = Batches(random, declaration);
        var options = Options(random, declaration, network.Architecture.Layers, new StepOptions { Threads = 1 });
        using var session = new TrainingSession(network, options with { ExactFirstSteps = 1, ExactLastSteps = 0, TotalSteps = 1000 });
        var logits = batches.Select(batch => new float[batch.Inputs.Length * network.Architecture.Outputs]).ToArray();
        Run();
        Run();
        var least = long.MaxValue;
        for (var attempt = 0; attempt < 3 && least > 0; attempt++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            Run();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.True(least == 0, $"{least} bytes were allocated in {2 * batches.Length} steps: {Where(declaration, number)}");

        void Run()
        {
            for (var step = 0; step < 2 * batches.Length; step++)
            {
                batches[step % batches.Length].Train(session);
                batches[step % batches.Length].Logits(network, logits[step % batches.Length]);
            }
        }
    }

    /// <summary>Steps of sampled layers that leave nothing out are the exact ones, with any optimiser.</summary>
    private static void AssertWholeTraining(GeneratedNetworks compiled, Declaration declaration, int number)
    {
        var (exact, sampled) = (Train(exactSteps: Steps), Train(exactSteps: 0));
        for (var step = 0; step < Steps; step++)
        {
            var difference = Math.Abs(exact.Losses[step] - sampled.Losses[step]);
            Assert.True(
                difference <= 1e-3 * (1 + Math.Abs(exact.Losses[step])),
                $"The loss of step {step} is {sampled.Losses[step]}, that of the exact step {exact.Losses[step]}: {Where(declaration, number)}");
        }

        // Their mean: one z that is rounded to the other side of 0 changes a few.
        var mean = exact.Parameters.Zip(sampled.Parameters, (one, other) => Math.Abs(one - other)).Average();
        Assert.True(mean <= 1e-4, $"Parameters differ by {mean} in the mean: {Where(declaration, number)}");

        (double[] Losses, float[] Parameters) Train(int exactSteps)
        {
            var random = new Random(number);
            using var network = compiled.Create(declaration, (ulong)number, Depth(declaration, random), random);
            var batches = Batches(random, declaration);
            var options = Options(random, declaration, network.Architecture.Layers, new StepOptions { Threads = 1 });
            using var session = new TrainingSession(network, options with { ExactFirstSteps = exactSteps, ExactLastSteps = 0 });
            double[] losses = [.. Enumerable.Range(0, Steps).Select(step => batches[step % batches.Length].Train(session))];
            session.Dispose();
            return (losses, [.. NetworkParameters.Of(network).SelectMany(layer => layer.Weights.SelectMany(row => row).Concat(layer.Biases))]);
        }
    }

    private static StepOptions Options(Random random, Declaration declaration, IReadOnlyList<LayerDescription> layers, StepOptions options) => options with
    {
        // The roots of second moments are far from 0, where rounding would decide about whole steps.
        Optimizer = random.Next(8) switch
        {
            0 => Optimizer.Sgd(0.01f),
            1 => Optimizer.Sgd(0.01f, momentum: 0.9f),
            2 => Optimizer.Sgd(0.01f, momentum: 0.5f, nesterov: true, weightDecay: 0.01f),
            3 => Optimizer.Adagrad(0.01f, initialAccumulator: 0.01f),
            4 => Optimizer.Adagrad(0.01f, initialAccumulator: 0.01f, weightDecay: 0.01f),
            5 => Optimizer.Adam(0.002f, epsilon: 0.01f),
            6 => Optimizer.Adam(0.002f, epsilon: 0.01f, weightDecay: 0.01f),
            _ => Optimizer.AdamW(0.002f, epsilon: 0.01f, weightDecay: 0.1f),
        },

        // Small probabilities make large gradients.
        MaxGradientNorm = declaration.Layers.Any(layer => layer.Sampling is { Scales: true }) | random.Next(3) == 0 ? 1 : null,
        FrozenLayers = random.Next(4) == 0 && layers.Count > 1 ? [random.Next(layers.Count)] : [],
        Schedule = random.Next(2) == 0 ? LearningRateSchedule.Constant : LearningRateSchedule.Cosine(0.1f),
        TotalSteps = Steps,
        ExactFirstSteps = random.Next(2),
        ExactLastSteps = layers.SkipLast(1).Any(layer => layer.PredictsMeanShare) ? 0 : random.Next(2),
        SamplingSeed = (ulong)random.Next(),
    };

    /// <summary>One row, fewer than the declared batch or a few more, and the declared batch.</summary>
    private static RandomBatch[] Batches(Random random, Declaration declaration) =>
        [.. new[] { 1 + random.Next(declaration.BatchSize + 3), 1, declaration.BatchSize }.Select(rows => RandomBatch.Draw(random, declaration, rows))];

    private static int Depth(Declaration declaration, Random random) =>
        declaration.Layers.Max(layer => layer.Repeat) is > 1 and var most ? random.Next(most + 1) : 0;

    private static string Where(Declaration declaration, int number) => $"network {number}:\n{declaration.Source}";
}
