namespace Whittle.Bench.Peers.Measurement;

/// <summary>Times in milliseconds: the median, and the range that leaves out the fastest and the slowest tenth.</summary>
/// <param name="Median">Half of the times are shorter.</param>
/// <param name="Low">A tenth of the times is shorter.</param>
/// <param name="High">A tenth of the times is longer.</param>
internal readonly record struct Spread(double Median, double Low, double High)
{
    /// <summary>Of at least one time.</summary>
    public static Spread Of(IEnumerable<double> times)
    {
        var sorted = times.Order().ToArray();
        double Quantile(double share) => sorted[(int)Math.Round(share * (sorted.Length - 1))];
        return new Spread(Quantile(0.5), Quantile(0.1), Quantile(0.9));
    }
}
