using System.Security.Cryptography;
using Whittle.Runtime.Tests.Files;

namespace Whittle.Runtime.Tests.Data;

/// <summary>A reader with the sound files that it takes; fuzzing damages one of them at a time.</summary>
/// <param name="Files">Content by file name.</param>
/// <param name="Read">Reads the files of a directory and asserts that what came out is sound.</param>
internal sealed record FuzzedReader(IReadOnlyDictionary<string, byte[]> Files, Action<string> Read)
{
    /// <summary>Every reader of the library, by name.</summary>
    public static IReadOnlyDictionary<string, Func<FuzzedReader>> All { get; } = new Dictionary<string, Func<FuzzedReader>>
    {
        ["IDX"] = Idx,
        ["NORB"] = Norb,
        ["CIFAR-10"] = Cifar,
        ["CSV"] = Csv,
        ["model"] = () => Model(isSigned: false),
        ["model with a right checksum"] = () => Model(isSigned: true),
    };

    /// <summary>What is done to a damaged file before it is read.</summary>
    public Func<byte[], byte[]> Finish { get; init; } = bytes => bytes;

    private static FuzzedReader Idx() => new(
        new Dictionary<string, byte[]> { ["images"] = IdxBytes.Images(5), ["labels"] = IdxBytes.Labels(0, 1, 2, 3, 4) },
        directory => AssertSound(IdxFile.Load(Path.Combine(directory, "images"), Path.Combine(directory, "labels"), new IdxOptions { Classes = 5 })));

    private static FuzzedReader Norb() => new(
        new Dictionary<string, byte[]>
        {
            ["dat"] = NorbBytes.Images(3),
            ["cat"] = NorbBytes.Classes(4, 0, 2),
            ["info"] = NorbBytes.Views(3, 4, 8, 34, 5, 0, 0, 0, 0, 9, 1, 2, 3),
        },
        directory =>
        {
            AssertSound(NorbFile.Load(Path.Combine(directory, "dat"), Path.Combine(directory, "cat"), new NorbOptions { Camera = NorbCamera.Right, Reduction = 2 }));
            Assert.All(NorbFile.LoadViews(Path.Combine(directory, "info")), view => Assert.InRange(view.Azimuth, 0, 34));
        });

    private static FuzzedReader Cifar() => new(
        new Dictionary<string, byte[]> { ["batch"] = [.. CifarTests.Record(3), .. CifarTests.Record(9)] },
        directory =>
        {
            AssertSound(CifarFile.Load(Path.Combine(directory, "batch")));
            AssertSound(CifarFile.Load(Path.Combine(directory, "batch"), grey: true));
        });

    private static FuzzedReader Csv() => new(
        new Dictionary<string, byte[]> { ["table"] = "id,\"x 1\",x2,class\n1,2.5,-3,red\n2,\"4\",5e-1,\"dark, blue\"\n3,6,7,red\n"u8.ToArray() },
        directory =>
        {
            var data = CsvFile.Load(Path.Combine(directory, "table"));
            Assert.All(data.Labels.ToArray(), label => Assert.InRange(label, 0, data.Classes - 1));
            Assert.All(Enumerable.Range(0, data.Count), row => Assert.All(data.Row(row).ToArray(), value => Assert.True(float.IsFinite(value))));
        });

    private static FuzzedReader Model(bool isSigned)
    {
        using var scratch = new TemporaryDirectory();
        var path = Path.Combine(scratch.Path, "model");
        using (var network = new TinyNetwork(seed: 4, 1))
        {
            network.InputScaling = Scaling.PerFeature([1, 2, 3], [4, 5, 6]);
            network.Save(path);
        }

        var sound = File.ReadAllBytes(path);
        return new FuzzedReader(
            new Dictionary<string, byte[]> { ["model"] = sound },
            directory =>
            {
                using var loaded = ModelFile.Load<TinyNetwork>(Path.Combine(directory, "model"));
                Assert.True(isSigned || File.ReadAllBytes(Path.Combine(directory, "model")).AsSpan().SequenceEqual(sound), "A damaged model was read.");
                var weights = new float[18];
                loaded.GetWeights(0, weights);
                Assert.All(weights, weight => Assert.True(float.IsFinite(weight)));
            })
        {
            Finish = isSigned ? Sign : bytes => bytes,
        };
    }

    private static void AssertSound(Dataset data)
    {
        Assert.All(data.Labels.ToArray(), label => Assert.InRange(label, 0, data.Classes - 1));
        for (var row = 0; row < data.Count; row++)
        {
            foreach (var pixel in data.Row(row))
            {
                Assert.True(pixel is >= 0 and <= 1);
            }
        }
    }

    // Puts the checksum right, so that damage reaches what comes after its test.
    private static byte[] Sign(byte[] bytes)
    {
        var key = "whittle.sha256\":\""u8;
        var start = bytes.AsSpan().IndexOf(key) + key.Length;
        if (start < key.Length || start + 64 > bytes.Length)
        {
            return bytes;
        }

        var signed = (byte[])bytes.Clone();
        signed.AsSpan(start, 64).Fill((byte)'0');
        System.Text.Encoding.ASCII.GetBytes(Convert.ToHexStringLower(SHA256.HashData(signed)), signed.AsSpan(start));
        return signed;
    }
}
