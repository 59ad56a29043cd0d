namespace Whittle;

/// <summary>
/// A data set that needs no download: images of the digits 0 to 9, drawn from strokes as by many hands, with random
/// slant, proportions, elastic distortion (Simard, Steinkraus, Platt 2003), pen width and noise.
/// </summary>
/// <remarks>
/// Image i of a seed is the same on every machine, whatever the count and the number of threads: it has a random stream
/// of its own, and only operations that IEEE 754 rounds exactly are used (no sine, logarithm or fused multiply-add).
/// </remarks>
public static class StrokeDigits
{
    /// <summary>Height and width of the images in pixels.</summary>
    public const int Side = 28;

    /// <summary>Draws images.</summary>
    /// <param name="count">Number of images, at least 1.</param>
    /// <param name="seed">Seed; use different ones for training and test sets.</param>
    /// <returns>Rows of 784 pixels from 0 (paper) to 1 (ink) in steps of 1/255, with 10 classes, about equally many of each.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The count is below 1 or too large for one array.</exception>
    public static Dataset Generate(int count, ulong seed)
    {
        const int Pixels = Side * Side;
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Array.MaxLength / Pixels);
        var inputs = new float[count * Pixels];
        var labels = new int[count];
        Parallel.For(0, count, () => new DigitPainter(), (image, _, painter) =>
        {
            var random = new RandomStream(seed, RandomStreams.StrokeDigit(image));
            labels[image] = random.NextInt32(10);
            painter.Paint(labels[image], ref random, inputs.AsSpan(image * Pixels, Pixels));
            return painter;
        }, _ => { });
        return Dataset.FromArrays(inputs, Pixels, labels, 10).WithImageSize(new ImageSize(Side, Side));
    }
}
