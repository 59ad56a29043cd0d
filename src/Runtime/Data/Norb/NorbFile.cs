using System.Buffers.Binary;

namespace Whittle;

/// <summary>
/// Reads the files of small NORB (LeCun, Huang, Bottou, "Learning methods for generic object recognition with invariance
/// to pose and lighting", CVPR 2004), plain or gzip: -dat holds pairs of images, -cat their classes, -info how each scene
/// was set up.
/// </summary>
public static class NorbFile
{
    private const int Cameras = 2;
    private const int InfoValues = 4;
    private const int MaximalPixel = 255;

    /// <summary>The classes, in the order of their numbers.</summary>
    public static IReadOnlyList<string> ClassNames { get; } = ["animal", "human", "airplane", "truck", "car"];

    /// <summary>Reads the images of one camera and their classes.</summary>
    /// <param name="imagesPath">The -dat file: bytes, [scenes, 2, height, width].</param>
    /// <param name="classesPath">The -cat file: integers, [scenes].</param>
    /// <param name="options">Which camera, and how small; the left one and as they are if left out.</param>
    /// <returns>A row of pixels from 0 to 1 for each scene.</returns>
    /// <exception cref="DataFormatException">A file is missing, not readable, damaged, or the two do not fit.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The camera is unknown, or the reduction below 1.</exception>
    public static Dataset Load(string imagesPath, string classesPath, NorbOptions? options = null)
    {
        options ??= new NorbOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Reduction, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)options.Camera, (uint)NorbCamera.Right, nameof(options));
        var labels = ReadClasses(classesPath);
        var (pixels, size) = DataFile.Read(imagesPath, stream => ReadImages(imagesPath, stream, options));
        var features = size.Height * size.Width;
        return pixels.Length / features == labels.Length
            ? Dataset.FromArrays(pixels, features, labels, ClassNames.Count).WithClassNames(ClassNames).WithImageSize(size)
            : throw new DataFormatException(
                $"{imagesPath} has {pixels.Length / features} scenes but {classesPath} has classes for {labels.Length}; they do not belong together.");
    }

    /// <summary>Reads how each scene was set up.</summary>
    /// <param name="path">The -info file: integers, [scenes, 4].</param>
    /// <exception cref="DataFormatException">The file is missing, not readable or damaged.</exception>
    public static IReadOnlyList<NorbView> LoadViews(string path) => ReadIntegers(path, "the set-ups of scenes", InfoValues, (values, scene) =>
    {
        var view = new NorbView(values[0], values[1], values[2], values[3]);
        var isKnown = view is { Instance: >= 0 and <= 9, Elevation: >= 0 and <= 8, Azimuth: >= 0 and <= 34, Lighting: >= 0 and <= 5 } && view.Azimuth % 2 == 0;
        return isKnown
            ? view
            : throw new DataFormatException(
                $"{path}: scene {scene} has instance {view.Instance}, elevation {view.Elevation}, azimuth {view.Azimuth} and lighting {view.Lighting}, which NORB does not have; get the file again.");
    });

    private static int[] ReadClasses(string path) => ReadIntegers(path, "classes of scenes", 1, (values, scene) =>
        (uint)values[0] < (uint)ClassNames.Count
            ? values[0]
            : throw new DataFormatException($"{path}: scene {scene} has the class {values[0]}, but NORB has 0 to {ClassNames.Count - 1}; get the file again."));

    private static T[] ReadIntegers<T>(string path, string content, int perScene, Func<int[], int, T> convert) => DataFile.Read(path, stream =>
    {
        var matrix = NorbMatrix.Read(path, stream, NorbMatrix.ValueType.Integers, content, perScene == 1 ? [0] : [0, perScene]);
        var record = new byte[sizeof(int) * perScene];
        var values = new int[perScene];
        var scenes = new List<T>();
        for (var scene = 0; scene < matrix.Dimensions[0]; scene++)
        {
            matrix.ReadRecord(path, stream, record, scene);
            for (var index = 0; index < perScene; index++)
            {
                values[index] = BinaryPrimitives.ReadInt32LittleEndian(record.AsSpan(sizeof(int) * index));
            }

            scenes.Add(convert(values, scene));
        }

        matrix.ThrowIfNotAtEnd(path, stream);
        return scenes.ToArray();
    });

    private static (float[] Pixels, ImageSize Size) ReadImages(string path, Stream stream, NorbOptions options)
    {
        var matrix = NorbMatrix.Read(path, stream, NorbMatrix.ValueType.Bytes, "pairs of images", 0, Cameras, 0, 0);
        var (scenes, stored) = (matrix.Dimensions[0], new ImageSize(matrix.Dimensions[2], matrix.Dimensions[3]));
        if (stored.Height % options.Reduction != 0 || stored.Width % options.Reduction != 0)
        {
            throw new DataFormatException($"{path} has images of {stored.Height} x {stored.Width}, which cannot be made {options.Reduction} times smaller; choose a reduction that divides both.");
        }

        var size = new ImageSize(stored.Height / options.Reduction, stored.Width / options.Reduction);
        var features = size.Height * size.Width;
        if ((long)scenes * features > Array.MaxLength)
        {
            throw new DataFormatException($"{path} claims {matrix.Shape} values, more than one array can hold; the header is probably damaged: get the file again.");
        }

        var pair = new byte[Cameras * stored.Height * stored.Width];
        var image = pair.AsMemory((int)options.Camera * stored.Height * stored.Width, stored.Height * stored.Width);
        var rows = new RowBuffer(features, scenes);
        for (var scene = 0; scene < scenes; scene++)
        {
            matrix.ReadRecord(path, stream, pair, scene);
            Reduce(image.Span, stored.Width, options.Reduction, rows.Add(), size);
        }

        matrix.ThrowIfNotAtEnd(path, stream);
        return (rows.ToArray(), size);
    }

    // Sums of bytes are exact, so that one division gives the same pixel on every machine.
    private static void Reduce(ReadOnlySpan<byte> image, int width, int reduction, Span<float> reduced, ImageSize size)
    {
        var scale = (float)(MaximalPixel * reduction * reduction);
        for (var pixel = 0; pixel < reduced.Length; pixel++)
        {
            var (top, left) = (pixel / size.Width * reduction, pixel % size.Width * reduction);
            var sum = 0;
            for (var row = top; row < top + reduction; row++)
            {
                foreach (var value in image.Slice((row * width) + left, reduction))
                {
                    sum += value;
                }
            }

            reduced[pixel] = sum / scale;
        }
    }
}
