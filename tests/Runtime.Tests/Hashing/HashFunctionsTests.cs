using Whittle.Runtime.Tests.Sampling;

namespace Whittle.Runtime.Tests.Hashing;

public unsafe class HashFunctionsTests
{
    private const int Inputs = 200;

    public static TheoryData<HashFamily, int, int> Families => new()
    {
        { HashFamily.SimHash, 6, 5 },
        { HashFamily.SimHash, 3, 20 },
        { HashFamily.Alsh, 6, 5 },
        { HashFamily.Alsh, 4, 10 },
        { HashFamily.Dwta, 6, 4 },
        { HashFamily.Dwta, 5, 3 },
        { HashFamily.Dwta, 2, 8 },
    };

    // For each angle new vectors and functions for each draw; z^2 of 6 binomial counts: chi-squared with 6 degrees of freedom exceeds
    // 27.9 with a probability of 1e-4.
    [Theory]
    [MemberData(nameof(Families))]
    public void Nodes_are_retrieved_as_often_as_the_theory_says(HashFamily family, int bits, int tables)
    {
        const int draws = 600;
        var statistic = 0.0;
        var output = new List<string>();
        using var layer = new RandomLayer(1, Inputs, 1);
        var w = layer.MutableRow(0);
        var x = new float[Inputs];
        foreach (var cosine in (double[])[-0.5, 0, 0.3, 0.6, 0.8, 0.95])
        {
            var (expected, variance, found) = (0.0, 0.0, 0);
            for (var seed = 0UL; seed < draws; seed++)
            {
                var functions = HashFunctions.Create(family, Inputs, bits, tables, seed, layer: 1);
                var random = new RandomStream(seed, 1234);
                for (var i = 0; i < Inputs; i++)
                {
                    x[i] = random.NextNormal();
                    w[i] = (float)((cosine * x[i]) + (Math.Sqrt(1 - (cosine * cosine)) * random.NextNormal()));
                }

                var (inputCodes, nodeCodes) = (new int[tables], new int[tables]);
                var length = Length(w);
                var scale = functions.ScaleFor((float)(1.2 * length));
                functions.HashInput(x, RandomLayer.NonZero(x), inputCodes);
                functions.HashNodes(layer.Rows, [0], scale, nodeCodes);
                found += inputCodes.Zip(nodeCodes).Any(codes => codes.First == codes.Second) ? 1 : 0;

                // The winner's theory is about the distribution of coordinates, the others' about the vectors at hand.
                var p = family == HashFamily.Dwta
                    ? functions.RetrievalProbability(cosine, 1, 1, scale)
                    : functions.RetrievalProbability(RandomLayer.Product(x, w), Length(x), length, scale);
                expected += p;
                variance += p * (1 - p);
            }

            statistic += Math.Pow(found - expected, 2) / variance;
            output.Add($"cosine {cosine,5:F2}: {(double)found / draws:F3}, theory {expected / draws:F3}");
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{family} K {bits} L {tables}\n{string.Join('\n', output)}");
        Assert.InRange(statistic, 0, 27.9);
    }

    [Fact]
    public void The_agreement_of_winners_among_two_is_that_of_signs()
    {
        foreach (var cosine in (double[])[-0.9, -0.3, 0, 0.4, 0.9, 0.99])
        {
            Assert.Equal(1 - (Math.Acos(cosine) / Math.PI), WinnerAgreement.Probability(1, cosine), 0.004);
            Assert.True(WinnerAgreement.Probability(3, cosine) < WinnerAgreement.Probability(2, cosine));
        }

        Assert.Equal(1.0 / 8, WinnerAgreement.Probability(3, 0), 0.001);
        Assert.Equal(1.0 / 4, WinnerAgreement.Probability(2, 0), 0.001);
        Assert.Equal(1, WinnerAgreement.Probability(3, 1));
        Assert.Equal(0, WinnerAgreement.Probability(3, -1));
    }

    [Fact]
    public void Codes_are_the_signs_of_the_projections_written_out()
    {
        using var layer = new RandomLayer(37, 21, 3);
        foreach (var family in (HashFamily[])[HashFamily.SimHash, HashFamily.Alsh])
        {
            var functions = (SignHash)HashFunctions.Create(family, 21, 7, 5, 8, 2);
            const float scale = 0.4f;
            var codes = new int[37 * 5];
            functions.HashNodes(layer.Rows, [.. Enumerable.Range(0, 37)], scale, codes);
            for (var node = 0; node < 37; node++)
            {
                var w = layer.Rows.Row(node).ToArray();
                AssertCodes(functions, Transformed(functions, w.Select(v => (double)v * scale), weights: true), codes.AsSpan(node * 5, 5));
            }

            float[] x = [.. Enumerable.Range(0, 21).Select(i => i % 3 == 0 ? 0 : MathF.Sin(i * i))];
            functions.HashInput(x, RandomLayer.NonZero(x), codes);
            var length = Length(x);
            AssertCodes(functions, Transformed(functions, x.Select(v => v / length), weights: false), codes.AsSpan(0, 5));
        }

        // [w; |w|^2; |w|^4; |w|^8] and [x / |x|; 1/2; 1/2; 1/2].
        static double[] Transformed(SignHash functions, IEnumerable<double> vector, bool weights)
        {
            var square = vector.Sum(v => v * v);
            return functions is SimHash ? [.. vector]
                : weights ? [.. vector, square, Math.Pow(square, 2), Math.Pow(square, 4)]
                : [.. vector, 0.5, 0.5, 0.5];
        }

        static void AssertCodes(SignHash functions, double[] vector, ReadOnlySpan<int> codes)
        {
            for (var column = 0; column < functions.Bits * functions.Tables; column++)
            {
                var sum = 0.0;
                for (var i = 0; i < vector.Length; i++)
                {
                    sum += vector[i] * (i < functions.Inputs
                        ? functions.Projection.Row(i)[column]
                        : functions.Transform[((i - functions.Inputs) * functions.Projection.Width) + column]);
                }

                Assert.Equal(sum < 0, (codes[column / functions.Bits] >> (column % functions.Bits) & 1) == 1);
            }
        }
    }

    [Fact]
    public void Sparse_signs_have_their_density_in_every_projection()
    {
        var functions = (SimHash)HashFunctions.Create(HashFamily.SimHash, 100, 10, 10, 1, 1, density: 0.2f);
        for (var column = 0; column < 100; column++)
        {
            var entries = Enumerable.Range(0, 100).Select(i => functions.Projection.Row(i)[column]).ToArray();
            Assert.All(entries, entry => Assert.Contains(entry, (float[])[-1, 0, 1]));
            Assert.Equal(20, entries.Count(entry => entry != 0));
        }

        // An input of one element would have projections of nothing if the density were a chance.
        var narrow = (SimHash)HashFunctions.Create(HashFamily.SimHash, 1, 4, 2, 1, 1);
        Assert.All(Enumerable.Range(0, 8), column => Assert.NotEqual(0, narrow.Projection.Row(0)[column]));
    }

    [Theory]
    [InlineData(HashFamily.SimHash)]
    [InlineData(HashFamily.Alsh)]
    [InlineData(HashFamily.Dwta)]
    public void The_length_of_an_input_does_not_matter_and_zeros_have_codes(HashFamily family)
    {
        var functions = HashFunctions.Create(family, 60, 6, 8, 1, 1);
        float[] x = [.. Enumerable.Range(0, 60).Select(i => i % 7 < 4 ? 0 : MathF.Cos(i))];
        var (codes, scaled, zeros) = (new int[8], new int[8], new int[8]);
        functions.HashInput(x, RandomLayer.NonZero(x), codes);
        functions.HashInput([.. x.Select(v => 1000 * v)], RandomLayer.NonZero(x), scaled);
        Assert.Equal(codes, scaled);
        functions.HashInput(new float[60], [], zeros);
        Assert.All(zeros, code => Assert.InRange(code, 0, 63));
    }

    [Fact]
    public void Winners_of_sparse_inputs_are_found_although_most_bins_are_empty()
    {
        // 5 of 2,000 elements: 15 bins of a table's codes hold one of them rarely, so that codes are loans; the same elements borrow
        // the same winners, others do not.
        var functions = HashFunctions.Create(HashFamily.Dwta, 2000, 9, 5, 1, 1);
        var same = 0;
        var different = 0;
        for (var seed = 0UL; seed < 100; seed++)
        {
            var first = Sparse(seed, 1);
            var second = first.Select(v => 3 * v).ToArray();
            same += Equal(first, second);
            different += Equal(first, Sparse(seed + 1000, 1));
        }

        Assert.Equal(500, same);
        Assert.InRange(different, 0, 50);

        int Equal(float[] first, float[] second)
        {
            var (left, right) = (new int[5], new int[5]);
            functions.HashInput(first, RandomLayer.NonZero(first), left);
            functions.HashInput(second, RandomLayer.NonZero(second), right);
            return left.Zip(right).Count(codes => codes.First == codes.Second);
        }

        static float[] Sparse(ulong seed, float size)
        {
            var random = new RandomStream(seed, 2);
            var x = new float[2000];
            for (var i = 0; i < 5; i++)
            {
                x[random.NextInt32(2000)] = size + random.NextSingle();
            }

            return x;
        }
    }

    [Fact]
    public void Asymmetric_codes_prefer_the_larger_inner_product_at_the_same_angle()
    {
        var functions = HashFunctions.Create(HashFamily.Alsh, 10, 6, 5, 1, 1);
        var scale = functions.ScaleFor(2);
        var probabilities = ((double[])[0.2, 0.5, 1, 1.5, 2]).Select(length => functions.RetrievalProbability(0.5 * length, 1, length, scale)).ToArray();
        Assert.Equal(probabilities.Order(), probabilities);
        Assert.True(probabilities[^1] > 1.5 * probabilities[0]);
    }

    [Fact]
    public void Settings_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => HashFunctions.Create(HashFamily.Alsh, 0, 6, 5, 1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => HashFunctions.Create(HashFamily.Alsh, 5, 0, 5, 1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => HashFunctions.Create(HashFamily.Alsh, 5, 21, 5, 1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => HashFunctions.Create(HashFamily.Alsh, 5, 6, 257, 1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => HashFunctions.Create(HashFamily.SimHash, 5, 6, 5, 1, 1, density: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => HashFunctions.Create((HashFamily)7, 5, 6, 5, 1, 1));
    }

    private static double Length(ReadOnlySpan<float> x) => Math.Sqrt(RandomLayer.Product(x, x));
}
