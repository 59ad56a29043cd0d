namespace Whittle.Runtime.Tests.Sampling;

public class ProjectionTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 16)]
    [InlineData(40, 17)]
    [InlineData(129, 50)]
    public void All_products_are_those_of_the_matrix(int inputs, int columns)
    {
        using var layer = new RandomLayer(21, inputs, 1);
        var random = new RandomStream(1, 2);
        var projection = new Projection(inputs, columns);
        for (var input = 0; input < inputs; input++)
        {
            for (var column = 0; column < columns; column++)
            {
                projection.Row(input)[column] = random.NextNormal();
            }
        }

        // Zeros one by one and in stretches.
        float[] x = [.. Enumerable.Range(0, inputs).Select(i => i % 3 == 0 || i is > 20 and < 50 ? 0 : random.NextNormal())];
        var y = new float[projection.Width];
        projection.Apply(x, y);
        AssertProduct(x, y);
        projection.Apply(x, RandomLayer.NonZero(x), y);
        AssertProduct(x, y);

        // Whole groups of nodes and single ones.
        int[] nodes = [20, 3, .. Enumerable.Range(0, 17)];
        var rows = new float[nodes.Length * projection.Width];
        projection.ApplyToRows(layer.Rows, nodes, rows);
        var alone = new float[projection.Width];
        for (var position = 0; position < nodes.Length; position++)
        {
            var row = rows[(position * projection.Width)..((position + 1) * projection.Width)];
            AssertProduct(layer.Rows.Row(nodes[position]).ToArray(), row);
            projection.ApplyToRows(layer.Rows, [nodes[position]], alone);
            Assert.Equal(alone, row);
        }

        var before = projection.Matrix.ToArray();
        projection.AddOuterProduct(x, y);
        for (var element = 0; element < before.Length; element++)
        {
            var added = (double)x[element / projection.Width] * y[element % projection.Width];
            Assert.Equal(before[element] + added, projection.Matrix[element], 1e-4 * (1 + Math.Abs(added)));
        }

        void AssertProduct(float[] vector, float[] result)
        {
            for (var column = 0; column < projection.Width; column++)
            {
                var (sum, size) = (0.0, 0.0);
                for (var input = 0; input < inputs; input++)
                {
                    var term = (double)vector[input] * projection.Row(input)[column];
                    (sum, size) = (sum + term, size + Math.Abs(term));
                }

                Assert.Equal(sum, result[column], ((inputs + 8) * Math.Pow(2, -23) * size) + double.Epsilon);
            }
        }
    }

    [Fact]
    public void Rows_of_another_length_are_refused()
    {
        using var layer = new RandomLayer(3, 5, 1);
        Assert.Throws<ArgumentException>(() => new Projection(6, 2).ApplyToRows(layer.Rows, [0], new float[16]));
        Assert.Throws<ArgumentException>(() => new Projection(5, 2).ApplyToRows(layer.Rows, [0, 1], new float[16]));
    }
}
