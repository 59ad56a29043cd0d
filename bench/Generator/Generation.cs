using BenchmarkDotNet.Attributes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Whittle.Generator;

namespace Whittle.Bench.Generation;

/// <summary>
/// What the generator costs a build, for 784-1000-1000-1000-10 in all instruction sets: cold as on the command line,
/// and as in an editor, after a change elsewhere and after a change of the network.
/// </summary>
public class Generation
{
    private const string NetworkSource =
        """
        using Whittle;
        [Network(Inputs = 784, BatchSize = 20)]
        [Dense(1000, Activation.Relu)]
        [Dense(1000, Activation.Relu)]
        [Dense(1000, Activation.Relu)]
        [Dense(10)]
        public sealed partial class Digits : INetwork<Digits>;
        """;

    private CSharpCompilation compilation = null!;
    private CSharpCompilation editedElsewhere = null!;
    private CSharpCompilation widerLayer = null!;
    private GeneratorDriver warm = null!;

    [GlobalSetup]
    public void Setup()
    {
        var network = CSharpSyntaxTree.ParseText(NetworkSource);
        var other = CSharpSyntaxTree.ParseText("internal static class Other { }");
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Select(path => (MetadataReference)MetadataReference.CreateFromFile(path));
        compilation = CSharpCompilation.Create("Consumer", [network, other], references, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        editedElsewhere = compilation.ReplaceSyntaxTree(other, CSharpSyntaxTree.ParseText("internal static class Other { public const int Two = 2; }"));
        widerLayer = compilation.ReplaceSyntaxTree(network, CSharpSyntaxTree.ParseText(NetworkSource.Replace("Dense(10)", "Dense(11)", StringComparison.Ordinal)));
        warm = Driver().RunGeneratorsAndUpdateCompilation(compilation, out var compiled, out var diagnostics);
        var errors = diagnostics.Concat(compiled.GetDiagnostics()).Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).ToArray();
        if (errors.Length > 0 || warm.GetRunResult().GeneratedTrees.Length < 2)
        {
            throw new InvalidOperationException($"The network was not generated: {string.Join(" ", errors.Take(3).Select(error => error.ToString()))}");
        }
    }

    [Benchmark(Baseline = true)]
    public GeneratorDriver Cold() => Driver().RunGenerators(compilation);

    [Benchmark]
    public GeneratorDriver EditElsewhere() => warm.RunGenerators(editedElsewhere);

    [Benchmark]
    public GeneratorDriver EditOneLayer() => warm.RunGenerators(widerLayer);

    private static CSharpGeneratorDriver Driver() => CSharpGeneratorDriver.Create(new NetworkGenerator());
}
