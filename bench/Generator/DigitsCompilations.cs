using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Whittle.Generator;

namespace Whittle.Bench.Generation;

/// <summary>784-1000-1000-1000-10 as a compilation, and the same after edits.</summary>
internal sealed class DigitsCompilations
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

    public DigitsCompilations()
    {
        var network = CSharpSyntaxTree.ParseText(NetworkSource);
        var other = CSharpSyntaxTree.ParseText("internal static class Other { }");
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Select(path => (MetadataReference)MetadataReference.CreateFromFile(path));
        Original = CSharpCompilation.Create("Consumer", [network, other], references, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        EditedElsewhere = Original.ReplaceSyntaxTree(other, CSharpSyntaxTree.ParseText("internal static class Other { public const int Two = 2; }"));
        EditedLayer = Original.ReplaceSyntaxTree(network, CSharpSyntaxTree.ParseText(NetworkSource.Replace("Dense(10)", "Dense(11)", StringComparison.Ordinal)));
    }

    public CSharpCompilation Original { get; }

    /// <summary>Another class has one more member.</summary>
    public CSharpCompilation EditedElsewhere { get; }

    /// <summary>The last layer has one more unit.</summary>
    public CSharpCompilation EditedLayer { get; }

    /// <summary>A driver that has cached nothing yet.</summary>
    /// <param name="trackSteps">Whether its results tell what each stage took from the cache.</param>
    public static GeneratorDriver FreshDriver(bool trackSteps = false) => CSharpGeneratorDriver.Create(
        [new NetworkGenerator().AsSourceGenerator()],
        driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackSteps));

    /// <summary>A driver that has generated the original, which must compile.</summary>
    /// <exception cref="InvalidOperationException">It does not.</exception>
    public GeneratorDriver WarmDriver(bool trackSteps = false)
    {
        var driver = FreshDriver(trackSteps).RunGeneratorsAndUpdateCompilation(Original, out var compiled, out var diagnostics);
        var errors = diagnostics.Concat(compiled.GetDiagnostics()).Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).ToArray();
        return errors.Length == 0 && driver.GetRunResult().GeneratedTrees.Length >= 2
            ? driver
            : throw new InvalidOperationException($"The network was not generated: {string.Join(" ", errors.Take(3).Select(error => error.ToString()))}");
    }
}
