using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Whittle.Generator;
using Whittle.Generator.Diagnostics;

namespace Whittle.Kernels.Tests;

/// <summary>
/// Networks compiled from declarations as a user's build does: generator, strictest compiler. Kernels of the
/// instruction sets that are not active are replaced by ones that throw: less to compile, and proof of which path ran.
/// </summary>
internal sealed class GeneratedNetworks : IDisposable
{
    private readonly AssemblyLoadContext context = new("networks", isCollectible: true);
    private readonly CSharpCompilation input;
    private readonly CSharpCompilation output;
    private readonly ImmutableArray<Diagnostic> problems;
    private Assembly? assembly;

    public GeneratedNetworks(IReadOnlyList<string> sources)
    {
        var options = new CSharpParseOptions(LanguageVersion.Preview);
        input = CSharpCompilation.Create(
            "Networks",
            sources.Select((source, index) => CSharpSyntaxTree.ParseText(source, options, PathOf(index))),
            CompiledKernels.References,
            new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary,
                optimizationLevel: OptimizationLevel.Release,
                warningLevel: 9999,
                generalDiagnosticOption: ReportDiagnostic.Error,
                nullableContextOptions: NullableContextOptions.Enable));
        var driver = CSharpGeneratorDriver.Create([new NetworkGenerator().AsSourceGenerator()], parseOptions: options)
            .RunGeneratorsAndUpdateCompilation(input, out var generated, out _, TestContext.Current.CancellationToken);
        var result = driver.GetRunResult().Results.Single();
        Assert.Null(result.Exception);
        problems = result.Diagnostics;
        Files = [.. result.GeneratedSources.Select(file => file.HintName)];
        output = WithoutInactiveKernels((CSharpCompilation)generated, options);
    }

    /// <summary>Names of the generated files.</summary>
    public ImmutableArray<string> Files { get; }

    /// <summary>What the generator says is wrong, by the number of the source.</summary>
    public ILookup<int, Diagnostic> Problems => problems.ToLookup(
        problem => int.TryParse(Path.GetFileNameWithoutExtension(problem.Location.GetLineSpan().Path), out var index) ? index : -1);

    /// <summary>Makes a network through its generated Create.</summary>
    /// <param name="type">Name of its class as reflection writes it.</param>
    /// <param name="seed">Seed of the weights.</param>
    /// <param name="depth">How many of the repeated layers.</param>
    public CompiledNetwork Create(string type, ulong seed, int depth)
    {
        assembly ??= Load();
        return (CompiledNetwork)assembly.GetType(type, throwOnError: true)!
            .GetMethod("Create", BindingFlags.Public | BindingFlags.Static)!
            .Invoke(null, [seed, depth])!;
    }

    /// <summary>Makes a declared network with random biases, and random weights where they are given.</summary>
    public CompiledNetwork Create(Declaration declaration, ulong seed, int depth, Random random)
    {
        var network = Create(declaration.Class.FullName, seed, depth);
        foreach (var (l, (inputs, layer)) in declaration.Expand(depth).Index())
        {
            if (layer.Initialization == Initialization.Given)
            {
                network.SetWeights(l, RandomBatch.Floats(random, inputs * layer.Units, 2 / Math.Sqrt(inputs)));
            }

            // They start at zero, where a bias that is left out would not show.
            network.SetBiases(l, RandomBatch.Floats(random, layer.Units, 0.5));
        }

        return network;
    }

    /// <summary>What the analyzer advises.</summary>
    public ImmutableArray<Diagnostic> Advice() => input
        .WithAnalyzers([new NetworkAnalyzer()])
        .GetAnalyzerDiagnosticsAsync(TestContext.Current.CancellationToken)
        .GetAwaiter()
        .GetResult();

    public void Dispose() => context.Unload();

    private static string PathOf(int index) => $"{index}.cs";

    private static string? KernelOf(SyntaxTree tree)
    {
        var name = Path.GetFileName(tree.FilePath);
        return name.StartsWith("Whittle.", StringComparison.Ordinal) ? name["Whittle.".Length..^".g.cs".Length] : null;
    }

    private static CSharpCompilation WithoutInactiveKernels(CSharpCompilation compilation, CSharpParseOptions options)
    {
        var inactive = compilation.SyntaxTrees
            .Where(tree => KernelOf(tree) is { } kernel && !kernel.EndsWith("_" + InstructionSets.Active, StringComparison.Ordinal))
            .ToList();
        var stubs = string.Join('\n', inactive.Select(KernelOf).Select(kernel =>
            $"internal static class {kernel} {{ public static void "
            + (kernel!.StartsWith("WeightGradient", StringComparison.Ordinal) || kernel.StartsWith("BackwardSingle", StringComparison.Ordinal)
                || kernel.StartsWith("FusedBackward", StringComparison.Ordinal)
                ? $"Run<TRule>(scoped ref readonly TRule rule, scoped ref readonly {PassOf(kernel)} pass) where TRule : struct, IUpdateRule"
                : $"Run(scoped ref readonly {PassOf(kernel)} pass)")
            + $" => throw new System.InvalidOperationException(\"{kernel} ran, but the active instruction set is {InstructionSets.Active}.\"); }}"));
        return compilation.RemoveSyntaxTrees(inactive)
            .AddSyntaxTrees(CSharpSyntaxTree.ParseText("using Whittle;\nnamespace Whittle.Generated;\n" + stubs, options, "Inactive.cs"));
    }

    private static string PassOf(string kernel) =>
        kernel.StartsWith("Hash", StringComparison.Ordinal) ? "HashPass" : kernel.StartsWith("Fused", StringComparison.Ordinal) ? "NetworkPass" : "LayerPass";

    private Assembly Load()
    {
        using var image = new MemoryStream();
        var result = output.Emit(image, cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).Take(10)));
        image.Position = 0;
        return context.LoadFromStream(image);
    }
}
