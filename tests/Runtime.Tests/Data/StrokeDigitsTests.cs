namespace Whittle.Runtime.Tests.Data;

public sealed class StrokeDigitsTests
{
    [Fact]
    public void An_image_depends_only_on_the_seed_and_its_number()
    {
        var many = StrokeDigits.Generate(200, 7);
        var few = StrokeDigits.Generate(20, 7);
        var others = StrokeDigits.Generate(20, 8);

        for (var image = 0; image < 20; image++)
        {
            Assert.Equal(many.Row(image), few.Row(image));
            Assert.Equal(many.Labels[image], few.Labels[image]);
            Assert.False(few.Row(image).SequenceEqual(others.Row(image)));
        }
    }

    [Fact]
    public void Every_machine_draws_the_same_images()
    {
        var data = StrokeDigits.Generate(1000, 1);
        var hash = 14695981039346656037; // FNV-1a of the pixels as bytes
        for (var image = 0; image < data.Count; image++)
        {
            foreach (var pixel in data.Row(image))
            {
                hash = (hash ^ (byte)MathF.Round(pixel * 255)) * 1099511628211;
            }
        }

        Assert.Equal(1647897449900569403ul, hash);
    }

    [Fact]
    public void Images_are_ink_on_white_paper_in_256_levels()
    {
        var data = StrokeDigits.Generate(500, 3);
        Assert.Equal((500, 784, 10, new ImageSize(28, 28)), (data.Count, data.Features, data.Classes, data.ImageSize));
        for (var image = 0; image < data.Count; image++)
        {
            var pixels = data.Row(image).ToArray();
            Assert.All(pixels, pixel => Assert.Equal(MathF.Round(pixel * 255) / 255, pixel));
            Assert.InRange(pixels.Min(), 0, 0);
            Assert.InRange(pixels.Max(), 0.3f, 1);
            Assert.InRange(pixels.Count(pixel => pixel > 0), 20, 400);
        }
    }

    [Fact]
    public void Classes_are_about_equally_frequent()
    {
        var labels = StrokeDigits.Generate(5000, 4).Labels;
        for (var digit = 0; digit < 10; digit++)
        {
            // Five standard deviations of a binomial count.
            Assert.InRange(labels.Count(digit), 500 - 106, 500 + 106);
        }
    }

    [Fact]
    public void An_empty_set_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => StrokeDigits.Generate(0, 1));
}
