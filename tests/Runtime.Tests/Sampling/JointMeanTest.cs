namespace Whittle.Runtime.Tests.Sampling;

/// <summary>
/// One test for the mean of a random vector instead of one for each element: Hotelling's statistic N m^T S^-1 m of some
/// projections of the differences to the claimed mean, chi-squared for many draws where the claim is right. One direction is that mean, since what
/// goes wrong most easily is a factor; the others are random.
/// </summary>
internal sealed class JointMeanTest
{
    /// <summary>Number of projections: the degrees of freedom.</summary>
    public const int Projections = 6;

    /// <summary>What chi-squared with 6 degrees of freedom exceeds with a probability of 1e-4.</summary>
    public const double Bound = 27.86;

    private readonly double[][] directions;
    private readonly double[] mean = new double[Projections];
    private readonly double[,] products = new double[Projections, Projections];
    private int count;

    /// <summary>Prepares the test.</summary>
    /// <param name="claimed">The mean that estimates should have.</param>
    public JointMeanTest(double[] claimed)
    {
        var random = new RandomStream(2024, 1);
        directions = [claimed, .. Enumerable.Range(1, Projections - 1).Select(_ => claimed.Select(_ => (double)random.NextNormal()).ToArray())];
    }

    /// <summary>Adds estimate - truth of one draw.</summary>
    public void Add(double[] error)
    {
        var projected = directions.Select(direction => direction.Zip(error, (u, e) => u * e).Sum()).ToArray();
        count++;
        for (var i = 0; i < Projections; i++)
        {
            mean[i] += projected[i];
            for (var j = 0; j < Projections; j++)
            {
                products[i, j] += projected[i] * projected[j];
            }
        }
    }

    /// <summary>The statistic.</summary>
    public double Statistic()
    {
        var system = new double[Projections, Projections + 1];
        for (var i = 0; i < Projections; i++)
        {
            for (var j = 0; j < Projections; j++)
            {
                system[i, j] = (products[i, j] - (mean[i] * mean[j] / count)) / (count - 1);
            }

            system[i, Projections] = mean[i] / count;
        }

        // Gauss and Jordan; a covariance needs no pivoting.
        for (var pivot = 0; pivot < Projections; pivot++)
        {
            for (var row = 0; row < Projections; row++)
            {
                var factor = row == pivot ? 0 : system[row, pivot] / system[pivot, pivot];
                for (var column = pivot; column <= Projections; column++)
                {
                    system[row, column] -= factor * system[pivot, column];
                }
            }
        }

        return count * Enumerable.Range(0, Projections).Sum(i => mean[i] / count * system[i, Projections] / system[i, i]);
    }
}
