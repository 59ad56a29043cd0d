using System.Buffers.Binary;
using System.IO.Compression;

namespace Whittle.Examples.Tests.Commands;

/// <summary>A temporary directory with a small data set in IDX files, some of it damaged on purpose.</summary>
internal sealed class IdxDirectory : IDisposable
{
    public const string TrainImages = "train-images-idx3-ubyte.gz";
    public const string TrainLabels = "train-labels-idx1-ubyte.gz";
    private const string TestImages = "t10k-images-idx3-ubyte.gz";
    private const string TestLabels = "t10k-labels-idx1-ubyte.gz";

    public IdxDirectory(int side = 8, byte largestLabel = 9, int images = 60)
    {
        WriteImages(TrainImages, side, images);
        WriteLabels(TrainLabels, largestLabel, images);
        WriteImages(TestImages, side, images);
        WriteLabels(TestLabels, 9, images);
    }

    public string Path { get; } = Directory.CreateTempSubdirectory("whittle-").FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Delete(string name) => System.IO.File.Delete(File(name));

    public void Truncate(string name)
    {
        var plain = Unpack(name);
        Pack(name, plain[..(plain.Length / 2)]);
    }

    public void Corrupt(string name)
    {
        var plain = Unpack(name);
        plain[2] = 0x55;
        Pack(name, plain);
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);

    private void WriteImages(string name, int side, int images)
    {
        var bytes = new byte[16 + (images * side * side)];
        Header(bytes, 0x0803, images, side, side);
        for (var index = 16; index < bytes.Length; index++)
        {
            bytes[index] = (byte)(index * 7 % 17);
        }

        Pack(name, bytes);
    }

    private void WriteLabels(string name, byte largest, int images)
    {
        var bytes = new byte[8 + images];
        Header(bytes, 0x0801, images);
        for (var index = 0; index < images; index++)
        {
            bytes[8 + index] = (byte)(index % (largest + 1));
        }

        Pack(name, bytes);
    }

    private static void Header(byte[] bytes, params int[] words)
    {
        for (var index = 0; index < words.Length; index++)
        {
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(4 * index), words[index]);
        }
    }

    private byte[] Unpack(string name)
    {
        using var source = new GZipStream(System.IO.File.OpenRead(File(name)), CompressionMode.Decompress);
        using var plain = new MemoryStream();
        source.CopyTo(plain);
        return plain.ToArray();
    }

    private void Pack(string name, byte[] plain)
    {
        using var target = new GZipStream(System.IO.File.Create(File(name)), CompressionLevel.Fastest);
        target.Write(plain);
    }
}
