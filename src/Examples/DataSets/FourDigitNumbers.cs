namespace Whittle.Examples.DataSets;

/// <summary>
/// Numbers from 0000 to 9999 made of images of digits, for networks with many outputs: four digits at half of their height and width
/// in one image, read line by line, whose class is the number.
/// </summary>
internal static class FourDigitNumbers
{
    private const int Digits = 4;
    private const int Numbers = 10_000;
    private const int Side = 28;
    private const int Half = Side / 2;

    // What is chosen by must be made of images that nothing is trained on: the last ones of both.
    private const int DevelopmentImages = 5000;
    private const int DevelopmentNumbers = 5000;
    private const int TrainingNumbers = 100_000;
    private const int TestNumbers = 10_000;

    /// <summary>Composes 100,000 numbers to train on, 5,000 after them of the last 5,000 images, and 10,000 of the test images.</summary>
    /// <param name="train">Images of digits, 28x28, of ten classes.</param>
    /// <param name="test">Others.</param>
    /// <param name="seed">Which images come together.</param>
    /// <exception cref="UserErrorException">The images have another size, or there are no more than 5,000 to train on.</exception>
    public static (Dataset Train, Dataset Test) Compose(Dataset train, Dataset test, ulong seed)
    {
        if (train.Features != Side * Side || test.Features != Side * Side)
        {
            throw new UserErrorException($"Numbers are made of images of {Side}x{Side} pixels; those here have {train.Features} and {test.Features}.");
        }

        if (train.Count <= DevelopmentImages)
        {
            throw new UserErrorException($"There are {train.Count} images of digits to train on; more than {DevelopmentImages} are needed, since so many are held back to choose by.");
        }

        var (learn, choose) = train.SplitAt(train.Count - DevelopmentImages);
        return (Draw(new RandomStream(seed, 0), (learn, TrainingNumbers), (choose, DevelopmentNumbers)), Draw(new RandomStream(seed, 1), (test, TestNumbers)));
    }

    /// <summary>Draws so many numbers of each set of digits, one set after the other.</summary>
    internal static Dataset Draw(RandomStream random, params ReadOnlySpan<(Dataset Digits, int Count)> parts)
    {
        var count = 0;
        foreach (var part in parts)
        {
            count += part.Count;
        }

        var inputs = new float[count * Side * Side];
        var labels = new int[count];
        var number = 0;
        foreach (var (digits, numbers) in parts)
        {
            for (var end = number + numbers; number < end; number++)
            {
                for (var place = 0; place < Digits; place++)
                {
                    var image = random.NextInt32(digits.Count);
                    labels[number] = (10 * labels[number]) + digits.Labels[image];
                    Shrink(digits.Row(image), inputs.AsSpan((number * Side * Side) + (place / 2 * Half * Side) + (place % 2 * Half)));
                }
            }
        }

        return Dataset.FromArrays(inputs, Side * Side, labels, Numbers).WithImageSize(new ImageSize(Side, Side));
    }

    // Each pixel the mean of four.
    private static void Shrink(ReadOnlySpan<float> digit, Span<float> corner)
    {
        for (var row = 0; row < Half; row++)
        {
            for (var column = 0; column < Half; column++)
            {
                var at = (2 * row * Side) + (2 * column);
                corner[(row * Side) + column] = (digit[at] + digit[at + 1] + digit[at + Side] + digit[at + Side + 1]) / 4;
            }
        }
    }
}
