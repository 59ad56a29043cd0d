namespace Whittle.Runtime.Tests.Data;

public sealed class IdxFuzzTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_damaged_file_is_read_as_a_sound_set_or_refused_in_one_line(bool gzip)
    {
        using var directory = new TemporaryDirectory();
        var images = IdxBytes.Images(5);
        var labels = IdxBytes.Labels(0, 1, 2, 3, 4);
        (images, labels) = gzip ? (IdxBytes.Gzip(images), IdxBytes.Gzip(labels)) : (images, labels);
        var options = new IdxOptions { Classes = 5 };
        var refused = 0;
        for (var number = 0; number < Mutations.Count; number++)
        {
            var damagesImages = number % 2 == 0;
            var imagesPath = directory.Write("images", damagesImages ? Mutations.Mutate(images, number) : images);
            var labelsPath = directory.Write("labels", damagesImages ? labels : Mutations.Mutate(labels, number));
            try
            {
                var data = IdxFile.Load(imagesPath, labelsPath, options);
                Assert.True(data.Count * data.Features <= images.Length * 1000);
                Assert.All(data.Labels.ToArray(), label => Assert.InRange(label, 0, 4));
                Assert.All(Enumerable.Range(0, data.Count), row => Assert.All(data.Row(row).ToArray(), pixel => Assert.InRange(pixel, 0, 1)));
            }
            catch (DataFormatException exception)
            {
                Assert.DoesNotContain('\n', exception.Message);
                refused++;
            }
        }

        Assert.InRange(refused, Mutations.Count / 4, Mutations.Count);
    }
}
