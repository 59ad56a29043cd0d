namespace Whittle.Runtime.Tests.Randomness;

public class RandomStreamTests
{
    // The known answers of the Random123 distribution, kat_vectors, philox4x32 10.
    [Theory]
    [InlineData(0u, 0u, 0u, 0u, 0u, 0u, 0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u)]
    [InlineData(~0u, ~0u, ~0u, ~0u, ~0u, ~0u, 0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu)]
    [InlineData(0x243f6a88u, 0x85a308d3u, 0x13198a2eu, 0x03707344u, 0xa4093822u, 0x299f31d0u, 0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u)]
    public void Philox_gives_the_published_answers(
        uint c0, uint c1, uint c2, uint c3, uint k0, uint k1, uint first, uint second, uint third, uint fourth)
    {
        var bits = RandomStream.Philox(c0, c1, c2, c3, k0, k1);
        Assert.Equal([first, second, third, fourth], [(uint)bits, (uint)(bits >> 32), (uint)(bits >> 64), (uint)(bits >> 96)]);
    }

    [Fact]
    public void A_stream_is_the_blocks_of_its_counter_in_order()
    {
        var random = new RandomStream(0x1122334455667788, 0x99AABBCCDDEEFF00);
        for (uint block = 0; block < 3; block++)
        {
            var expected = RandomStream.Philox(block, 0, 0xDDEEFF00, 0x99AABBCC, 0x55667788, 0x11223344);
            for (var word = 0; word < 4; word++)
            {
                Assert.Equal((uint)(expected >> (32 * word)), random.NextUInt32());
            }
        }
    }

    [Fact]
    public void Integers_below_a_bound_are_uniform()
    {
        var random = new RandomStream(1, 2);
        var counts = new int[7];
        for (var draw = 0; draw < 70_000; draw++)
        {
            counts[random.NextInt32(7)]++;
        }

        // Chi-squared with 6 degrees of freedom exceeds 30 with a probability of 4e-5; the seed is fixed.
        Assert.True(counts.Sum(count => Math.Pow(count - 10_000, 2) / 10_000) < 30);
    }

    [Fact]
    public void Normals_have_mean_zero_and_variance_one_and_normal_tails()
    {
        var random = new RandomStream(3, 4);
        var draws = Enumerable.Range(0, 100_000).Select(_ => (double)random.NextNormal()).ToArray();
        Assert.InRange(draws.Average(), -0.015, 0.015);
        Assert.InRange(draws.Average(x => x * x), 0.98, 1.02);
        Assert.InRange(draws.Average(x => x * x * x * x), 2.85, 3.15);
    }

    [Fact]
    public void Floats_are_in_the_half_open_unit_interval_with_mean_one_half()
    {
        var random = new RandomStream(5, 6);
        var draws = Enumerable.Range(0, 100_000).Select(_ => random.NextSingle()).ToArray();
        Assert.True(draws.Min() >= 0 && draws.Max() < 1);
        Assert.InRange(draws.Average(), 0.495, 0.505);
    }

    [Fact]
    public void A_shuffle_keeps_every_item_and_reaches_every_order()
    {
        var random = new RandomStream(7, 8);
        var orders = new Dictionary<string, int>();
        for (var draw = 0; draw < 2_400; draw++)
        {
            int[] items = [0, 1, 2, 3];
            random.Shuffle(items);
            var order = string.Join(',', items);
            orders[order] = orders.GetValueOrDefault(order) + 1;
            Assert.Equal([0, 1, 2, 3], items.Order());
        }

        Assert.Equal(24, orders.Count);
        Assert.All(orders.Values, count => Assert.InRange(count, 60, 145));
    }

    [Fact]
    public void Streams_of_one_seed_differ()
    {
        var first = new RandomStream(9, 0);
        var second = new RandomStream(9, 1);
        Assert.NotEqual(first.NextUInt64(), second.NextUInt64());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(31)]
    [InlineData(32)]
    [InlineData(33)]
    [InlineData(101)]
    public void Filling_gives_the_bits_of_single_draws_and_goes_on_after_them(int length)
    {
        for (var before = 0; before < 6; before++)
        {
            var filled = new RandomStream(0xFEDCBA9876543210, 0x0F1E2D3C4B5A6978);
            var single = filled;
            for (var draw = 0; draw < before; draw++)
            {
                Assert.Equal(single.NextUInt32(), filled.NextUInt32());
            }

            var words = new uint[length];
            filled.Fill(words);
            Assert.Equal(Enumerable.Range(0, length).Select(_ => single.NextUInt32()), words);
            Assert.Equal(single.NextUInt32(), filled.NextUInt32());
        }
    }
}
