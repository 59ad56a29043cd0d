using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Whittle;

/// <summary>Vectors of floats from anywhere, by a list of their indices, for generated kernels.</summary>
public static class LaneGather
{
    /// <summary>The floats at sixteen indices from an entry of a list on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Of16(ref float source, ref int indices, nuint entry) =>
        Vector512.Create(Of8(ref source, ref indices, entry), Of8(ref source, ref indices, entry + 8));

    /// <summary>The floats at eight indices from an entry of a list on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Of8(ref float source, ref int indices, nuint entry) =>
        Vector256.Create(Of4(ref source, ref indices, entry), Of4(ref source, ref indices, entry + 4));

    /// <summary>The floats at four indices from an entry of a list on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Of4(ref float source, ref int indices, nuint entry)
    {
        ref var first = ref Unsafe.Add(ref indices, entry);
        return Vector128.Create(
            Unsafe.Add(ref source, first),
            Unsafe.Add(ref source, Unsafe.Add(ref first, 1)),
            Unsafe.Add(ref source, Unsafe.Add(ref first, 2)),
            Unsafe.Add(ref source, Unsafe.Add(ref first, 3)));
    }
}
