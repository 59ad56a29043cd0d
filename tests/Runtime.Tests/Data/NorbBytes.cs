using System.Buffers.Binary;

namespace Whittle.Runtime.Tests.Data;

/// <summary>Small files in the matrix format of NORB.</summary>
internal static class NorbBytes
{
    /// <summary>Pairs of images whose bytes count up.</summary>
    public static byte[] Images(int scenes, int height = 6, int width = 6)
    {
        var values = Enumerable.Range(0, scenes * 2 * height * width).Select(value => (byte)value).ToArray();
        return Make(0x1E3D4C55, [scenes, 2, height, width], values);
    }

    public static byte[] Classes(params int[] classes) => Integers([classes.Length], classes);

    public static byte[] Views(int scenes, params int[] values) => Integers([scenes, 4], values);

    public static byte[] Make(uint magic, int[] dimensions, byte[] values)
    {
        // At least three sizes are written.
        var written = dimensions.Concat([1, 1, 1]).Take(Math.Max(3, dimensions.Length)).ToArray();
        var file = new byte[8 + (4 * written.Length) + values.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(file, magic);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(4), dimensions.Length);
        for (var index = 0; index < written.Length; index++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(8 + (4 * index)), written[index]);
        }

        values.CopyTo(file.AsSpan(8 + (4 * written.Length)));
        return file;
    }

    private static byte[] Integers(int[] dimensions, int[] values)
    {
        var bytes = new byte[4 * values.Length];
        for (var index = 0; index < values.Length; index++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4 * index), values[index]);
        }

        return Make(0x1E3D4C54, dimensions, bytes);
    }
}
