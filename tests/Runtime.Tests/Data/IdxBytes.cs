using System.Buffers.Binary;
using System.IO.Compression;

namespace Whittle.Runtime.Tests.Data;

/// <summary>Small IDX files for the tests.</summary>
internal static class IdxBytes
{
    /// <summary>Images of height 2 and width 3 whose pixels count up.</summary>
    public static byte[] Images(int count) => Make([count, 2, 3], [.. Enumerable.Range(0, count * 6).Select(value => (byte)value)]);

    public static byte[] Labels(params byte[] labels) => Make([labels.Length], labels);

    public static byte[] Make(int[] dimensions, byte[] values)
    {
        var file = new byte[4 + (4 * dimensions.Length) + values.Length];
        file[2] = 0x08;
        file[3] = (byte)dimensions.Length;
        for (var index = 0; index < dimensions.Length; index++)
        {
            BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(4 + (4 * index)), dimensions[index]);
        }

        values.CopyTo(file.AsSpan(4 + (4 * dimensions.Length)));
        return file;
    }

    public static byte[] Gzip(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var stream = new GZipStream(packed, CompressionLevel.Optimal))
        {
            stream.Write(content);
        }

        return packed.ToArray();
    }
}
