namespace Whittle.Runtime.Tests;

public unsafe class SparseGradientsTests
{
    private const int Nodes = 40;

    [Fact]
    public void Each_column_has_the_samples_with_a_gradient_at_an_active_node()
    {
        var (samples, values) = (new int[Nodes * 12], new float[Nodes * 12]);
        fixed (int* firstSample = samples)
        {
            fixed (float* firstValue = values)
            {
                // Used again for larger and smaller batches.
                var sparse = new SparseGradients(Nodes, firstSample, firstValue);
                foreach (var (rows, share, seed) in ((int, double, int)[])[(5, 0.2, 1), (12, 0.7, 2), (1, 0.1, 3), (7, 0, 4), (12, 1, 5)])
                {
                    Check(sparse, rows, share, seed);
                }
            }
        }
    }

    [Theory]
    [InlineData(20, 0.05, true)]
    [InlineData(20, 0.5, true)]
    [InlineData(20, 0.9, false)]
    [InlineData(128, 0.9, false)]
    [InlineData(4, 0.9, true)]
    public void Few_gradients_save_time(int rows, double share, bool saves)
    {
        var (samples, values) = (new int[Nodes * rows], new float[Nodes * rows]);
        fixed (int* firstSample = samples)
        {
            fixed (float* firstValue = values)
            {
                var sparse = new SparseGradients(Nodes, firstSample, firstValue);
                Collect(sparse, rows, share, seed: 1, out _);
                Assert.Equal(saves, sparse.SavesTime(rows));
            }
        }
    }

    private static void Check(SparseGradients sparse, int rows, double share, int seed)
    {
        var active = Collect(sparse, rows, share, seed, out var gradients);
        var union = active.Union(rows);
        var sums = new float[union.Count];
        sparse.Sum(sums);
        var count = 0;
        for (var entry = 0; entry < union.Count; entry++)
        {
            var node = union.Indices[entry];
            var expected = Enumerable.Range(0, rows).Where(row => active[row].Indices.Contains(node) && gradients[row, node] != 0).ToArray();
            var (begin, end) = sparse.Column(entry);
            Assert.Equal(expected, new ReadOnlySpan<int>(sparse.Samples + begin, end - begin).ToArray());
            Assert.Equal(expected.Select(row => gradients[row, node]), new ReadOnlySpan<float>(sparse.Values + begin, end - begin).ToArray());
            Assert.Equal(expected.Sum(row => gradients[row, node]), sums[entry], 1e-5f);
            count += expected.Length;
        }

        Assert.Equal(count, sparse.Count);
    }

    /// <summary>Draws sets and gradients, of which a few are zero, and collects them.</summary>
    private static ActiveNodes Collect(SparseGradients sparse, int rows, double share, int seed, out float[,] gradients)
    {
        var random = new Random(seed);
        var active = new ActiveNodes(Nodes, Nodes, isShared: false);
        active.Reserve(rows);
        gradients = new float[rows, Nodes];
        for (var row = 0; row < rows; row++)
        {
            for (var node = 0; node < Nodes; node++)
            {
                // What lies at a node that is not active means nothing.
                gradients[row, node] = share < 1 || random.Next(4) != 0 ? random.NextSingle() + 0.1f : 0;
                if (random.NextDouble() < share)
                {
                    active[row].Add(node, 1);
                }
            }
        }

        fixed (float* first = gradients)
        {
            sparse.Collect(new MatrixRows(first, Nodes, Nodes, rows), active, active.Union(rows));
        }

        return active;
    }
}
