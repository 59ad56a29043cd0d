using Whittle.Runtime.Tests.Memory;

namespace Whittle.Runtime.Tests.Sampling;

public class TopKSelectorTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(33)]
    [InlineData(1_000)]
    [InlineData(4_096)]
    [InlineData(4_097)]
    [InlineData(16_384)]
    public void The_largest_are_those_that_sorting_gives(int length)
    {
        var selector = new TopKSelector(length);
        foreach (var values in Inputs(length))
        {
            foreach (var count in (int[])[0, 1, 2, length / 20, length / 2, length - 1, length, length + 3])
            {
                AssertSorted(selector, values, count);
            }
        }
    }

    [Fact]
    public void The_largest_of_very_many_are_those_that_sorting_gives()
    {
        var selector = new TopKSelector(670_000);
        var random = new RandomStream(1, 1);
        float[] values = [.. Enumerable.Range(0, 670_000).Select(_ => random.NextNormal())];
        AssertSorted(selector, values, 3_350);

        // Sorted values mislead no sample; a period that meets only the small ones does, and the search must still be right.
        Array.Sort(values);
        AssertSorted(selector, values, 3_350);
        float[] misleading = [.. Enumerable.Range(0, 16 * 1024).Select(i => i % 16 == 0 ? -1f - i : i)];
        AssertSorted(selector, misleading, 900);
        AssertSorted(selector, misleading, 16_000);
    }

    [Fact]
    public void A_shorter_list_after_a_longer_one_leaves_nothing_behind()
    {
        var selector = new TopKSelector(5_000);
        AssertSorted(selector, [.. Enumerable.Range(0, 5_000).Select(i => 1e9f + (100f * i))], 10);
        AssertSorted(selector, [.. Enumerable.Range(0, 13).Select(i => -1f * i)], 5);
    }

    [Fact]
    public void Values_that_are_not_numbers_count_as_the_largest()
    {
        var indices = new int[3];
        Assert.Equal(3, new TopKSelector(20).Select([1, 2, float.NaN, float.PositiveInfinity, -float.NaN, 3], 3, indices));
        Assert.Equal([2, 3, 4], indices);
    }

    [Fact]
    public void Forced_nodes_are_among_the_largest()
    {
        var selector = new TopKSelector(10);
        selector.Load([9, 8, 7, 6, 5, 4, 3, 2, 1, 0]);
        selector.Force(9);
        selector.Force(4);
        var indices = new int[3];
        Assert.Equal(3, selector.Take(3, indices));
        Assert.Equal([0, 4, 9], indices);
    }

    [Fact]
    public void Selecting_allocates_nothing()
    {
        var selector = new TopKSelector(20_000);
        var values = new SampledProduct(20_000, 1).Scores;
        var indices = new int[1_000];
        selector.Select(values, 1_000, indices);
        Assert.Equal(0, Allocation.Of(() => selector.Select(values, 1_000, indices)));
    }

    private static IEnumerable<float[]> Inputs(int length)
    {
        var random = new RandomStream(3, (ulong)length);
        yield return [.. Enumerable.Range(0, length).Select(_ => random.NextNormal())];
        yield return [.. Enumerable.Range(0, length).Select(_ => Math.Max(0, random.NextNormal()))];
        yield return [.. Enumerable.Range(0, length).Select(_ => (float)random.NextInt32(3) - 1)];
        yield return new float[length];
        yield return [.. Enumerable.Range(0, length).Select(i => i % 2 == 0 ? -0f : 0)];
        yield return [.. Enumerable.Range(0, length).Select(i => (float)i)];
        yield return [.. Enumerable.Range(0, length).Select(i => -MathF.Exp(i % 80))];
        yield return [.. Enumerable.Range(0, length).Select(i => i % 5 == 0 ? float.NegativeInfinity : i % 7 == 0 ? float.PositiveInfinity : float.Epsilon * i)];
    }

    private static void AssertSorted(TopKSelector selector, float[] values, int count)
    {
        var indices = new int[Math.Min(count, values.Length)];
        var found = selector.Select(values, count, indices);
        Assert.Equal(indices.Length, found);

        // Sorting with LINQ is stable: the lower index comes first among equals.
        var expected = values.Index().OrderByDescending(v => v.Item).Take(count).Select(v => v.Index).Order();
        Assert.Equal(expected, indices);
    }
}
