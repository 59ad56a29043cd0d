namespace Whittle.Runtime.Tests.Sampling;

/// <summary>A product, the sum over n of a_i b_i^T, with scores of very different sizes, and its estimates.</summary>
internal sealed class SampledProduct
{
    private const int Rows = 3;
    private const int Columns = 4;

    private readonly double[][] terms;

    /// <summary>Makes a random product.</summary>
    /// <param name="inner">n.</param>
    /// <param name="seed">Seed of the factors.</param>
    /// <param name="spread">How far, relative to their mean, the elements of factors spread.</param>
    public SampledProduct(int inner, ulong seed, double spread = 2)
        : this(Random(inner, seed, spread))
    {
    }

    /// <summary>Makes the product of given factors.</summary>
    public SampledProduct(IEnumerable<(double[] A, double[] B)> factors)
    {
        terms = [.. factors.Select(factor => factor.A.SelectMany(x => factor.B.Select(y => x * y)).ToArray())];
        Scores = [.. terms.Select(term => (float)Math.Sqrt(Square(term)))];
        Exact = Sum(Enumerable.Range(0, terms.Length), _ => 1);
    }

    /// <summary>|a_i||b_i|.</summary>
    public float[] Scores { get; }

    public double[] Exact { get; }

    public static double Square(double[] values) => values.Sum(x => x * x);

    public double[] Sum(IEnumerable<int> indices, Func<int, double> weight)
    {
        var sum = new double[terms[0].Length];
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

    /// <summary>E|error|^2 as the papers give it, computed on its own.</summary>
    public double SquaredError(InputEstimator estimator, int count, double mix)
    {
        var s = Scores.Select(x => (double)x).ToArray();
        var n = s.Length;
        var p = s.Select(x => ((1 - mix) * x / s.Sum()) + (mix / n)).ToArray();
        switch (estimator)
        {
            case InputEstimator.Crs:
                return (s.Zip(p, (x, q) => x * x / q).Sum() - Square(Exact)) / count;
            case InputEstimator.Bernoulli:
                var certain = new HashSet<int>();
                double Share(int i) => (count - certain.Count) * p[i] / p.Where((_, j) => !certain.Contains(j)).Sum();
                while (p.Index().Any(x => !certain.Contains(x.Index) && Share(x.Index) >= 1))
                {
                    certain.UnionWith([.. p.Index().Where(x => !certain.Contains(x.Index) && Share(x.Index) >= 1).Select(x => x.Index)]);
                }

                return s.Index().Where(x => !certain.Contains(x.Index)).Sum(x => (1 - Share(x.Index)) / Share(x.Index) * x.Item * x.Item);
            case InputEstimator.WtaCrs:
                var ranked = p.Index().OrderByDescending(x => x.Item).Select(x => x.Index).ToArray();
                var heavy = Enumerable.Range(0, count).MinBy(c => ranked.Skip(c).Sum(i => p[i]) / (count - c));
                var tail = ranked.Skip(heavy).ToArray();
                var tailSum = tail.Sum(i => p[i]);
                return (tail.Sum(i => s[i] * s[i] * tailSum / p[i]) - Square(Sum(tail, _ => 1))) / (count - heavy);
            default:
                var squares = s.Sum(x => x * x);
                return (double)n * (n - count) / (count * (n - 1.0)) * (squares - (Square(Exact) / n));
        }
    }

    private static IEnumerable<(double[] A, double[] B)> Random(int inner, ulong seed, double spread)
    {
        var random = new RandomStream(seed, 77);
        for (var index = 0; index < inner; index++)
        {
            var size = Math.Exp(1.2 * random.NextNormal());
            var a = Elements(Rows, size, ref random);
            yield return (a, Elements(Columns, 1, ref random));
        }

        double[] Elements(int count, double size, ref RandomStream random)
        {
            var elements = new double[count];
            foreach (ref var element in elements.AsSpan())
            {
                element = size * (0.5 + (0.5 * spread * random.NextNormal()));
            }

            return elements;
        }
    }
}
