using System.Buffers.Binary;

namespace Whittle;

/// <summary>
/// The content of one IDX file of unsigned bytes: two zero bytes, 0x08, the number of dimensions, each dimension as a
/// big-endian 32-bit integer, then the values in C order.
/// </summary>
internal sealed record IdxArray(int[] Dimensions, byte[] Values)
{
    private const byte UnsignedByte = 0x08;
    private const int MaximalDimensions = 4;
    private const int FirstBuffer = 1 << 20;

    /// <summary>Reads a file; memory grows with what is really there, not with what the header claims.</summary>
    /// <exception cref="DataFormatException">The file is not a readable, complete IDX file of unsigned bytes.</exception>
    public static IdxArray Read(string path) => DataFile.Read(path, stream =>
    {
        var dimensions = ReadHeader(path, stream);
        var expected = dimensions.Aggregate(1L, (product, dimension) => Math.Min(product * dimension, int.MaxValue));
        if (expected > Array.MaxLength)
        {
            throw new DataFormatException($"{path} claims {string.Join(" x ", dimensions)} values, more than one array can hold; the header is probably damaged: get the file again.");
        }

        var values = new byte[Math.Min((int)expected, FirstBuffer)];
        var length = 0;
        while (true)
        {
            length += stream.ReadAtLeast(values.AsSpan(length), values.Length - length, throwOnEndOfStream: false);
            if (length == expected)
            {
                break;
            }

            if (length < values.Length)
            {
                throw new DataFormatException($"{path} is truncated: its header announces {expected} values ({string.Join(" x ", dimensions)}) but {length} follow; get it again.");
            }

            Array.Resize(ref values, (int)Math.Min(expected, 2L * values.Length));
        }

        return stream.ReadByte() < 0
            ? new IdxArray(dimensions, values)
            : throw new DataFormatException($"{path} goes on after the {expected} values that its header announces ({string.Join(" x ", dimensions)}); get it again.");
    });

    private static int[] ReadHeader(string path, Stream stream)
    {
        Span<byte> header = stackalloc byte[4 + (4 * MaximalDimensions)];
        var magic = header[..4];
        if (stream.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false) < magic.Length)
        {
            throw new DataFormatException($"{path} is truncated: it is shorter than the header of an IDX file; get it again.");
        }

        if (magic[0] != 0 || magic[1] != 0)
        {
            throw new DataFormatException($"{path} is not an IDX file: it starts with {Convert.ToHexString(magic)}, not with 0000; check that it is the right file.");
        }

        if (magic[2] != UnsignedByte)
        {
            throw new DataFormatException($"{path} holds IDX values of type 0x{magic[2]:X2}; only unsigned bytes (0x08) are supported.");
        }

        int count = magic[3];
        if (count is 0 or > MaximalDimensions)
        {
            throw new DataFormatException($"{path} has {count} dimensions; expected 1 for labels, 2 to {MaximalDimensions} for images.");
        }

        var sizes = header.Slice(4, 4 * count);
        if (stream.ReadAtLeast(sizes, sizes.Length, throwOnEndOfStream: false) < sizes.Length)
        {
            throw new DataFormatException($"{path} is truncated: it ends within its header; get it again.");
        }

        var dimensions = new int[count];
        for (var index = 0; index < count; index++)
        {
            dimensions[index] = BinaryPrimitives.ReadInt32BigEndian(sizes[(4 * index)..]);
            if (dimensions[index] < 1)
            {
                throw new DataFormatException($"{path} has a dimension of size {(uint)dimensions[index]}; sizes must be from 1 to {int.MaxValue}: the header is probably damaged.");
            }
        }

        return dimensions;
    }
}
