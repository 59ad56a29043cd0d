using System.Globalization;

namespace Whittle.Runtime.Tests.Data;

[Network(Inputs = 4, BatchSize = 10)]
[Dense(16, Activation.Relu)]
[Dense(3)]
public sealed partial class Flowers : INetwork<Flowers>;

/// <summary>The code of docs/data.md, run line by line.</summary>
public sealed class DataGuide : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public void Every_line_of_code_in_the_guide_is_in_this_file()
    {
        var root = SharedData.Root;
        Assert.SkipWhen(root is null, "The tests run outside the repository.");
        var here = File.ReadLines(Path.Combine(root, "tests", "Runtime.Tests", "Data", "DataGuide.cs")).Select(Bare).ToHashSet();
        var isCode = false;
        var lines = 0;
        foreach (var line in File.ReadLines(Path.Combine(root, "docs", "data.md")))
        {
            if (line.StartsWith("```", StringComparison.Ordinal))
            {
                isCode = line == "```csharp";
            }
            else if (isCode)
            {
                Assert.Contains(Bare(line), here);
                lines++;
            }
        }

        Assert.True(lines > 30);

        // Files of the tests lie in a directory of their own.
        static string Bare(string line) => line.Trim().Replace("(In(", "(").Replace("\"), ", "\", ").Replace("\"))", "\")").Replace("In(", "");
    }

    [Fact]
    public void Arrays_become_data()
    {
        float[] inputs = [5.1f, 3.5f, 1.4f, 0.2f, 7.0f, 3.2f, 4.7f, 1.4f, 6.3f, 3.3f, 6.0f, 2.5f];
        int[] labels = [0, 1, 2];
        Dataset data = Dataset.FromArrays(inputs, features: 4, labels, classes: 3);
        ReadOnlySpan<float> second = data.Row(1);

        Dataset regression = Dataset.FromTargets([0.1f, 0.2f, 0.3f], features: 1, [10f, 11f, 20f, 21f, 30f, 31f], targetsPerRow: 2);

        Assert.Equal(7.0f, second[0]);
        Assert.Equal([20f, 21], regression.TargetRow(1));
    }

    [Fact]
    public void A_table_is_read_split_scaled_and_learned()
    {
        directory.Write("flowers.csv", Table(150, seed: 1));
        directory.Write("unseen.csv", Table(30, seed: 2));
        Dataset flowers = CsvFile.Load(In("flowers.csv"), new CsvOptions
        {
            LabelColumn = "species", // or a position: 0, ^1; default: the last column
            IgnoredColumns = ["id"],
        });
        string species = flowers.ClassName(flowers.Labels[0]);
        Assert.Equal("virginica", species);

        Dataset unseen = CsvFile.Load(In("unseen.csv"), new CsvOptions { LabelColumn = "species", IgnoredColumns = ["id"], ClassNames = flowers.ClassNames });
        Dataset widths = CsvFile.Load(In("flowers.csv"), new CsvOptions { TargetColumns = ["petal width"], IgnoredColumns = ["id", "species"] });
        Assert.Equal((30, 3), (unseen.Count, unseen.Classes));
        Assert.Equal((3, 1), (widths.Features, widths.Targets));

        var (fit, held) = flowers.Split(0.8, seed: 1, stratified: true);
        Dataset firstTen = flowers[..10];
        Dataset chosen = flowers.Subset([3, 1, 4]);
        Assert.Equal((120, 30, 10, 3), (fit.Count, held.Count, firstTen.Count, chosen.Count));

        Scaling scaling = Scaling.Standardize(fit); // mean 0, variance 1; or MinMax (0 to 1), or Constant(offset, factor)
        Dataset scaledFit = scaling.Apply(fit);
        Dataset scaledHeld = scaling.Apply(held);

        using var network = new Flowers(seed: 1);
        Trainer.Fit(network, scaledFit, new TrainingOptions { Epochs = 20, Validation = scaledHeld });

        int predicted = network.Classify([5.1f, 3.5f, 1.4f, 0.2f]);
        double? accuracy = network.Evaluate(held).Accuracy; // the same as for scaledHeld
        Assert.Equal("setosa", flowers.ClassName(predicted));
        Assert.Equal(network.Evaluate(scaledHeld).Accuracy, accuracy);
        Assert.InRange(accuracy!.Value, 0.8, 1);
    }

    [Fact]
    public void Images_are_read()
    {
        foreach (var part in new[] { "train", "t10k" })
        {
            directory.Write($"{part}-images-idx3-ubyte", IdxBytes.Images(2));
            directory.Write($"{part}-labels-idx1-ubyte", IdxBytes.Labels(1, 0));
        }

        directory.Write("some-images", IdxBytes.Images(2));
        directory.Write("some-labels", IdxBytes.Labels(1, 0));
        var (train, test) = IdxDataset.Load(In("mnist"));
        ImageSize? size = train.ImageSize;
        Dataset images = IdxFile.Load(In("some-images"), In("some-labels"), new IdxOptions { MaximalPixel = 16 });

        Assert.Equal(new ImageSize(2, 3), size);
        Assert.Equal((2, 2), (test.Count, images.Count));
    }

    [Fact]
    public void Photographs_are_read()
    {
        foreach (var number in Enumerable.Range(1, 5))
        {
            directory.Write($"data_batch_{number}.bin", CifarTests.Record(1));
        }

        directory.Write("test_batch.bin", CifarTests.Record(2));
        var (photographs, testPhotographs) = CifarDataset.Load(In("cifar-10"));
        var (greyPhotographs, testGreyPhotographs) = CifarDataset.Load(In("cifar-10"), grey: true);

        Assert.Equal((5, 3072, 1), (photographs.Count, photographs.Features, testPhotographs.Count));
        Assert.Equal((5, 1024, 1), (greyPhotographs.Count, greyPhotographs.Features, testGreyPhotographs.Count));
    }

    [Fact]
    public void Toys_are_read()
    {
        foreach (var part in new[] { "5x46789x9x18x6x2x96x96-training", "5x01235x9x18x6x2x96x96-testing" })
        {
            directory.Write($"smallnorb-{part}-dat.mat", NorbBytes.Images(2));
            directory.Write($"smallnorb-{part}-cat.mat", NorbBytes.Classes(1, 0));
            directory.Write($"smallnorb-{part}-info.mat", NorbBytes.Views(2, 4, 0, 2, 5, 6, 8, 34, 0));
        }

        var (toys, otherToys) = NorbDataset.Load(In("norb"), new NorbOptions { Camera = NorbCamera.Left, Reduction = 3 });
        IReadOnlyList<NorbView> views = NorbFile.LoadViews(In("norb/smallnorb-5x46789x9x18x6x2x96x96-training-info.mat"));

        Assert.Equal((2, 2, 4), (toys.Count, otherToys.Count, toys.Features));
        Assert.Equal(new NorbView(6, 8, 34, 0), views[1]);
    }

    [Fact]
    public void Digits_are_drawn()
    {
        Dataset digits = StrokeDigits.Generate(2_000, seed: 1);
        Dataset otherDigits = StrokeDigits.Generate(500, seed: 2);

        Assert.Equal((2_000, 500), (digits.Count, otherDigits.Count));
    }

    // The directory of the test stands for a directory of any name.
    private string In(string name) => name is "mnist" or "cifar-10" or "norb" ? directory.Path : Path.Combine(directory.Path, Path.GetFileName(name));

    // Three kinds of flowers about the centres that Fisher's irises have.
    private static string Table(int rows, ulong seed)
    {
        string[] names = ["virginica", "setosa", "versicolor"];
        float[][] centres = [[6.6f, 3.0f, 5.6f, 2.0f], [5.0f, 3.4f, 1.5f, 0.2f], [5.9f, 2.8f, 4.3f, 1.3f]];
        var random = new RandomStream(seed, 0);
        var text = new System.Text.StringBuilder("id,sepal length,sepal width,petal length,petal width,species\n");
        for (var row = 0; row < rows; row++)
        {
            var kind = row % 3;
            var values = new float[4];
            for (var feature = 0; feature < 4; feature++)
            {
                values[feature] = centres[kind][feature] + (0.2f * random.NextNormal());
            }

            text.Append(CultureInfo.InvariantCulture, $"{row},{values[0]},{values[1]},{values[2]},{values[3]},{names[kind]}\n");
        }

        return text.ToString();
    }
}
