namespace Whittle;

/// <summary>
/// Reads images and labels in the IDX format of MNIST (LeCun, Cortes, Burges), plain or gzip: Fashion-MNIST,
/// Kuzushiji-MNIST and EMNIST use it too.
/// </summary>
public static class IdxFile
{
    /// <summary>Reads a file of images and the file of their labels.</summary>
    /// <param name="imagesPath">Unsigned bytes, [images, height, width]; [images, features] and one more dimension are taken too.</param>
    /// <param name="labelsPath">Unsigned bytes, [images].</param>
    /// <param name="options">How to read them; <see cref="IdxOptions.Default"/> if left out.</param>
    /// <returns>A row of pixels from 0 to 1 for each image.</returns>
    /// <exception cref="DataFormatException">A file is missing, not readable, damaged, or the two do not fit.</exception>
    public static Dataset Load(string imagesPath, string labelsPath, IdxOptions? options = null)
    {
        options ??= IdxOptions.Default;
        var labels = ReadLabels(labelsPath, options);
        var (pixels, features, size) = ReadImages(imagesPath, options);
        if (pixels.Length / features != labels.Length)
        {
            throw new DataFormatException($"{imagesPath} has {pixels.Length / features} images but {labelsPath} has {labels.Length} labels; they do not belong together.");
        }

        var data = Dataset.FromArrays(pixels, features, labels, options.Classes > 0 ? options.Classes : options.ClassNames?.Count ?? 0);
        data = size is { } imageSize ? data.WithImageSize(imageSize) : data;
        return options.ClassNames is { } names ? data.WithClassNames(names) : data;
    }

    private static int[] ReadLabels(string path, IdxOptions options)
    {
        var array = IdxArray.Read(path);
        if (array.Dimensions.Length != 1)
        {
            throw new DataFormatException($"{path} has {array.Dimensions.Length} dimensions, but labels have one; check that it is the file of the labels.");
        }

        var classes = options.Classes > 0 ? options.Classes : options.ClassNames?.Count ?? 256;
        var labels = new int[array.Values.Length];
        for (var row = 0; row < labels.Length; row++)
        {
            labels[row] = array.Values[row] - options.FirstLabel;
            if ((uint)labels[row] >= (uint)classes)
            {
                throw new DataFormatException(
                    $"{path}: label {row} is {array.Values[row]}, out of range; with {classes} classes labels go from {options.FirstLabel} to {options.FirstLabel + classes - 1}.");
            }
        }

        return labels;
    }

    private static (float[] Pixels, int Features, ImageSize? Size) ReadImages(string path, IdxOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaximalPixel, 1, nameof(options));
        var array = IdxArray.Read(path);
        if (array.Dimensions.Length < 2)
        {
            throw new DataFormatException($"{path} has one dimension, but images have more; check that it is the file of the images.");
        }

        var features = array.Values.Length / array.Dimensions[0];
        var isImage = array.Dimensions.Length == 3;
        if (options.Transposed && !isImage)
        {
            throw new DataFormatException($"{path} has {array.Dimensions.Length} dimensions; only images of height and width can be transposed.");
        }

        // The same quotient for each value on every machine, and one look-up instead of a division per pixel.
        var scaled = Enumerable.Range(0, 256).Select(value => value / (float)options.MaximalPixel).ToArray();
        var pixels = new float[array.Values.Length];
        for (var index = 0; index < pixels.Length; index++)
        {
            var value = array.Values[index];
            if (value > options.MaximalPixel)
            {
                throw new DataFormatException($"{path}: image {index / features} has a pixel of {value}, above the largest value {options.MaximalPixel}.");
            }

            pixels[index] = scaled[value];
        }

        if (!isImage)
        {
            return (pixels, features, null);
        }

        var size = new ImageSize(array.Dimensions[1], array.Dimensions[2]);
        if (!options.Transposed)
        {
            return (pixels, features, size);
        }

        Transpose(pixels, size);
        return (pixels, features, new ImageSize(size.Width, size.Height));
    }

    private static void Transpose(Span<float> pixels, ImageSize size)
    {
        var stored = new float[size.Height * size.Width];
        for (; !pixels.IsEmpty; pixels = pixels[stored.Length..])
        {
            pixels[..stored.Length].CopyTo(stored);
            for (var index = 0; index < stored.Length; index++)
            {
                pixels[((index % size.Width) * size.Height) + (index / size.Width)] = stored[index];
            }
        }
    }
}
