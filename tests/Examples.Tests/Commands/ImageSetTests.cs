using System.Buffers.Binary;

namespace Whittle.Examples.Tests.Commands;

/// <summary>Sets of a few images in the formats of NORB and CIFAR-10, from the command line to a prediction.</summary>
public sealed class ImageSetTests : IDisposable
{
    private const int Images = 24;
    private readonly string root = Directory.CreateTempSubdirectory("whittle-sets-").FullName;

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Theory]
    [InlineData("cifar-10", "cifar-10", "airplane")]
    [InlineData("cifar-10-grey", "cifar-10", "airplane")]
    [InlineData("norb", "norb", "animal")]
    public async Task A_set_is_found_below_its_name_trained_and_predicted(string name, string folder, string firstClass)
    {
        var directory = Directory.CreateDirectory(Path.Combine(root, folder)).FullName;
        if (folder == "norb")
        {
            WriteNorb(directory);
        }
        else
        {
            WriteCifar(directory);
        }

        var model = Path.Combine(root, "model.safetensors");
        var training = await ExampleProgram.RunAsync("train", "--data", name, "--path", root, "--epochs", "1", "--save", model);
        Assert.Equal((0, ""), (training.ExitCode, training.Error));
        Assert.Contains($"images of {name} to train on, {Images} to test", training.Output, StringComparison.Ordinal);

        var prediction = await ExampleProgram.RunAsync("predict", "--data", name, "--path", directory, "--model", model);
        Assert.Equal((0, ""), (prediction.ExitCode, prediction.Error));
        Assert.EndsWith($"truth {firstClass}", prediction.Output.TrimEnd(), StringComparison.Ordinal);
    }

    private static void WriteCifar(string directory)
    {
        foreach (var name in Enumerable.Range(1, 5).Select(number => $"data_batch_{number}").Append("test_batch"))
        {
            using var file = File.Create(Path.Combine(directory, name + ".bin"));
            for (var image = 0; image < Images; image++)
            {
                file.WriteByte((byte)(image % 10));
                file.Write([.. Enumerable.Range(0, 3072).Select(pixel => (byte)(pixel * (image + 1)))]);
            }
        }
    }

    private static void WriteNorb(string directory)
    {
        foreach (var part in new[] { "5x46789x9x18x6x2x96x96-training", "5x01235x9x18x6x2x96x96-testing" })
        {
            var pixels = Enumerable.Range(0, Images * 2 * 96 * 96).Select(pixel => (byte)(pixel % 251)).ToArray();
            File.WriteAllBytes(Path.Combine(directory, $"smallnorb-{part}-dat.mat"), [.. Words(0x1E3D4C55, 4, Images, 2, 96, 96), .. pixels]);
            File.WriteAllBytes(Path.Combine(directory, $"smallnorb-{part}-cat.mat"), Words([0x1E3D4C54, 1, Images, 1, 1, .. Enumerable.Range(0, Images).Select(scene => scene % 5)]));
        }
    }

    private static byte[] Words(params int[] values)
    {
        var bytes = new byte[4 * values.Length];
        for (var index = 0; index < values.Length; index++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4 * index), values[index]);
        }

        return bytes;
    }
}
