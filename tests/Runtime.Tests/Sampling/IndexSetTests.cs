namespace Whittle.Runtime.Tests.Sampling;

public class IndexSetTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(200)]
    public void A_set_holds_each_index_once_and_gives_them_back_in_order(int bound)
    {
        var set = new IndexSet(bound);
        int[] added = [.. Enumerable.Range(0, bound).Where(i => i % 3 != 1).Reverse()];
        Assert.All(added, index => Assert.True(set.Add(index)));
        Assert.All(added, index => Assert.False(set.Add(index)));
        Assert.Equal(added.Length, set.Count);
        Assert.All(Enumerable.Range(0, bound), index => Assert.Equal(index % 3 != 1, set.Contains(index)));
        var indices = new int[bound];
        Assert.Equal(added.Length, set.MoveTo(indices));
        Assert.Equal(added.Order(), indices[..added.Length]);
        Assert.Equal(0, set.MoveTo(indices));
        set.AddAll();
        Assert.Equal(bound, set.CopyTo(indices));
        Assert.Equal(Enumerable.Range(0, bound), indices);
    }

    // 12 choices of 2 from 4 or what is left; chi-squared at 1e-4 each.
    [Theory]
    [InlineData(new int[0], 2, 15, 44.3)]
    [InlineData(new[] { 4 }, 2, 10, 35.6)]
    [InlineData(new[] { 0, 2, 3, 4 }, 1, 2, 18.5)]
    [InlineData(new[] { 5 }, 4, 5, 25.8)]
    public void Random_choices_are_equally_likely(int[] present, int count, int choices, double bound)
    {
        var set = new IndexSet(6);
        var random = new RandomStream(11, 1);
        var indices = new int[6];
        var seen = new Dictionary<string, int>();
        const int draws = 6_000;
        for (var draw = 0; draw < draws; draw++)
        {
            set.AddRange(present);
            set.AddRandom(count, ref random);
            var found = set.MoveTo(indices);
            Assert.Equal(present.Length + count, found);
            var choice = string.Join(',', indices[..found]);
            seen[choice] = seen.GetValueOrDefault(choice) + 1;
        }

        Assert.Equal(choices, seen.Count);
        var expected = (double)draws / choices;
        Assert.InRange(seen.Values.Sum(n => (n - expected) * (n - expected) / expected), 0, bound);
    }

    [Fact]
    public void More_than_are_left_cannot_be_chosen()
    {
        var set = new IndexSet(5);
        set.Add(1);
        Assert.Throws<ArgumentOutOfRangeException>(() =>
        {
            var random = new RandomStream(1, 1);
            set.AddRandom(5, ref random);
        });
    }
}
