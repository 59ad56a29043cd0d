using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Whittle.Generator.Parsing;

namespace Whittle.Generator.Diagnostics;

/// <summary>Says what is wrong with a declared network; the generator leaves such a declaration out in silence.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class NetworkAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
    [
        Descriptors.NotPartial,
        Descriptors.ContainingTypeNotPartial,
        Descriptors.UnsupportedType,
        Descriptors.InterfaceMissing,
        Descriptors.BaseClass,
        Descriptors.ConstructorCollision,
        Descriptors.MemberCollision,
        Descriptors.NoLayers,
        Descriptors.NotANetwork,
        Descriptors.SplitLayers,
        Descriptors.SizeOutOfRange,
        Descriptors.TooManyLayers,
        Descriptors.SecondRepeat,
        Descriptors.UndefinedValue,
        Descriptors.SlopeOutOfRange,
        Descriptors.SlopeWithoutLeakyRelu,
        Descriptors.LossNeedsLogits,
        Descriptors.LanguageVersion,
        Descriptors.LoopedKernels,
    ];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        // A declaration in generated code is compiled too, so its problems must be told too.
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.Analyze | GeneratedCodeAnalysisFlags.ReportDiagnostics);
        context.EnableConcurrentExecution();
        context.RegisterSymbolAction(Analyze, SymbolKind.NamedType);
    }

    private static void Analyze(SymbolAnalysisContext context)
    {
        var network = NetworkParser.Parse((INamedTypeSymbol)context.Symbol, context.CancellationToken);
        foreach (var problem in network.Problems.Concat(network.LoopedLayers))
        {
            context.ReportDiagnostic(problem.ToDiagnostic());
        }
    }
}
