using System.Runtime.Intrinsics;
using CsCheck;

namespace Whittle.Kernels.Tests;

/// <summary>Values that are the same for the same seed.</summary>
internal static class RandomDraws
{
    private static readonly string[] Switches = ["DOTNET_EnableAVX512", "DOTNET_EnableAVX2", "DOTNET_EnableHWIntrinsic"];

    /// <summary>How many architectures to try: what WHITTLE_ARCHITECTURES says, or fewer where instructions are switched off.</summary>
    public static int Count(int usual, int limited, int withoutVectors) =>
        int.TryParse(Environment.GetEnvironmentVariable("WHITTLE_ARCHITECTURES"), out var count) ? count
        : !Vector128.IsHardwareAccelerated ? withoutVectors
        : Switches.Any(name => Environment.GetEnvironmentVariable(name) == "0") ? limited
        : usual;

    public static T[] Of<T>(Gen<T> gen, int seed, int count)
    {
        var random = new PCG(1, (ulong)seed);
        return [.. Enumerable.Range(0, count).Select(_ => gen.Generate(random, null, out var _))];
    }
}
