namespace Whittle.Runtime.Tests.Data;

public sealed class ScalingTests
{
    private static readonly Dataset Data = Dataset.FromArrays([1, 10, 5, 2, 26, 5, 3, 74, 5], 3, [0, 1, 2]);

    [Fact]
    public void Standardized_features_have_mean_0_and_variance_1()
    {
        var scaled = Scaling.Standardize(Data).Apply(Data);

        for (var feature = 0; feature < 2; feature++)
        {
            var column = Enumerable.Range(0, 3).Select(row => (double)scaled.Row(row)[feature]).ToArray();
            Assert.Equal(0, column.Average(), 1e-6);
            Assert.Equal(1, column.Average(value => value * value), 1e-6);
        }
    }

    [Fact]
    public void The_range_becomes_0_to_1()
    {
        var scaled = Scaling.MinMax(Data).Apply(Data);

        Assert.Equal([0f, 0, 0], scaled.Row(0));
        Assert.Equal([0.5f, 0.25f, 0], scaled.Row(1));
        Assert.Equal([1f, 1, 0], scaled.Row(2));
    }

    [Fact]
    public void Constant_features_keep_the_factor_1()
    {
        Assert.Equal(1, Scaling.Standardize(Data).Factors[2]);
        Assert.Equal(1, Scaling.MinMax(Data).Factors[2]);

        // The mean of many equal values need not be that value in floating point.
        var data = Dataset.FromArrays([.. Enumerable.Repeat(0.1f, 1001)], 1, new int[1001]);
        Assert.Equal(1, Scaling.Standardize(data).Factors[0]);
    }

    [Fact]
    public void A_far_mean_does_not_drown_the_variance()
    {
        var data = Dataset.FromArrays([1e6f, 1e6f + 1, 1e6f + 2], 1, [0, 0, 0]);
        Assert.Equal(1 / Math.Sqrt(2.0 / 3), Scaling.Standardize(data).Factors[0], 1e-6);
    }

    [Fact]
    public void A_scaled_set_carries_its_scaling_labels_and_shape_and_leaves_the_source_alone()
    {
        var source = Data.WithClassNames(["a", "b", "c"]).WithImageSize(new ImageSize(1, 3)).Subset([2, 0]);
        var scaling = Scaling.Constant(1, 2);
        var scaled = scaling.Apply(source);

        Assert.Same(scaling, scaled.Scaling);
        Assert.Null(source.Scaling);
        Assert.Equal([4f, 146, 8], scaled.Row(0));
        Assert.Equal([3f, 74, 5], source.Row(0));
        Assert.Equal([2, 0], scaled.Labels);
        Assert.Equal("c", scaled.ClassName(2));
        Assert.Equal(new ImageSize(1, 3), scaled.ImageSize);
        Assert.Same(scaling, scaled[1..].Scaling);
    }

    [Fact]
    public void Targets_stay_with_their_rows()
    {
        var scaled = Scaling.Constant(0, 10).Apply(Dataset.FromTargets([1, 2, 3], 1, [1, -1, 2, -2, 3, -3], 2).Subset([2, 0]));

        Assert.Equal([30f], scaled.Row(0));
        Assert.Equal([3f, -3], scaled.TargetRow(0));
        Assert.Equal([1f, -1], scaled.TargetRow(1));
    }

    [Fact]
    public void One_scaling_after_another_equals_the_scaling_that_the_set_carries()
    {
        var twice = Scaling.MinMax(Data).Apply(Scaling.Standardize(Data).Apply(Scaling.Constant(3, 0.25f).Apply(Data)));
        var once = new float[3];

        for (var row = 0; row < 3; row++)
        {
            twice.Scaling!.Apply(Data.Row(row), once);
            Assert.All(Enumerable.Range(0, 3), feature => Assert.Equal(twice.Row(row)[feature], once[feature], 1e-5));
        }
    }

    [Fact]
    public void A_scaling_comes_back_from_its_arrays()
    {
        var scaling = Scaling.Standardize(Data);
        var again = Scaling.PerFeature(scaling.Offsets, scaling.Factors);

        Assert.Equal(scaling.Apply(Data).Row(2), again.Apply(Data).Row(2));
        Assert.True(Scaling.Constant(1, 2).IsGlobal);
        Assert.False(again.IsGlobal);
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        Assert.Throws<DataFormatException>(() => Scaling.Constant(0, 0));
        Assert.Throws<DataFormatException>(() => Scaling.Constant(float.NaN, 1));
        Assert.Throws<DataFormatException>(() => Scaling.PerFeature([0, 1], [1]));
        Assert.Throws<DataFormatException>(() => Scaling.PerFeature([0, 1], [1, 1]).Apply(Data));
        Assert.Contains("overflows", Assert.Throws<DataFormatException>(() => Scaling.Constant(0, 1e38f).Apply(Data)).Message);
        Assert.Throws<ArgumentException>(() => Scaling.Standardize(Data).Apply([1, 2], new float[2]));
        Assert.Throws<ArgumentException>(() => Scaling.Constant(0, 1).Apply([1, 2], new float[3]));
    }
}
