using Whittle.Generator.Lowering;
using Whittle.Generator.Model;

namespace Whittle.Generator.Emit;

/// <summary>The files that the generator adds to a compilation.</summary>
internal static class SourceFiles
{
    public static (string HintName, string Text) ForNetwork(NetworkSpec network) =>
        (network.FullName + ".g.cs", NetworkEmitter.Emit(network));

    public static (string HintName, string Text) ForKernel(KernelSpec kernel) =>
        ($"Whittle.{kernel.ClassName}.g.cs", KernelEmitter.Emit(kernel));

    public static (string HintName, string Text) ForFused(FusedKernel kernel) =>
        ($"Whittle.{kernel.ClassName}.g.cs", FusedEmitter.Emit(kernel));
}
