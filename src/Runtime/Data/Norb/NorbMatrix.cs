using System.Buffers.Binary;

namespace Whittle;

/// <summary>
/// The header of a file in the matrix format of NORB: a magic number that tells the type of the values, the number of
/// dimensions, each dimension (at least three are written, whatever the number), all as little-endian 32-bit integers;
/// the values follow in C order.
/// </summary>
internal sealed record NorbMatrix(int[] Dimensions)
{
    private const int WrittenDimensions = 3;
    private const int MostDimensions = 4;

    // Of each dimension but the first: a damaged header must not ask for a record of gigabytes.
    private const int MostPerRecord = 1024;

    /// <summary>Types of values by their magic numbers.</summary>
    public enum ValueType : uint
    {
        /// <summary>Unsigned bytes.</summary>
        Bytes = 0x1E3D4C55,

        /// <summary>32-bit integers.</summary>
        Integers = 0x1E3D4C54,
    }

    /// <summary>The dimensions as text.</summary>
    public string Shape => string.Join(" x ", Dimensions);

    /// <summary>Reads a header and checks that it announces what is expected.</summary>
    /// <param name="path">For messages.</param>
    /// <param name="stream">At the start of the file.</param>
    /// <param name="type">The expected type.</param>
    /// <param name="content">What the file should hold, for messages.</param>
    /// <param name="dimensions">The expected sizes; 0 for any.</param>
    /// <exception cref="DataFormatException">The header is truncated, or announces something else.</exception>
    public static NorbMatrix Read(string path, Stream stream, ValueType type, string content, params ReadOnlySpan<int> dimensions)
    {
        Span<byte> header = stackalloc byte[4 * (2 + MostDimensions)];
        ReadExactly(path, stream, header[..8]);
        var magic = BinaryPrimitives.ReadUInt32LittleEndian(header);
        var count = BinaryPrimitives.ReadUInt32LittleEndian(header[4..]);
        if (magic is not ((uint)ValueType.Bytes or (uint)ValueType.Integers))
        {
            throw new DataFormatException($"{path} is not a matrix of NORB: its magic number is 0x{magic:X8}, not 0x{(uint)type:X8}; check that it is the right file.");
        }

        if (magic != (uint)type || count != dimensions.Length)
        {
            throw new DataFormatException(
                $"{path} has {count} dimensions of {Name((ValueType)magic)}, but {content} have {dimensions.Length} of {Name(type)}; check that it is the right file.");
        }

        ReadExactly(path, stream, header.Slice(8, 4 * Math.Max(dimensions.Length, WrittenDimensions)));
        var sizes = new int[dimensions.Length];
        for (var index = 0; index < sizes.Length; index++)
        {
            sizes[index] = BinaryPrimitives.ReadInt32LittleEndian(header[(8 + (4 * index))..]);
            var (least, most) = dimensions[index] > 0 ? (dimensions[index], dimensions[index]) : (1, index == 0 ? int.MaxValue : MostPerRecord);
            if (sizes[index] < least || sizes[index] > most)
            {
                throw new DataFormatException(
                    $"{path} has a dimension of size {(uint)sizes[index]} where {content} have {(least == most ? $"{least}" : $"{least} to {most}")}; the header is probably damaged: get the file again.");
            }
        }

        return new NorbMatrix(sizes);
    }

    /// <summary>Reads the next record, or tells after how many the file ends.</summary>
    /// <exception cref="DataFormatException">The file is truncated.</exception>
    public void ReadRecord(string path, Stream stream, Span<byte> record, int index)
    {
        if (stream.ReadAtLeast(record, record.Length, throwOnEndOfStream: false) < record.Length)
        {
            throw new DataFormatException($"{path} is truncated: its header announces {Shape} values but it ends within record {index} of {Dimensions[0]}; get it again.");
        }
    }

    /// <summary>Refuses a file that goes on.</summary>
    /// <exception cref="DataFormatException">There is more.</exception>
    public void ThrowIfNotAtEnd(string path, Stream stream)
    {
        if (stream.ReadByte() >= 0)
        {
            throw new DataFormatException($"{path} goes on after the {Shape} values that its header announces; get it again.");
        }
    }

    private static string Name(ValueType type) => type == ValueType.Bytes ? "bytes" : "integers";

    private static void ReadExactly(string path, Stream stream, Span<byte> part)
    {
        if (stream.ReadAtLeast(part, part.Length, throwOnEndOfStream: false) < part.Length)
        {
            throw new DataFormatException($"{path} is truncated: it ends within its header; get it again.");
        }
    }
}
