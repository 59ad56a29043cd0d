namespace Whittle.Runtime.Tests.Sampling;

public class OrthonormalizationTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(8, 16)]
    [InlineData(100, 16)]
    [InlineData(300, 20)]
    public void Columns_become_orthonormal_and_keep_their_span(int inputs, int rank)
    {
        var matrix = new Projection(inputs, rank);
        var random = new RandomStream(1, (ulong)inputs);
        for (var input = 0; input < inputs; input++)
        {
            for (var column = 0; column < rank; column++)
            {
                // All columns nearly the first direction.
                matrix.Row(input)[column] = (30f * input / inputs) + random.NextNormal();
            }
        }

        var before = matrix.Matrix.ToArray();
        new Orthonormalization(rank).Apply(matrix);
        var independent = Math.Min(inputs, rank);
        for (var left = 0; left < rank; left++)
        {
            for (var right = 0; right < rank; right++)
            {
                var product = Enumerable.Range(0, inputs).Sum(i => (double)matrix.Row(i)[left] * matrix.Row(i)[right]);
                Assert.Equal(left == right && left < independent ? 1 : 0, product, 1e-4);
            }
        }

        for (var column = 0; column < independent; column++)
        {
            var original = Enumerable.Range(0, inputs).Select(i => (double)before[(i * matrix.Width) + column]).ToArray();
            var inside = Enumerable.Range(0, rank).Sum(c => Math.Pow(Enumerable.Range(0, inputs).Sum(i => original[i] * matrix.Row(i)[c]), 2));
            Assert.Equal(1, inside / original.Sum(x => x * x), 1e-4);
        }
    }

    [Fact]
    public void Columns_that_depend_on_others_become_zero()
    {
        var matrix = new Projection(5, 4);
        for (var input = 0; input < 5; input++)
        {
            matrix.Row(input)[0] = input;
            matrix.Row(input)[1] = -2 * input;
            matrix.Row(input)[3] = 1;
        }

        new Orthonormalization(4).Apply(matrix);
        var norms = Enumerable.Range(0, 4).Select(c => Enumerable.Range(0, 5).Sum(i => matrix.Row(i)[c] * matrix.Row(i)[c])).ToArray();
        Assert.Equal([1, 0, 0, 1], norms.Select(norm => Math.Round(norm, 5)));
    }
}
