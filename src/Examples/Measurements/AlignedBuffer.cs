using System.Runtime.InteropServices;

namespace Whittle.Examples.Measurements;

/// <summary>Floats that start at a 64-byte boundary, as the runtime's own buffers do.</summary>
public sealed class AlignedBuffer
{
    private const int Alignment = 64 / sizeof(float);
    private readonly float[] array;
    private readonly int start;
    private readonly int length;

    /// <summary>Allocates zeros.</summary>
    public AlignedBuffer(int length)
    {
        this.length = length;
        array = GC.AllocateArray<float>(length + Alignment, pinned: true);
        start = (int)((-Marshal.UnsafeAddrOfPinnedArrayElement(array, 0) & 63) / sizeof(float));
    }

    /// <summary>The floats.</summary>
    public Span<float> Span => array.AsSpan(start, length);

    /// <summary>The first float.</summary>
    public ref float First => ref array[start];
}
