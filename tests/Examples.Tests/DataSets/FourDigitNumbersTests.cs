using System.Globalization;
using Whittle.Examples.DataSets;
using Whittle.Examples.Evaluation;

namespace Whittle.Examples.Tests.DataSets;

public class FourDigitNumbersTests
{
    private const int Side = 28;

    [Fact]
    public void A_number_shows_its_digits_in_reading_order()
    {
        var numbers = FourDigitNumbers.Draw(new RandomStream(3, 0), (Digits(0, 50), 200));
        Assert.Equal((200, 784, 10_000), (numbers.Count, numbers.Features, numbers.Classes));
        Assert.True(numbers.Labels.ToArray().Distinct().Count() > 190);
        for (var row = 0; row < numbers.Count; row++)
        {
            var digits = numbers.Labels[row].ToString("D4", CultureInfo.InvariantCulture);
            for (var pixel = 0; pixel < 784; pixel++)
            {
                var place = (pixel / Side / 14 * 2) + (pixel % Side / 14);

                // The mean of a square of two rows and two columns of what Digits draws.
                var (y, x) = (pixel / Side % 14 * 2, pixel % Side % 14 * 2);
                Assert.Equal(digits[place] - '0' + ((y + 0.5f) / 64) + ((x + 0.5f) / 2048), numbers.Row(row)[pixel]);
            }
        }
    }

    [Fact]
    public void Parts_are_of_their_own_images()
    {
        var numbers = FourDigitNumbers.Draw(new RandomStream(3, 0), (Digits(0, 5), 30), (Digits(5, 5), 20));
        Assert.All(numbers.Labels.ToArray()[..30], label => Assert.All($"{label:D4}", digit => Assert.InRange(digit, '0', '4')));
        Assert.All(numbers.Labels.ToArray()[30..], label => Assert.All($"{label:D4}", digit => Assert.InRange(digit, '5', '9')));
    }

    [Fact]
    public void The_same_seed_draws_the_same_numbers() =>
        Assert.Equal(
            FourDigitNumbers.Draw(new RandomStream(4, 1), (Digits(0, 50), 20)).Labels.ToArray(),
            FourDigitNumbers.Draw(new RandomStream(4, 1), (Digits(0, 50), 20)).Labels.ToArray());

    [Fact]
    public void Numbers_to_choose_by_and_to_test_are_of_images_that_nothing_is_trained_on()
    {
        var images = Dataset.FromArrays(new float[6000 * 784], 784, [.. Enumerable.Range(0, 6000).Select(image => (image % 5) + (image < 1000 ? 0 : 5))], 10);
        var others = Dataset.FromArrays(new float[784], 784, [7], 10);
        var (all, test) = FourDigitNumbers.Compose(images, others, seed: 1);
        Assert.Equal((105_000, 10_000), (all.Count, test.Count));
        Assert.All(test.Labels.ToArray(), label => Assert.Equal(7777, label));
        var parts = EvaluationData.Of("numbers", all, test);
        Assert.Equal((100_000, 5000), (parts.Train.Count, parts.Development.Count));
        Assert.DoesNotContain(parts.Train.Labels.ToArray(), label => label.ToString("D4", CultureInfo.InvariantCulture).Any(digit => digit > '4'));
        Assert.DoesNotContain(parts.Development.Labels.ToArray(), label => label.ToString("D4", CultureInfo.InvariantCulture).Any(digit => digit <= '4'));
        Assert.NotEqual(all.Labels.ToArray(), FourDigitNumbers.Compose(images, others, seed: 2).Train.Labels.ToArray());
    }

    [Fact]
    public void Too_few_images_are_refused() =>
        Assert.Contains("5000", Assert.Throws<UserErrorException>(() => FourDigitNumbers.Compose(Digits(0, 50), Digits(0, 50), 1)).Message, StringComparison.Ordinal);

    // Images that tell their class, row and column by their values.
    private static Dataset Digits(int first, int count)
    {
        var images = Enumerable.Range(first, count).ToArray();
        return Dataset.FromArrays(
            [.. images.SelectMany(image => Enumerable.Range(0, 784).Select(pixel => (image % 10) + ((pixel / Side) / 64f) + ((pixel % Side) / 2048f)))],
            784,
            [.. images.Select(image => image % 10)],
            10);
    }
}
