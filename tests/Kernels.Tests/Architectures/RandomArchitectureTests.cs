using System.Runtime.Intrinsics;
using CsCheck;
using Microsoft.CodeAnalysis;

namespace Whittle.Kernels.Tests;

/// <summary>
/// Any network that can be declared is compiled, trains one step and gives the parameters of the reference; any other is
/// refused by a diagnostic. WHITTLE_ARCHITECTURES sets how many; the first ones are always the same.
/// </summary>
public class RandomArchitectureTests
{
    /// <summary>Networks in one compilation: the framework's metadata is read once for all of them.</summary>
    private const int Together = 20;

    private const float LearningRate = 0.5f;

    private static readonly string[] Settings = ["DOTNET_EnableAVX512", "DOTNET_EnableAVX2", "DOTNET_EnableHWIntrinsic"];

    private static int Count => int.TryParse(Environment.GetEnvironmentVariable("WHITTLE_ARCHITECTURES"), out var count) ? count
        : !Vector128.IsHardwareAccelerated ? 10
        : Settings.Any(name => Environment.GetEnvironmentVariable(name) == "0") ? 60
        : 200;

    /// <summary>The number of the first network of each compilation; it is the seed of them all, so that a failure can be repeated.</summary>
    public static TheoryData<int> Starts() => [.. Enumerable.Range(0, (Count + Together - 1) / Together).Select(compilation => compilation * Together)];

    [Theory]
    [MemberData(nameof(Starts))]
    public void A_random_architecture_compiles_and_its_first_step_is_that_of_the_reference(int first)
    {
        var declarations = Named(Draw(Declarations.Valid, first), first);
        using var compiled = new GeneratedNetworks([.. declarations.Select(declaration => declaration.Source)]);
        for (var index = 0; index < declarations.Length; index++)
        {
            Train(compiled, declarations[index], first + index);
        }
    }

    [Theory]
    [MemberData(nameof(Starts))]
    public void A_random_flaw_is_refused_by_its_diagnostic_and_generates_nothing(int first)
    {
        var flawed = Draw(Declarations.Flawed, first);
        var declarations = Named([.. flawed.Select(pair => pair.Declaration)], first);
        using var compiled = new GeneratedNetworks([.. declarations.Select(declaration => declaration.Source)]);
        var diagnostics = compiled.Problems;
        for (var index = 0; index < declarations.Length; index++)
        {
            var errors = diagnostics[index].Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).Select(diagnostic => diagnostic.Id).ToList();
            Assert.True(errors.Contains(flawed[index].Diagnostic), $"Expected {flawed[index].Diagnostic}, got [{string.Join(", ", errors)}] for\n{declarations[index].Source}");
            Assert.False(compiled.Files.Any(file => file.EndsWith($"{declarations[index].Class.Name}.g.cs", StringComparison.OrdinalIgnoreCase)), $"Generated in spite of {flawed[index].Diagnostic}:\n{declarations[index].Source}");
        }

        Assert.Equal(["Microsoft.CodeAnalysis.EmbeddedAttribute.cs"], compiled.Files);
    }

    private static T[] Draw<T>(Gen<T> gen, int first)
    {
        var random = new PCG(1, (ulong)first);
        return [.. Enumerable.Range(0, Math.Min(Together, Count - first)).Select(_ => gen.Generate(random, null, out var _))];
    }

    /// <summary>Different names, so that the declarations fit into one compilation.</summary>
    private static Declaration[] Named(Declaration[] declarations, int first) => [.. declarations.Select((declaration, index) => declaration with
    {
        Class = declaration.Class with
        {
            Name = $"{declaration.Class.Name}{first + index}",
            Bases = declaration.Class.Bases
                .Replace($"INetwork<{declaration.Class.Name}", $"INetwork<{declaration.Class.Name}{first + index}", StringComparison.Ordinal),
        },
    })];

    private static void Train(GeneratedNetworks compiled, Declaration declaration, int number)
    {
        var random = new Random(number);
        var most = declaration.Layers.Max(layer => layer.Repeat);
        var depth = most > 1 ? random.Next(most + 1) : 0;
        var rows = 1 + random.Next(declaration.BatchSize + 3);
        var layers = declaration.Expand(depth);
        var where = $"network {number} with depth {depth} and {rows} rows:\n{declaration.Source}";
        using var network = compiled.Create(TypeName(declaration.Class), (ulong)number, depth);
        Assert.Equal(InstructionSets.Active, network.InstructionSet);
        Assert.Equal(layers.Count, network.Architecture.Layers.Count);
        for (var l = 0; l < layers.Count; l++)
        {
            var (inputCount, layer) = layers[l];
            if (layer.Initialization == Initialization.Given)
            {
                network.SetWeights(l, Floats(random, inputCount * layer.Units, 2 / Math.Sqrt(inputCount)));
            }

            // They start at zero, where a bias that is left out would not show.
            network.SetBiases(l, Floats(random, layer.Units, 0.5));
        }

        var before = Read(network, layers);
        float[][] inputs = [.. Enumerable.Range(0, rows).Select(_ => Floats(random, declaration.Inputs, 1))];
        float[][] targets = [.. Enumerable.Range(0, rows).Select(_ => Target(random, declaration.Loss, layers[^1].Layer.Units))];
        using var session = new TrainingSession(network, new StepOptions { Optimizer = Optimizer.Sgd(LearningRate) });
        var loss = declaration.Loss == Loss.SoftmaxCrossEntropy
            ? session.Step(inputs.SelectMany(row => row).ToArray(), targets.Select(row => Array.IndexOf(row, 1)).ToArray())
            : session.Step(inputs.SelectMany(row => row).ToArray(), targets.SelectMany(row => row).ToArray());

        var expected = ReferenceStep.Of(layers, declaration.Loss, before, inputs, targets, LearningRate);
        AssertNear(expected.Loss, loss, "the loss", where);
        var after = Read(network, layers);
        for (var l = 0; l < layers.Count; l++)
        {
            for (var j = 0; j < layers[l].Layer.Units; j++)
            {
                AssertNear(expected.Parameters[l].Biases[j], after[l].Biases[j], $"bias {j} of layer {l}", where);
                for (var i = 0; i < layers[l].Inputs; i++)
                {
                    AssertNear(expected.Parameters[l].Weights[j][i], after[l].Weights[j][i], $"weight [{j}, {i}] of layer {l}", where);
                }
            }
        }
    }

    private static LayerParameters<float>[] Read(CompiledNetwork network, IReadOnlyList<(int Inputs, DeclaredLayer Layer)> layers) =>
        [.. layers.Select((layer, l) =>
        {
            var weights = new float[layer.Inputs * layer.Layer.Units];
            var biases = new float[layer.Layer.Units];
            network.GetWeights(l, weights);
            network.GetBiases(l, biases);
            return new LayerParameters<float>([.. weights.Chunk(layer.Inputs)], biases);
        })];

    /// <summary>Uniform numbers around zero, a third of them exactly zero: kernels leave zeros out.</summary>
    private static float[] Floats(Random random, int count, double range) =>
        [.. Enumerable.Range(0, count).Select(_ => random.Next(3) == 0 ? 0 : (float)(((2 * random.NextDouble()) - 1) * range))];

    private static float[] Target(Random random, Loss loss, int outputs)
    {
        var label = random.Next(outputs);
        return [.. Enumerable.Range(0, outputs).Select(output => loss switch
        {
            Loss.SoftmaxCrossEntropy => output == label ? 1 : 0,
            Loss.BinaryCrossEntropy => random.Next(2),
            _ => (2 * random.NextSingle()) - 1,
        })];
    }

    private static string TypeName(DeclaredClass type) =>
        string.Concat(type.Namespace.Replace("@", "", StringComparison.Ordinal), type.Namespace.Length > 0 ? "." : "")
        + string.Concat(type.Around.Select((_, depth) => $"Around{depth}Of{type.Name}+"))
        + type.Name;

    private static void AssertNear(Bounded expected, double actual, string what, string where)
    {
        if (!expected.Holds(actual))
        {
            Assert.Fail($"Expected {what} to be {expected.Value:R} within {expected.Error:R}, was {actual:R}, in {where}");
        }
    }
}
