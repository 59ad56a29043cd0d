using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Whittle.Generator.Emit;
using Whittle.Generator.Lowering;

namespace Whittle.Kernels.Tests;

/// <summary>Runs one kernel on the memory of a pass.</summary>
internal delegate void KernelRun(scoped ref readonly LayerPass pass);

/// <summary>Runs one kernel of hash codes.</summary>
internal delegate void HashRun(scoped ref readonly HashPass pass);

/// <summary>Runs one kernel that ends with an update rule.</summary>
internal delegate void UpdateRun<TRule>(scoped ref readonly TRule rule, scoped ref readonly LayerPass pass);

/// <summary>Kernels compiled from their emitted text at the strictest warning level, and loaded.</summary>
internal sealed class CompiledKernels : IDisposable
{
    private const string EmbeddedAttribute = "namespace Microsoft.CodeAnalysis { internal sealed class EmbeddedAttribute : System.Attribute { } }";

    public static readonly MetadataReference[] References =
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
        .Split(Path.PathSeparator)
        .Select(path => (MetadataReference)MetadataReference.CreateFromFile(path))
        .ToArray();

    private readonly AssemblyLoadContext context = new("kernels", isCollectible: true);
    private readonly Assembly assembly;

    public CompiledKernels(IEnumerable<KernelSpec> kernels)
    {
        var options = new CSharpParseOptions(LanguageVersion.Preview);
        var trees = kernels.Distinct()
            .Select(SourceFiles.ForKernel)
            .Select(file => CSharpSyntaxTree.ParseText(file.Text, options, file.HintName, cancellationToken: TestContext.Current.CancellationToken))
            .Append(CSharpSyntaxTree.ParseText(EmbeddedAttribute, options, cancellationToken: TestContext.Current.CancellationToken));
        var compilation = CSharpCompilation.Create(
            "Kernels",
            trees,
            References,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release, warningLevel: 9999, generalDiagnosticOption: ReportDiagnostic.Error));
        using var image = new MemoryStream();
        var result = compilation.Emit(image, cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).Take(10)));
        image.Position = 0;
        assembly = context.LoadFromStream(image);
    }

    public KernelRun Run(KernelSpec kernel) => Method(kernel).CreateDelegate<KernelRun>();

    public HashRun Hash(KernelSpec kernel) => Method(kernel).CreateDelegate<HashRun>();

    public UpdateRun<TRule> Run<TRule>(KernelSpec kernel)
        where TRule : struct, IUpdateRule => Method(kernel).MakeGenericMethod(typeof(TRule)).CreateDelegate<UpdateRun<TRule>>();

    public void Dispose() => context.Unload();

    private MethodInfo Method(KernelSpec kernel) =>
        assembly.GetType("Whittle.Generated." + kernel.ClassName, throwOnError: true)!.GetMethod("Run", BindingFlags.Public | BindingFlags.Static)!;
}
