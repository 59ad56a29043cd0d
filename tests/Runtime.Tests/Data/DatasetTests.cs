namespace Whittle.Runtime.Tests.Data;

public sealed class DatasetTests
{
    private static Dataset Numbered(int count, int classes = 3) => Dataset.FromArrays(
        [.. Enumerable.Range(0, count * 2).Select(value => (float)value)],
        2,
        [.. Enumerable.Range(0, count).Select(row => row % classes)],
        classes);

    [Fact]
    public void Rows_and_labels_come_back_as_given()
    {
        float[] inputs = [1, 2, 3, 4, 5, 6];
        var data = Dataset.FromArrays(inputs, 3, [1, 4]);

        Assert.Equal((2, 3, 5, 0), (data.Count, data.Features, data.Classes, data.Targets));
        Assert.Equal([4f, 5, 6], data.Row(1));
        Assert.Equal([1, 4], data.Labels);
        Assert.True(data.TargetRow(1).IsEmpty);
        Assert.Equal("4", data.ClassName(4));
    }

    [Fact]
    public void Targets_come_back_as_given_also_in_views()
    {
        var data = Dataset.FromTargets([1, 2, 3], 1, [10, 11, 20, 21, 30, 31], 2);

        Assert.Equal((3, 2, 0), (data.Count, data.Targets, data.Classes));
        Assert.True(data.Labels.IsEmpty);
        Assert.Equal([30f, 31], data.Subset([2, 0]).TargetRow(0));
        Assert.Equal([20f, 21], data[1..].TargetRow(0));
        Assert.True(data[1..].Labels.IsEmpty);
    }

    [Fact]
    public void Arrays_are_shared_by_views_and_spans_are_copied()
    {
        float[] inputs = [1, 2, 3, 4];
        var shared = Dataset.FromArrays(inputs, 1, [0, 1, 0, 1]).Subset([3, 1])[1..];
        var copied = Dataset.FromSpans(inputs, 1, [0, 1, 0, 1]);
        inputs[1] = 99;

        Assert.Equal(99, shared.Row(0)[0]);
        Assert.Equal(2, copied.Row(1)[0]);
    }

    [Fact]
    public void Views_of_views_keep_rows_and_labels_together()
    {
        var data = Numbered(30).WithClassNames(["a", "b", "c"]).WithImageSize(new ImageSize(1, 2));
        var view = data[5..25].Subset([19, 0, 0, 7])[1..].Subset([2, 0]);

        Assert.Equal([24f, 25], view.Row(0));
        Assert.Equal([10f, 11], view.Row(1));
        Assert.Equal([12 % 3, 5 % 3], view.Labels);
        Assert.Equal("c", view.ClassName(2));
        Assert.Equal(new ImageSize(1, 2), view.ImageSize);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_split_holds_every_row_once_and_depends_only_on_the_seed(bool stratified)
    {
        var data = Numbered(100);
        var (first, second) = data.Split(0.3, 7, stratified);
        var rows = Enumerable.Range(0, first.Count).Select(row => first.Row(row)[0])
            .Concat(Enumerable.Range(0, second.Count).Select(row => second.Row(row)[0])).ToArray();

        Assert.Equal(30, first.Count);
        Assert.Equal(Enumerable.Range(0, 100).Select(row => 2f * row), rows.Order());
        for (var row = 0; row < first.Count; row++)
        {
            Assert.Equal((int)first.Row(row)[0] / 2 % 3, first.Labels[row]);
        }

        Assert.Equal(first.Labels, data.Split(0.3, 7, stratified).First.Labels);
        Assert.Equal(first.Row(0)[0], data.Split(0.3, 7, stratified).First.Row(0)[0]);
        Assert.NotEqual(rows, Enumerable.Range(0, 30).Select(row => data.Split(0.3, 8, stratified).First.Row(row)[0]));
    }

    [Fact]
    public void A_stratified_split_divides_each_class_in_proportion()
    {
        var data = Dataset.FromArrays(new float[100], 1, [.. Enumerable.Range(0, 100).Select(row => row < 70 ? 0 : row < 90 ? 1 : 9)], 1000);
        var (first, second) = data.Split(0.9, 3, stratified: true);

        Assert.Equal([63, 18, 9], first.Labels.ToArray().GroupBy(label => label).OrderBy(group => group.Key).Select(group => group.Count()));
        Assert.Equal(10, second.Count);
    }

    [Fact]
    public void A_part_given_by_size_keeps_the_order()
    {
        var (first, second) = Numbered(10).SplitAt(4);

        Assert.Equal((4, 6), (first.Count, second.Count));
        Assert.Equal(8f, second.Row(0)[0]);
    }

    [Theory]
    [InlineData(0.001)]
    [InlineData(0.999)]
    public void A_split_with_an_empty_part_is_refused(double fraction) =>
        Assert.Contains("empty", Assert.Throws<DataFormatException>(() => Numbered(10).Split(fraction, 0)).Message);

    [Fact]
    public void Bad_data_is_refused_with_the_reason()
    {
        Refuses("7 input values are not a whole number of rows of 2 features", () => Dataset.FromArrays(new float[7], 2, [0, 0, 0]));
        Refuses("no rows", () => Dataset.FromArrays([], 2, []));
        Refuses("2 rows of 2 features but 3 labels", () => Dataset.FromArrays(new float[4], 2, [0, 0, 0]));
        Refuses("label of row 1 is -1; labels count from 0", () => Dataset.FromArrays(new float[4], 2, [0, -1]));
        Refuses("label of row 1 is 10; with 10 classes it must be from 0 to 9", () => Dataset.FromArrays(new float[4], 2, [0, 10], 10));
        Refuses("label of row 0 is 2147483647", () => Dataset.FromArrays(new float[2], 2, [int.MaxValue]));
        Refuses("Row 1, feature 0 is NaN", () => Dataset.FromArrays([0, 1, float.NaN, 3], 2, [0, 0]));
        Refuses("Row 0, feature 1 is Infinity", () => Dataset.FromArrays([0, float.PositiveInfinity], 2, [0]));
        Refuses("Row 1, target 0 is -Infinity", () => Dataset.FromTargets([0, 1], 1, [0, float.NegativeInfinity], 1));
        Refuses("need 4 target values (2 per row), but 3", () => Dataset.FromTargets([0, 1], 1, [0, 1, 2], 2));
        Refuses("3 classes but 2 names", () => Numbered(3).WithClassNames(["a", "b"]));
        Refuses("image of 2 x 2", () => Numbered(3).WithImageSize(new ImageSize(2, 2)));
        Refuses("goes by the classes", () => Dataset.FromTargets([0, 1], 1, [0, 1], 1).Split(0.5, 0, stratified: true));
    }

    [Fact]
    public void Rows_out_of_range_are_refused()
    {
        var data = Numbered(10)[2..5];

        Assert.Throws<ArgumentOutOfRangeException>(() => data.Row(3).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => data.Row(-1).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => data.Subset([3]));
        Assert.Throws<ArgumentOutOfRangeException>(() => data.Take(4));
        Assert.Throws<ArgumentOutOfRangeException>(() => data.Slice(1, int.MaxValue));
        Assert.Throws<ArgumentOutOfRangeException>(() => data.Split(double.NaN, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Dataset.FromArrays([1], 0, [0]));
    }

    private static void Refuses(string reason, Func<object> action)
    {
        var message = Assert.Throws<DataFormatException>(action).Message;
        Assert.Contains(reason, message);
        Assert.DoesNotContain('\n', message);
    }
}
