using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Whittle.Generator.Parsing;

namespace Whittle.Generator.Diagnostics;

/// <summary>
/// Remarks on networks that can be compiled. What is wrong with the others is told by the generator: a network without its
/// generated half is an error of the compiler too, after which the compiler leaves analyzers out.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class NetworkAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Descriptors.LoopedKernels];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        // A declaration in generated code is compiled too, so what there is to say about it must be told too.
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.Analyze | GeneratedCodeAnalysisFlags.ReportDiagnostics);
        context.EnableConcurrentExecution();
        context.RegisterSymbolAction(Analyze, SymbolKind.NamedType);
    }

    private static void Analyze(SymbolAnalysisContext context)
    {
        foreach (var remark in NetworkParser.Parse((INamedTypeSymbol)context.Symbol, context.CancellationToken).LoopedLayers)
        {
            context.ReportDiagnostic(remark.ToDiagnostic());
        }
    }
}
