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

/// <summary>Runs the kernel of a whole network.</summary>
internal delegate void NetworkRun(scoped ref readonly NetworkPass pass);

/// <summary>Runs the kernel of a whole network that ends with an update rule.</summary>
internal delegate void NetworkUpdateRun<TRule>(scoped ref readonly TRule rule, scoped ref readonly NetworkPass pass);

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
        : this(kernels.Distinct().Select(SourceFiles.ForKernel))
    {
    }

    public CompiledKernels(IEnumerable<FusedKernel> kernels)
        : this(kernels.Distinct().Select(SourceFiles.ForFused))
    {
    }

    private CompiledKernels(IEnumerable<(string HintName, string Text)> files)
    {
        var options = new CSharpParseOptions(LanguageVersion.Preview);
        var trees = files.Select(file => CSharpSyntaxTree.ParseText(file.Text, options, file.HintName, cancellationToken: TestContext.Current.CancellationToken))
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

    public KernelRun Run(KernelSpec kernel) => Method(kernel.ClassName).CreateDelegate<KernelRun>();

    public NetworkRun Run(FusedKernel kernel) => Method(kernel.ClassName).CreateDelegate<NetworkRun>();

    public HashRun Hash(KernelSpec kernel) => Method(kernel.ClassName).CreateDelegate<HashRun>();

    public UpdateRun<TRule> Run<TRule>(KernelSpec kernel)
        where TRule : struct, IUpdateRule => Method(kernel.ClassName).MakeGenericMethod(typeof(TRule)).CreateDelegate<UpdateRun<TRule>>();

    public NetworkUpdateRun<TRule> Run<TRule>(FusedKernel kernel)
        where TRule : struct, IUpdateRule => Method(kernel.ClassName).MakeGenericMethod(typeof(TRule)).CreateDelegate<NetworkUpdateRun<TRule>>();

    public void Dispose() => context.Unload();

    private MethodInfo Method(string className) =>
        assembly.GetType("Whittle.Generated." + className, throwOnError: true)!.GetMethod("Run", BindingFlags.Public | BindingFlags.Static)!;
}
