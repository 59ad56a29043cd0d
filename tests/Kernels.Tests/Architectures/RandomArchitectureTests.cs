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

    private static int Count => RandomDraws.Count(usual: 120, limited: 12, withoutVectors: 6);

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

    private static T[] Draw<T>(Gen<T> gen, int first) => RandomDraws.Of(gen, first, Math.Min(Together, Count - first));

    /// <summary>Different names, so that the declarations fit into one compilation.</summary>
    private static Declaration[] Named(Declaration[] declarations, int first) => [.. declarations.Select((declaration, index) => declaration with
    {
        Class = declaration.Class.Renamed($"{declaration.Class.Name}{first + index}"),
    })];

    private static void Train(GeneratedNetworks compiled, Declaration declaration, int number)
    {
        var random = new Random(number);
        var most = declaration.Layers.Max(layer => layer.Repeat);
        var depth = most > 1 ? random.Next(most + 1) : 0;
        var rows = 1 + random.Next(declaration.BatchSize + 3);
        var layers = declaration.Expand(depth);
        var where = $"network {number} with depth {depth} and {rows} rows:\n{declaration.Source}";
        using var network = compiled.Create(declaration, (ulong)number, depth, random);
        Assert.Equal(InstructionSets.Active, network.InstructionSet);
        Assert.Equal(layers.Count, network.Architecture.Layers.Count);
        var before = NetworkParameters.Of(network);
        var batch = RandomBatch.Draw(random, declaration, rows);
        using var session = new TrainingSession(network, new StepOptions { Optimizer = Optimizer.Sgd(LearningRate) });
        var loss = batch.Train(session);
        var expected = ReferenceStep.Of(layers, before, batch, LearningRate);
        expected.Loss.AssertHolds(loss, "the loss", where);
        Bounded.AssertHold(expected.Parameters, NetworkParameters.Of(network), where);
    }
}
