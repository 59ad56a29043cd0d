using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Whittle;

/// <summary>Asks for cache lines before generated kernels need them. Advice only: no value depends on it.</summary>
public static class CachePrefetch
{
    /// <summary>Fetches the line of one float into the first cache, where the processor can be asked to.</summary>
    /// <param name="start">Start of the memory.</param>
    /// <param name="offset">Index of the float.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Line(ref float start, nuint offset)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(Unsafe.AsPointer(ref Unsafe.Add(ref start, offset)));
        }
    }

    /// <summary>Fetches the line of one float into the second cache, where the processor can be asked to. It may lie past the end of the memory.</summary>
    /// <param name="start">Start of the memory.</param>
    /// <param name="offset">Index of the float.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void SecondLevel(ref float start, nuint offset)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch1(Unsafe.AsPointer(ref Unsafe.Add(ref start, offset)));
        }
    }
}
