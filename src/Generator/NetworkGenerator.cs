using System.Collections.Immutable;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using Whittle.Generator.Diagnostics;
using Whittle.Generator.Emit;
using Whittle.Generator.Lowering;
using Whittle.Generator.Model;
using Whittle.Generator.Parsing;

namespace Whittle.Generator;

/// <summary>Compiles every declared network: parse, lower, schedule, emit.</summary>
[Generator(LanguageNames.CSharp)]
public sealed class NetworkGenerator : IIncrementalGenerator
{
    private readonly Func<NetworkSpec, (string HintName, string Text)> fileOfNetwork;

    /// <summary>Makes the generator; the compiler does.</summary>
    public NetworkGenerator()
        : this(SourceFiles.ForNetwork)
    {
    }

    /// <summary>With another last stage, for tests of what happens when it fails.</summary>
    internal NetworkGenerator(Func<NetworkSpec, (string HintName, string Text)> fileOfNetwork) => this.fileOfNetwork = fileOfNetwork;

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        // Kernels are marked Embedded, so that another assembly with InternalsVisibleTo may have equal ones.
        context.RegisterPostInitializationOutput(static output => output.AddEmbeddedAttributeDefinition());

        // The MSBuild switch that turns the generator off.
        IncrementalValueProvider<bool> disabled = context.AnalyzerConfigOptionsProvider
            .Select(static (options, _) =>
                options.GlobalOptions.TryGetValue("build_property.DisableWhittleSourceGenerator", out var value)
                && string.Equals(value, "true", StringComparison.OrdinalIgnoreCase))
            .WithTrackingName(Stages.Disabled);

        // Every class with [Network], and those that have layers alone, as values.
        IncrementalValuesProvider<Attempt<Declared>> declarations = Declarations(context, disabled, MetadataNames.Network, Stages.Declaration);
        IncrementalValueProvider<ImmutableArray<Attempt<Declared>>> layered = Layered(MetadataNames.Dense)
            .Combine(Layered(MetadataNames.NodeSampled))
            .Combine(Layered(MetadataNames.InputSampled))
            .Select(static (all, _) => all.Left.Left.AddRange(all.Left.Right).AddRange(all.Right));

        IncrementalValueProvider<ImmutableArray<Attempt<Declared>>> Layered(string attribute) =>
            Declarations(context, disabled, attribute, Stages.LayeredClass).Collect();

        IncrementalValuesProvider<NetworkSpec> networks = declarations
            .Where(static declaration => declaration.Value?.Network is not null)
            .Select(static (declaration, _) => declaration.Value!.Network!)
            .WithTrackingName(Stages.Network);

        // A class in several parts comes once for each part with such an attribute.
        IncrementalValuesProvider<ProblemSpec> problems = declarations
            .Collect()
            .Combine(layered)
            .SelectMany(static (all, _) => all.Left.Concat(all.Right)
                .Where(declaration => declaration.Value is not null)
                .SelectMany(declaration => declaration.Value!.Problems)
                .Distinct())
            .WithTrackingName(Stages.Problem);

        // Names that differ in case only would make one file.
        IncrementalValueProvider<EquatableArray<string>> ambiguous = networks
            .Select(static (network, _) => network.FullName)
            .Collect()
            .Select(static (names, _) => Ambiguous(names))
            .WithTrackingName(Stages.AmbiguousNames);

        IncrementalValuesProvider<Attempt<SourceFile>> networkFiles = networks
            .Combine(ambiguous)
            .Select((pair, _) => Attempt<SourceFile>.At(pair.Left.FullName, () => NetworkFile(pair.Left, pair.Right)))
            .WithTrackingName(Stages.NetworkFile);

        // The kernels of all networks, equal ones once.
        IncrementalValuesProvider<Attempt<EquatableArray<KernelSpec>>> kernelsOfNetworks = networks
            .Select(static (network, _) => Attempt<EquatableArray<KernelSpec>>.At(network.FullName, () => KernelSpecs.Of(network)))
            .WithTrackingName(Stages.KernelsOfNetwork);

        IncrementalValuesProvider<KernelSpec> kernels = kernelsOfNetworks
            .SelectMany(static (network, _) => network.Value)
            .Collect()
            .SelectMany(static (all, _) => all.Distinct())
            .WithTrackingName(Stages.Kernel);

        IncrementalValuesProvider<Attempt<SourceFile>> kernelFiles = kernels
            .Select(static (kernel, _) => Attempt<SourceFile>.At(kernel.ClassName, () => File(SourceFiles.ForKernel(kernel))))
            .WithTrackingName(Stages.KernelFile);

        // Small networks also have a kernel for each pass over all layers; equal ones once.
        IncrementalValuesProvider<FusedKernel> fused = networks
            .SelectMany(static (network, _) => FusedKernel.Of(network, FusedPass.Forward).Concat(FusedKernel.Of(network, FusedPass.Backward)))
            .Collect()
            .SelectMany(static (all, _) => all.Distinct())
            .WithTrackingName(Stages.Fused);

        IncrementalValuesProvider<Attempt<SourceFile>> fusedFiles = fused
            .Select(static (kernel, _) => Attempt<SourceFile>.At(kernel.ClassName, () => File(SourceFiles.ForFused(kernel))))
            .WithTrackingName(Stages.FusedFile);

        context.RegisterSourceOutput(problems, static (output, problem) => output.ReportDiagnostic(problem.ToDiagnostic()));
        context.RegisterSourceOutput(networkFiles, static (output, file) => Add(output, file));
        context.RegisterSourceOutput(kernelFiles, static (output, file) => Add(output, file));
        context.RegisterSourceOutput(fusedFiles, static (output, file) => Add(output, file));
        context.RegisterSourceOutput(declarations, static (output, declaration) => Report(output, declaration.Network, declaration.Error));
        context.RegisterSourceOutput(kernelsOfNetworks, static (output, network) => Report(output, network.Network, network.Error));
    }

    private static IncrementalValuesProvider<Attempt<Declared>> Declarations(
        IncrementalGeneratorInitializationContext context, IncrementalValueProvider<bool> disabled, string attribute, string stage) => context.SyntaxProvider
        .ForAttributeWithMetadataName(
            attribute,
            static (node, _) => node is TypeDeclarationSyntax,
            static (declaration, cancellation) => Attempt<Declared>.At(
                declaration.TargetSymbol.Name,
                () => NetworkParser.Parse((INamedTypeSymbol)declaration.TargetSymbol, cancellation).ToDeclared()))
        .Combine(disabled)
        .Where(static pair => !pair.Right)
        .Select(static (pair, _) => pair.Left)
        .WithTrackingName(stage);

    private SourceFile NetworkFile(NetworkSpec network, EquatableArray<string> ambiguous)
    {
        var file = File(fileOfNetwork(network));
        var position = ambiguous.ToList().IndexOf(network.FullName);
        return position < 0 ? file : file with { HintName = FormattableString.Invariant($"{position + 1}.{file.HintName}") };
    }

    private static SourceFile File((string HintName, string Text) file) => new(file.HintName, file.Text);

    private static EquatableArray<string> Ambiguous(ImmutableArray<string> names) => names
        .GroupBy(name => name, StringComparer.OrdinalIgnoreCase)
        .Where(group => group.Count() > 1)
        .SelectMany(group => group)
        .OrderBy(name => name, StringComparer.Ordinal)
        .ToEquatableArray();

    private static void Add(SourceProductionContext output, Attempt<SourceFile> file)
    {
        if (file.Value is { } source)
        {
            output.AddSource(source.HintName, SourceText.From(source.Text, Encoding.UTF8));
        }

        Report(output, file.Network, file.Error);
    }

    private static void Report(SourceProductionContext output, string network, string? error)
    {
        if (error is not null)
        {
            output.ReportDiagnostic(Diagnostic.Create(Descriptors.InternalError, Location.None, network, error));
        }
    }

    /// <summary>Names of the stages, by which tests ask what was cached.</summary>
    internal static class Stages
    {
        public const string Disabled = nameof(Disabled);
        public const string Declaration = nameof(Declaration);
        public const string LayeredClass = nameof(LayeredClass);
        public const string Network = nameof(Network);
        public const string Problem = nameof(Problem);
        public const string AmbiguousNames = nameof(AmbiguousNames);
        public const string NetworkFile = nameof(NetworkFile);
        public const string KernelsOfNetwork = nameof(KernelsOfNetwork);
        public const string Kernel = nameof(Kernel);
        public const string KernelFile = nameof(KernelFile);
        public const string Fused = nameof(Fused);
        public const string FusedFile = nameof(FusedFile);

        public static readonly string[] All =
            [Disabled, Declaration, LayeredClass, Network, Problem, AmbiguousNames, NetworkFile, KernelsOfNetwork, Kernel, KernelFile, Fused, FusedFile];
    }
}
