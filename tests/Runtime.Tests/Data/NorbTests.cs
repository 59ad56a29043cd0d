namespace Whittle.Runtime.Tests.Data;

public sealed class NorbTests : IDisposable
{
    private const string Training = "smallnorb-5x46789x9x18x6x2x96x96-training";
    private const string Testing = "smallnorb-5x01235x9x18x6x2x96x96-testing";
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Theory]
    [InlineData(NorbCamera.Left, false, 0)]
    [InlineData(NorbCamera.Right, true, 6)]
    public void The_images_of_one_camera_become_rows(NorbCamera camera, bool gzip, int first)
    {
        var data = Load(Pack(NorbBytes.Images(3, 2, 3)), Pack(NorbBytes.Classes(4, 0, 2)), new NorbOptions { Camera = camera });

        Assert.Equal((3, 6, 5), (data.Count, data.Features, data.Classes));
        Assert.Equal(new ImageSize(2, 3), data.ImageSize);
        Assert.Equal([4, 0, 2], data.Labels);
        Assert.Equal(["car", "animal", "airplane"], data.Labels.ToArray().Select(data.ClassName));
        for (var scene = 0; scene < 3; scene++)
        {
            Assert.Equal(Enumerable.Range((12 * scene) + first, 6).Select(value => value / 255f), data.Row(scene).ToArray());
        }

        byte[] Pack(byte[] content) => gzip ? IdxBytes.Gzip(content) : content;
    }

    [Fact]
    public void A_reduction_takes_means_of_blocks()
    {
        // Rows of 6 that count up: the block at the top left of 3x3 is 0 1 2, 6 7 8, 12 13 14, its mean 7.
        var data = Load(NorbBytes.Images(1, 6, 6), NorbBytes.Classes(1), new NorbOptions { Reduction = 3 });

        Assert.Equal(new ImageSize(2, 2), data.ImageSize);
        Assert.Equal([7 / 255f, 10 / 255f, 25 / 255f, 28 / 255f], data.Row(0));
        Refuses("cannot be made 4 times smaller", NorbBytes.Images(1), NorbBytes.Classes(1), new NorbOptions { Reduction = 4 });
        Assert.Throws<ArgumentOutOfRangeException>(() => Load(NorbBytes.Images(1), NorbBytes.Classes(1), new NorbOptions { Reduction = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Load(NorbBytes.Images(1), NorbBytes.Classes(1), new NorbOptions { Camera = (NorbCamera)2 }));
    }

    [Fact]
    public void The_set_up_of_scenes_is_read()
    {
        var views = NorbFile.LoadViews(directory.Write("info", NorbBytes.Views(2, 4, 8, 34, 5, 0, 0, 0, 0)));

        Assert.Equal([new NorbView(4, 8, 34, 5), new NorbView(0, 0, 0, 0)], views);
        Assert.Contains("scene 1 has instance 10", Error(() => NorbFile.LoadViews(directory.Write("info", NorbBytes.Views(2, 0, 0, 0, 0, 10, 0, 0, 0)))));
        Assert.Contains("azimuth 3 ", Error(() => NorbFile.LoadViews(directory.Write("info", NorbBytes.Views(1, 0, 0, 3, 0)))));
        Assert.Contains("has 1 dimensions of integers, but the set-ups of scenes have 2", Error(() => NorbFile.LoadViews(directory.Write("info", NorbBytes.Classes(1)))));
    }

    [Fact]
    public void Damaged_files_are_refused_with_the_reason()
    {
        var images = NorbBytes.Images(2);
        var classes = NorbBytes.Classes(0, 1);

        Refuses("ends within its header", [], classes);
        Refuses("ends within its header", images[..7], classes);
        Refuses("ends within its header", images[..23], classes);
        Refuses("ends within its header", images, classes[..19]);
        Refuses("truncated: its header announces 2 x 2 x 6 x 6 values but it ends within record 1 of 2", images[..^1], classes);
        Refuses("truncated: its header announces 2 values but it ends within record 1", images, classes[..^1]);
        Refuses("goes on after the 2 x 2 x 6 x 6 values", [.. images, 0], classes);
        Refuses("goes on after the 2 values", images, [.. classes, 0]);
        Refuses("not a matrix of NORB: its magic number is 0x474E5089, not 0x1E3D4C55", [0x89, 0x50, 0x4E, 0x47, 1, 2, 3, 4], classes);
        Refuses("has 1 dimensions of integers, but pairs of images have 4 of bytes", classes, classes);
        Refuses("has 4 dimensions of bytes, but classes of scenes have 1 of integers", images, images);
        Refuses("size 3 where pairs of images have 2", NorbBytes.Make(0x1E3D4C55, [1, 3, 2, 2], new byte[12]), classes);
        Refuses("size 4294967295 where pairs of images have 1 to 2147483647", NorbBytes.Make(0x1E3D4C55, [-1, 2, 2, 2], []), classes);
        Refuses("size 1025 where pairs of images have 1 to 1024", NorbBytes.Make(0x1E3D4C55, [1, 2, 1025, 2], []), classes);
        Refuses("more than one array can hold", NorbBytes.Make(0x1E3D4C55, [int.MaxValue, 2, 96, 96], []), classes);
        Refuses("2 scenes but", images, NorbBytes.Classes(0, 1, 2));
        Refuses("scene 1 has the class 5, but NORB has 0 to 4", images, NorbBytes.Classes(0, 5));
        Refuses("scene 0 has the class -1", images, NorbBytes.Classes(-1, 0));
    }

    [Fact]
    public void A_header_that_lies_costs_no_memory()
    {
        var images = directory.Write("images", NorbBytes.Make(0x1E3D4C55, [200_000, 2, 96, 96], new byte[100]));
        var classes = directory.Write("classes", NorbBytes.Make(0x1E3D4C54, [int.MaxValue], new byte[100]));
        var sound = directory.Write("sound", NorbBytes.Classes(0, 1));
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Contains("truncated", Error(() => NorbFile.Load(images, sound)));
        Assert.Contains("truncated", Error(() => NorbFile.Load(images, classes)));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 8 << 20);
    }

    [Fact]
    public void Both_archives_are_found_by_their_published_names()
    {
        directory.Write($"{Training}-dat.mat", NorbBytes.Images(2));
        directory.Write($"{Training}-cat.mat.gz", IdxBytes.Gzip(NorbBytes.Classes(0, 1)));
        directory.Write($"{Testing}-cat.mat", NorbBytes.Classes(3));
        Assert.Contains("has no file smallnorb-...-testing-dat.mat.gz", Error(() => NorbDataset.Load(directory.Path)));

        directory.Write($"{Testing}-dat.mat", NorbBytes.Images(1));
        var (train, test) = NorbDataset.Load(directory.Path, new NorbOptions { Reduction = 2 });
        Assert.Equal((2, 1, 9), (train.Count, test.Count, test.Features));

        directory.Write($"{Testing}-dat.mat", NorbBytes.Images(1, 4, 4));
        Assert.Contains("do not belong together", Error(() => NorbDataset.Load(directory.Path)));
    }

    [Fact]
    public void The_real_set_is_read()
    {
        var path = SharedData.Directory("norb");
        var (train, test) = NorbDataset.Load(path, new NorbOptions { Reduction = 3 });

        Assert.Equal((24_300, 24_300, 1024), (train.Count, test.Count, train.Features));
        Assert.All(Enumerable.Range(0, 5), label => Assert.Equal((4_860, 4_860), (train.Labels.Count(label), test.Labels.Count(label))));
    }

    private Dataset Load(byte[] images, byte[] classes, NorbOptions? options = null) =>
        NorbFile.Load(directory.Write("images", images), directory.Write("classes", classes), options);

    private void Refuses(string reason, byte[] images, byte[] classes, NorbOptions? options = null) =>
        Assert.Contains(reason, Error(() => Load(images, classes, options)));

    private static string Error(Func<object> action)
    {
        var message = Assert.Throws<DataFormatException>(action).Message;
        Assert.DoesNotContain('\n', message);
        return message;
    }
}
