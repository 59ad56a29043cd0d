namespace Whittle.Runtime.Tests.Data;

public sealed class CifarTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_record_becomes_the_red_green_and_blue_planes_from_0_to_1(bool gzip)
    {
        var image = new byte[3072];
        (image[0], image[1023], image[1024], image[2048], image[3071]) = (255, 51, 102, 153, 204);
        byte[] file = [.. Record(0), .. (byte[])[7, .. image]];
        var data = CifarFile.Load(directory.Write("batch", gzip ? IdxBytes.Gzip(file) : file));

        Assert.Equal((2, 3072, 10), (data.Count, data.Features, data.Classes));
        Assert.Equal([0, 7], data.Labels);
        Assert.Equal("horse", data.ClassName(data.Labels[1]));
        Assert.Null(data.ImageSize);
        var row = data.Row(1).ToArray();
        Assert.Equal([1f, 0.2f, 0.4f, 0.6f, 0.8f], new[] { row[0], row[1023], row[1024], row[2048], row[3071] });
        Assert.Equal(3067, row.Count(value => value == 0));
    }

    [Fact]
    public void Grey_is_the_luma_of_the_three_planes()
    {
        var image = new byte[3072];
        (image[0], image[1024 + 1], image[2048 + 2]) = (255, 255, 255);
        (image[3], image[1024 + 3], image[2048 + 3]) = (255, 255, 255);
        (image[1023], image[2047], image[3071]) = (10, 20, 30);
        var data = CifarFile.Load(directory.Write("batch", [3, .. image]), grey: true);

        Assert.Equal((1, 1024), (data.Count, data.Features));
        Assert.Equal(new ImageSize(32, 32), data.ImageSize);
        var row = data.Row(0);
        Assert.Equal([0.299f, 0.587f, 0.114f, 1], row[..4].ToArray(), (left, right) => MathF.Abs(left - right) < 1e-6f);
        Assert.Equal(((0.299 * 10) + (0.587 * 20) + (0.114 * 30)) / 255, row[1023], 1e-6);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("", ".gz")]
    [InlineData("cifar-10-batches-bin", "")]
    public void The_six_files_are_found_in_the_directory_or_that_of_the_archive(string folder, string suffix)
    {
        WriteSet(folder, suffix);
        var (train, test) = CifarDataset.Load(directory.Path, grey: true);

        Assert.Equal([1, 2, 3, 4, 5], train.Labels);
        Assert.Equal([9], test.Labels);
    }

    [Fact]
    public void Missing_files_are_all_named()
    {
        WriteSet("", "");
        File.Delete(Path.Combine(directory.Path, "data_batch_3.bin"));
        File.Delete(Path.Combine(directory.Path, "test_batch.bin"));
        Assert.Contains("has no file data_batch_3.bin, test_batch.bin (plain or .gz)", Error(() => CifarDataset.Load(directory.Path)));
        Assert.Contains("does not exist", Error(() => CifarDataset.Load(Path.Combine(directory.Path, "none"))));
        Assert.Contains("is a file", Error(() => CifarDataset.Load(directory.Write("file", "x"))));
    }

    [Fact]
    public void Damaged_files_are_refused_with_the_reason()
    {
        byte[] two = [.. Record(1), .. Record(2)];

        Refuses("truncated: after 0 whole images it ends with 0 bytes", []);
        Refuses("truncated: after 1 whole images it ends with 3072 bytes", two[..^1]);
        Refuses("truncated: after 2 whole images it ends with 1 bytes", [.. two, 0]);
        Refuses("image 1 has the label 10, but CIFAR-10 has 0 to 9", [.. Record(1), .. Record(10)]);
        Refuses("damaged: its gzip data", [.. IdxBytes.Gzip(two)[..^6], 1, 2, 3, 4, 5, 6]);
    }

    [Fact]
    public void A_packed_file_that_does_not_end_is_refused()
    {
        // Packed parts one after the other are one packed file.
        var part = IdxBytes.Gzip(new byte[1_000 * 3073]);
        Refuses("goes on after 60000 images", [.. Enumerable.Repeat(part, 61).SelectMany(bytes => bytes)], grey: true);
    }

    [Fact]
    public void The_real_set_is_read()
    {
        var path = SharedData.Directory("cifar-10");
        Assert.SkipUnless(File.Exists(Path.Combine(path, "data_batch_1.bin")) && File.Exists(Path.Combine(path, "test_batch.bin")), "The binary files of CIFAR-10 are not here.");
        var (train, test) = CifarDataset.Load(path);

        Assert.Equal((50_000, 3072, 10), (train.Count, train.Features, train.Classes));
        Assert.All(Enumerable.Range(0, 10), label => Assert.Equal(5_000, train.Labels.Count(label)));
        Assert.Equal(test.Count, test.Labels.Length);

        // The means of the channels that users of CIFAR-10 subtract: 0.4914, 0.4822, 0.4465.
        double[] means = [0.4914, 0.4822, 0.4465];
        for (var plane = 0; plane < 3; plane++)
        {
            var mean = Enumerable.Range(0, train.Count).Average(row => (double)System.Numerics.Tensors.TensorPrimitives.Sum(train.Row(row).Slice(plane * 1024, 1024)) / 1024);
            Assert.Equal(means[plane], mean, 6e-5);
        }
    }

    /// <summary>An image whose pixels count up, with its label before it.</summary>
    internal static byte[] Record(byte label) => [label, .. Enumerable.Range(0, 3072).Select(pixel => (byte)(pixel + label))];

    private void WriteSet(string folder, string suffix)
    {
        Directory.CreateDirectory(Path.Combine(directory.Path, folder));
        foreach (var (name, label) in Enumerable.Range(1, 5).Select(number => ($"data_batch_{number}.bin", number)).Append(("test_batch.bin", 9)))
        {
            directory.Write(Path.Combine(folder, name + suffix), suffix.Length > 0 ? IdxBytes.Gzip(Record((byte)label)) : Record((byte)label));
        }
    }

    private void Refuses(string reason, byte[] content, bool grey = false)
    {
        var path = directory.Write("batch", content);
        Assert.Contains(reason, Error(() => CifarFile.Load(path, grey)));
    }

    private static string Error(Func<object> action)
    {
        var message = Assert.Throws<DataFormatException>(action).Message;
        Assert.DoesNotContain('\n', message);
        return message;
    }
}
