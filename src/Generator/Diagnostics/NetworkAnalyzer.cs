using System.Collections.Immutable;
using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Whittle.Generator.Parsing;

namespace Whittle.Generator.Diagnostics;

/// <summary>
/// Remarks and advice on networks that can be compiled. What is wrong with the others is told by the generator: a network without its
/// generated half is an error of the compiler too, after which the compiler leaves analyzers out.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class NetworkAnalyzer : DiagnosticAnalyzer
{
    private const string CacheProperty = "build_property.WhittleCacheKilobytes";

    // The second cache of most processors, or what each core has of it.
    private const int DefaultCacheKilobytes = 1024;

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
        [Descriptors.LoopedKernels, Descriptors.SignalLost, Descriptors.SamplingDoesNotPay, Descriptors.TablesOutgrowCache, Descriptors.CacheSizeNotPossible];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        // A declaration in generated code is compiled too, so what there is to say about it must be told too.
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.Analyze | GeneratedCodeAnalysisFlags.ReportDiagnostics);
        context.EnableConcurrentExecution();
        context.RegisterSymbolAction(Analyze, SymbolKind.NamedType);
        context.RegisterCompilationAction(CheckCacheSize);
    }

    private static void Analyze(SymbolAnalysisContext context)
    {
        var parsed = NetworkParser.Parse((INamedTypeSymbol)context.Symbol, context.CancellationToken);
        if (parsed.Spec is not { } spec)
        {
            return;
        }

        foreach (var remark in UnrollingRemarks.Of(spec, parsed.Layers).Concat(SamplingAdvice.Of(spec, parsed.Layers, CacheKilobytes(context.Options) ?? DefaultCacheKilobytes)))
        {
            context.ReportDiagnostic(remark.ToDiagnostic());
        }
    }

    private static void CheckCacheSize(CompilationAnalysisContext context)
    {
        if (CacheKilobytes(context.Options) is null)
        {
            context.ReportDiagnostic(Diagnostic.Create(
                Descriptors.CacheSizeNotPossible, Location.None, Property(context.Options), DefaultCacheKilobytes.ToString(CultureInfo.InvariantCulture)));
        }
    }

    // Null if it is not a size.
    private static int? CacheKilobytes(AnalyzerOptions options)
    {
        var text = Property(options);
        return text.Length == 0 ? DefaultCacheKilobytes
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var kilobytes) && kilobytes > 0 ? kilobytes
            : null;
    }

    private static string Property(AnalyzerOptions options) =>
        options.AnalyzerConfigOptionsProvider.GlobalOptions.TryGetValue(CacheProperty, out var text) ? text.Trim() : "";
}
