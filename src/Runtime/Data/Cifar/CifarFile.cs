namespace Whittle;

/// <summary>
/// Reads one file of the binary version of CIFAR-10 (Krizhevsky, "Learning multiple layers of features from tiny images",
/// 2009), plain or gzip: for each image a byte with its class and 3072 bytes of pixels, the red, the green and the blue
/// plane, each 32 rows of 32.
/// </summary>
public static class CifarFile
{
    private const int Side = 32;
    private const int Plane = Side * Side;
    private const int Planes = 3;
    private const int RecordBytes = 1 + (Planes * Plane);
    private const int MaximalPixel = 255;

    // All of CIFAR-10: a packed file that unpacks without end must stop somewhere.
    private const int MostImages = 60_000;

    // Luma of ITU-R BT.601, 0.299 R + 0.587 G + 0.114 B, in thousandths: sums of whole numbers are the same on every machine.
    private const int RedLuma = 299;
    private const int GreenLuma = 587;
    private const int BlueLuma = 114;
    private const float LumaScale = 1000 * MaximalPixel;

    /// <summary>The classes, in the order of their numbers.</summary>
    public static IReadOnlyList<string> ClassNames { get; } =
        ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];

    /// <summary>Reads a file, such as data_batch_1.bin.</summary>
    /// <param name="path">The file.</param>
    /// <param name="grey">
    /// False: 3072 features per image, the red, green and blue planes. True: 1024 features, the luma of ITU-R BT.601,
    /// 0.299 red + 0.587 green + 0.114 blue, not rounded.
    /// </param>
    /// <returns>A row of pixels from 0 to 1 for each image.</returns>
    /// <exception cref="DataFormatException">The file is missing, not readable, truncated, or not of this format.</exception>
    public static Dataset Load(string path, bool grey = false) => LoadAll([path], grey);

    /// <summary>Reads files one after the other into one set.</summary>
    internal static Dataset LoadAll(IReadOnlyList<string> paths, bool grey)
    {
        var features = grey ? Plane : Planes * Plane;
        var rows = new RowBuffer(features, MostImages);
        var labels = new List<int>();
        foreach (var path in paths)
        {
            DataFile.Read(path, stream => Append(path, stream, grey, rows, labels));
        }

        var data = Dataset.FromArrays(rows.ToArray(), features, [.. labels], ClassNames.Count).WithClassNames(ClassNames);
        return grey ? data.WithImageSize(new ImageSize(Side, Side)) : data;
    }

    private static int Append(string path, Stream stream, bool grey, RowBuffer rows, List<int> labels)
    {
        var record = new byte[RecordBytes];
        for (var image = 0; ; image++)
        {
            var length = stream.ReadAtLeast(record, RecordBytes, throwOnEndOfStream: false);
            if (length == 0 && image > 0)
            {
                return image;
            }

            if (length < RecordBytes)
            {
                throw new DataFormatException(
                    $"{path} is truncated: after {image} whole images it ends with {length} bytes, but an image of CIFAR-10 takes {RecordBytes}; get it again.");
            }

            if (record[0] >= ClassNames.Count)
            {
                throw new DataFormatException(
                    $"{path}: image {image} has the label {record[0]}, but CIFAR-10 has 0 to {ClassNames.Count - 1}; check that the file is of its binary version.");
            }

            if (labels.Count == MostImages)
            {
                throw new DataFormatException($"{path} goes on after {MostImages} images, more than all of CIFAR-10 has; get it again.");
            }

            labels.Add(record[0]);
            Convert(record.AsSpan(1), grey, rows.Add());
        }
    }

    private static void Convert(ReadOnlySpan<byte> pixels, bool grey, Span<float> row)
    {
        if (!grey)
        {
            for (var index = 0; index < row.Length; index++)
            {
                row[index] = pixels[index] / (float)MaximalPixel;
            }

            return;
        }

        for (var index = 0; index < row.Length; index++)
        {
            var (red, green, blue) = (pixels[index], pixels[Plane + index], pixels[(2 * Plane) + index]);
            row[index] = ((RedLuma * red) + (GreenLuma * green) + (BlueLuma * blue)) / LumaScale;
        }
    }
}
