namespace Whittle.Runtime.Tests.Sampling;

/// <summary>A product, the sum over n of a_i b_i^T, with scores of very different sizes, and its estimates.</summary>
internal sealed class SampledProduct
{
    private const int Rows = 3;
    private const int Columns = 4;

    private readonly double[][] terms;

    public SampledProduct(int inner, ulong seed)
    {
        var random = new RandomStream(seed, 77);
        terms = new double[inner][];
        Scores = new float[inner];
        for (var index = 0; index < inner; index++)
        {
            var size = Math.Exp(1.2 * random.NextNormal());
            var a = Enumerable.Range(0, Rows).Select(_ => size * (random.NextNormal() + 0.5)).ToArray();
            var b = Enumerable.Range(0, Columns).Select(_ => (double)random.NextNormal()).ToArray();
            terms[index] = [.. a.SelectMany(x => b.Select(y => x * y))];
            Scores[index] = (float)Math.Sqrt(Square(terms[index]));
        }

        Exact = Sum(Enumerable.Range(0, inner), _ => 1);
    }

    /// <summary>|a_i||b_i|.</summary>
    public float[] Scores { get; }

    public double[] Exact { get; }

    public static double Square(double[] values) => values.Sum(x => x * x);

    public double[] Sum(IEnumerable<int> indices, Func<int, double> weight)
    {
        var sum = new double[Rows * Columns];
        foreach (var index in indices)
        {
            for (var element = 0; element < sum.Length; element++)
            {
                sum[element] += weight(index) * terms[index][element];
            }
        }

        return sum;
    }

    /// <summary>Estimate - exact.</summary>
    public double[] Error(IndexSample sample)
    {
        var error = Exact.Select(x => -x).ToArray();
        for (var position = 0; position < sample.Count; position++)
        {
            for (var element = 0; element < error.Length; element++)
            {
                error[element] += sample.Weights[position] * terms[sample.Indices[position]][element];
            }
        }

        return error;
    }
}
