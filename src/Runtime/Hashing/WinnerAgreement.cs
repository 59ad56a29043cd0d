namespace Whittle;

/// <summary>
/// The probability that the largest of b coordinates is the same one in two vectors whose coordinates are pairs of normal variables
/// with a given correlation: b times the integral of F^(b - 1) dF, F their joint distribution function (Yagnik et al. 2011 give it
/// up to this integral).
/// </summary>
internal static class WinnerAgreement
{
    private const int Angles = 64;
    private const int Cells = 150;
    private const double Edge = 5.5;

    private static readonly Lazy<double[]>[] Tables = [.. Enumerable.Range(1, 3).Select(bits => new Lazy<double[]>(() => Tabulate(1 << bits)))];

    /// <summary>The probability for 2^bits coordinates, bits from 1 to 3, by interpolation between angles.</summary>
    public static double Probability(int bits, double cosine)
    {
        var table = Tables[bits - 1].Value;
        var position = Math.Acos(cosine) / Math.PI * Angles;
        var lower = Math.Min((int)position, Angles - 1);
        return table[lower] + ((position - lower) * (table[lower + 1] - table[lower]));
    }

    private static double[] Tabulate(int coordinates)
    {
        var table = new double[Angles + 1];
        table[0] = 1;
        for (var angle = 1; angle < Angles; angle++)
        {
            table[angle] = Integrate(coordinates, Math.Cos(Math.PI * angle / Angles));
        }

        return table;
    }

    private static double Integrate(int coordinates, double correlation)
    {
        const double step = 2 * Edge / Cells;
        var spread = Math.Sqrt(1 - (correlation * correlation));
        var below = new double[Cells + 1];
        var here = new double[Cells + 1];
        var sum = 0.0;
        for (var column = 0; column < Cells; column++)
        {
            // F at the right edge of the column, from F at its left edge.
            var x = -Edge + ((column + 0.5) * step);
            var density = Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI) * step;
            for (var row = 0; row <= Cells; row++)
            {
                here[row] = below[row] + (density * Normal((-Edge + (row * step) - (correlation * x)) / spread));
            }

            for (var row = 0; row < Cells; row++)
            {
                var mass = here[row + 1] - here[row] - below[row + 1] + below[row];
                var middle = (here[row + 1] + here[row] + below[row + 1] + below[row]) / 4;
                sum += mass * Math.Pow(middle, coordinates - 1);
            }

            (below, here) = (here, below);
        }

        return coordinates * sum;
    }

    /// <summary>The normal distribution function, to 1e-7 (Abramowitz and Stegun 1964, 26.2.17).</summary>
    private static double Normal(double z)
    {
        var t = 1 / (1 + (0.2316419 * Math.Abs(z)));
        var polynomial = t * (0.319381530 + (t * (-0.356563782 + (t * (1.781477937 + (t * (-1.821255978 + (t * 1.330274429))))))));
        var tail = Math.Exp(-z * z / 2) / Math.Sqrt(2 * Math.PI) * polynomial;
        return z < 0 ? tail : 1 - tail;
    }
}
