namespace Whittle.Runtime.Tests.Data;

public sealed class IdxFileTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Images_become_rows_from_0_to_1_plain_or_gzip_whatever_the_name(bool gzip)
    {
        var data = Load(Pack(IdxBytes.Make([2, 1, 2], [0, 255, 51, 102])), Pack(IdxBytes.Labels(3, 1)));

        Assert.Equal((2, 2, 4), (data.Count, data.Features, data.Classes));
        Assert.Equal([0f, 1], data.Row(0));
        Assert.Equal([0.2f, 0.4f], data.Row(1));
        Assert.Equal([3, 1], data.Labels);
        Assert.Equal(new ImageSize(1, 2), data.ImageSize);
        Assert.Null(data.Scaling);

        byte[] Pack(byte[] content) => gzip ? IdxBytes.Gzip(content) : content;
    }

    [Fact]
    public void Emnist_letters_are_turned_and_counted_from_0()
    {
        var options = IdxOptions.EmnistLetters;
        var data = Load(IdxBytes.Images(2), IdxBytes.Labels(1, 26), options);

        Assert.Equal(new ImageSize(3, 2), data.ImageSize);
        Assert.Equal([0, 3, 1, 4, 2, 5], data.Row(0).ToArray().Select(value => (int)MathF.Round(value * 255)));
        Assert.Equal([6, 9, 7, 10, 8, 11], data.Row(1).ToArray().Select(value => (int)MathF.Round(value * 255)));
        Assert.Equal([0, 25], data.Labels);
        Assert.Equal("Z", data.ClassName(25));
        Refuses("label 0 is 0, out of range; with 26 classes labels go from 1 to 26", IdxBytes.Images(1), IdxBytes.Labels(0), options);
    }

    [Fact]
    public void The_largest_pixel_may_be_another()
    {
        var options = new IdxOptions { MaximalPixel = 16 };

        Assert.Equal([0.5f, 1], Load(IdxBytes.Make([1, 2], [8, 16]), IdxBytes.Labels(0), options).Row(0));
        Refuses("image 1 has a pixel of 17, above the largest value 16", IdxBytes.Make([2, 2], [0, 0, 0, 17]), IdxBytes.Labels(0, 0), options);
    }

    [Fact]
    public void Damaged_files_are_refused_with_the_reason()
    {
        var images = IdxBytes.Images(2);
        var labels = IdxBytes.Labels(0, 1);

        Refuses("shorter than the header", [], labels);
        Refuses("shorter than the header", images[..3], labels);
        Refuses("ends within its header", images[..9], labels);
        Refuses("truncated: its header announces 12 values (2 x 2 x 3) but 11 follow", images[..^1], labels);
        Refuses("truncated", IdxBytes.Gzip(images[..^1]), labels);
        Refuses("goes on after the 12 values", [.. images, 0], labels);
        Refuses("goes on after", IdxBytes.Gzip([.. images, 0]), labels);
        Refuses("not an IDX file: it starts with 89504E47", [0x89, 0x50, 0x4E, 0x47, 1, 2, 3], labels);
        Refuses("values of type 0x0D", [0, 0, 0x0D, 1, 0, 0, 0, 0], labels);
        Refuses("has 0 dimensions", [0, 0, 8, 0], labels);
        Refuses("has 200 dimensions", [0, 0, 8, 200], labels);
        Refuses("dimension of size 0", IdxBytes.Make([0, 2, 3], []), labels);
        Refuses("dimension of size 4294967295", IdxBytes.Make([-1, 2, 3], []), labels);
        Refuses("more than one array can hold", IdxBytes.Make([int.MaxValue, int.MaxValue, int.MaxValue, 3], []), labels);
        Refuses("2 images but", images, IdxBytes.Labels(0, 1, 0));
        Refuses("check that it is the file of the labels", images, images);
        Refuses("check that it is the file of the images", labels, labels);
        Refuses("label 1 is 10, out of range; with 10 classes labels go from 0 to 9", images, IdxBytes.Labels(0, 10), new IdxOptions { Classes = 10 });
    }

    [Fact]
    public void Damaged_gzip_data_is_refused()
    {
        var packed = IdxBytes.Gzip(IdxBytes.Images(40));
        var flipped = (byte[])packed.Clone();
        flipped[^6] ^= 1; // in the checksum

        Refuses("truncated", packed[..^20], IdxBytes.Labels(new byte[40]));
        Refuses("damaged: its gzip data cannot be unpacked; get it again", flipped, IdxBytes.Labels(new byte[40]));
        Refuses("damaged: its gzip data", [0x1F, 0x8B, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], IdxBytes.Labels(0));
    }

    [Fact]
    public void A_header_that_lies_costs_no_memory()
    {
        var path = directory.Write("lie", IdxBytes.Gzip(IdxBytes.Make([60_000, 28, 1000], new byte[100])));
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Contains("truncated", Assert.Throws<DataFormatException>(() => IdxArray.Read(path)).Message);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 8 << 20);
    }

    [Fact]
    public void A_path_that_cannot_be_read_is_told_with_the_reason()
    {
        var labels = directory.Write("labels", IdxBytes.Labels(0));
        Assert.Contains("does not exist", Error(() => IdxFile.Load(Path.Combine(directory.Path, "none"), labels)));
        Assert.Contains("does not exist", Error(() => IdxFile.Load(Path.Combine(directory.Path, "none", "none"), labels)));
        Assert.Contains("is a directory", Error(() => IdxFile.Load(directory.Path, labels)));
    }

    [Fact]
    public void A_file_without_permission_is_told()
    {
        Assert.SkipWhen(Environment.IsPrivilegedProcess, "This user may read every file.");
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no file modes.");
            return;
        }

        var labels = directory.Write("labels", IdxBytes.Labels(0));
        File.SetUnixFileMode(labels, UnixFileMode.None);
        Assert.Contains("no permission", Error(() => IdxFile.Load(labels, labels)));
    }

    [Theory]
    [InlineData("train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte")]
    [InlineData("train-images.idx3-ubyte", "train-labels.idx1-ubyte", "t10k-images.idx3-ubyte", "t10k-labels.idx1-ubyte")]
    [InlineData("emnist-letters-train-images-idx3-ubyte.gz", "emnist-letters-train-labels-idx1-ubyte.gz", "emnist-letters-test-images-idx3-ubyte.gz", "emnist-letters-test-labels-idx1-ubyte.gz")]
    public void The_usual_names_are_found(string trainImages, string trainLabels, string testImages, string testLabels)
    {
        WriteSet(trainImages, trainLabels, testImages, testLabels);
        directory.Write("readme.txt", "other files do not matter");
        var (train, test) = IdxDataset.Load(directory.Path);

        Assert.Equal((3, 1), (train.Count, test.Count));
        Assert.Equal(3, test.Classes);
        Assert.Equal(new ImageSize(2, 3), test.ImageSize);
    }

    [Fact]
    public void Several_sets_in_one_directory_are_told_apart_by_their_prefix()
    {
        WriteSet("a-train-images-idx3-ubyte", "a-train-labels-idx1-ubyte", "a-test-images-idx3-ubyte", "a-test-labels-idx1-ubyte");
        WriteSet("b-train-images-idx3-ubyte", "b-train-labels-idx1-ubyte", "b-test-images-idx3-ubyte", "b-test-labels-idx1-ubyte");

        Assert.Contains("choose one by its prefix", Error(() => IdxDataset.Load(directory.Path)));
        Assert.Equal(3, IdxDataset.Load(directory.Path, new IdxOptions { Prefix = "b-" }).Train.Count);
    }

    [Fact]
    public void A_directory_that_is_not_a_data_set_is_told_with_the_reason()
    {
        Assert.Contains("has no file train-images-idx3-ubyte.gz", Error(() => IdxDataset.Load(directory.Path)));
        Assert.Contains("is a file", Error(() => IdxDataset.Load(directory.Write("file", "x"))));
        Assert.Contains("does not exist", Error(() => IdxDataset.Load(Path.Combine(directory.Path, "none"))));
    }

    [Fact]
    public void A_test_set_that_does_not_fit_is_refused()
    {
        WriteSet("train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte");
        directory.Write("t10k-labels-idx1-ubyte", IdxBytes.Labels(200));
        Assert.Contains("t10k-labels-idx1-ubyte: label 0 is 200, out of range; with 3 classes", Error(() => IdxDataset.Load(directory.Path)));

        directory.Write("t10k-labels-idx1-ubyte", IdxBytes.Labels(1));
        directory.Write("t10k-images-idx3-ubyte", IdxBytes.Make([1, 3, 3], new byte[9]));
        Assert.Contains("images of 9 pixels", Error(() => IdxDataset.Load(directory.Path)));
    }

    [Theory]
    [InlineData("mnist")]
    [InlineData("fashion-mnist")]
    [InlineData("kuzushiji-mnist")]
    public void The_real_sets_are_read(string name)
    {
        var (train, test) = IdxDataset.Load(SharedData.Directory(name));

        Assert.Equal((60_000, 10_000, 784, 10), (train.Count, test.Count, train.Features, train.Classes));
        Assert.All(Enumerable.Range(0, 10), label => Assert.InRange(test.Labels.Count(label), 800, 1200));
    }

    [Fact]
    public void The_real_letters_are_read()
    {
        var (train, test) = IdxDataset.Load(SharedData.Directory("emnist-letters"), IdxOptions.EmnistLetters);

        Assert.Equal((124_800, 20_800, 784, 26), (train.Count, test.Count, train.Features, train.Classes));
        Assert.All(Enumerable.Range(0, 26), label => Assert.Equal((4_800, 800), (train.Labels.Count(label), test.Labels.Count(label))));
    }

    private void WriteSet(string trainImages, string trainLabels, string testImages, string testLabels)
    {
        directory.Write(trainImages, IdxBytes.Images(3));
        directory.Write(trainLabels, IdxBytes.Labels(0, 2, 1));
        directory.Write(testImages, IdxBytes.Images(1));
        directory.Write(testLabels, IdxBytes.Labels(1));
    }

    private Dataset Load(byte[] images, byte[] labels, IdxOptions? options = null) =>
        IdxFile.Load(directory.Write("images", images), directory.Write("labels", labels), options);

    private void Refuses(string reason, byte[] images, byte[] labels, IdxOptions? options = null) =>
        Assert.Contains(reason, Error(() => Load(images, labels, options)));

    private static string Error(Func<object> action)
    {
        var message = Assert.Throws<DataFormatException>(action).Message;
        Assert.DoesNotContain('\n', message);
        return message;
    }
}
