using System.Runtime.InteropServices;
using System.Text;

namespace Whittle.Bench.Peers.Protocol;

/// <summary>Lines of text and arrays of 32-bit numbers in one stream of bytes; all processors that this runs on are little-endian.</summary>
public static class RawNumbers
{
    /// <summary>Writes the numbers as they are in memory.</summary>
    public static void Write<T>(Stream stream, ReadOnlySpan<T> numbers)
        where T : unmanaged => stream.Write(MemoryMarshal.AsBytes(numbers));

    /// <summary>Reads numbers.</summary>
    /// <exception cref="EndOfStreamException">The stream ends before.</exception>
    public static T[] Read<T>(Stream stream, int count)
        where T : unmanaged
    {
        var numbers = new T[count];
        stream.ReadExactly(MemoryMarshal.AsBytes(numbers.AsSpan()));
        return numbers;
    }

    /// <summary>Reads a line without its end; null at the end of the stream.</summary>
    public static string? ReadLine(Stream stream)
    {
        var bytes = new List<byte>();
        for (var next = stream.ReadByte(); next != '\n'; next = stream.ReadByte())
        {
            if (next < 0)
            {
                return bytes.Count == 0 ? null : Encoding.UTF8.GetString([.. bytes]);
            }

            bytes.Add((byte)next);
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }
}
