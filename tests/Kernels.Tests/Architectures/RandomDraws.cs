using CsCheck;

namespace Whittle.Kernels.Tests;

/// <summary>Values that are the same for the same seed.</summary>
internal static class RandomDraws
{
    public static T[] Of<T>(Gen<T> gen, int seed, int count)
    {
        var random = new PCG(1, (ulong)seed);
        return [.. Enumerable.Range(0, count).Select(_ => gen.Generate(random, null, out var _))];
    }
}
