namespace Whittle.Runtime.Tests.Network;

public unsafe class NonZeroListTests
{
    [Fact]
    public void Lists_what_differs_from_zero_in_order_and_writes_no_further_than_its_room()
    {
        var random = new RandomStream(1, 77);
        for (var length = 0; length <= 70; length++)
        {
            float[] values = [.. Enumerable.Range(0, length).Select(_ => Value(ref random))];
            var indices = new int[length + 1];
            indices[length] = -1;
            var expected = Enumerable.Range(0, length).Where(index => values[index] != 0).ToArray();
            int count;
            fixed (float* start = values)
            {
                fixed (int* list = indices)
                {
                    count = NonZeroList.Write(start, length, list);
                }
            }

            Assert.Equal(expected, indices[..count]);
            Assert.Equal(-1, indices[length]);
        }
    }

    private static float Value(ref RandomStream random) => (random.NextSingle() * 6) switch
    {
        < 2 => 0,
        < 3 => -0f,
        < 4 => float.NaN,
        < 5 => float.Epsilon,
        _ => random.NextNormal(),
    };
}
