namespace Whittle.Examples.Evaluation.Report;

/// <summary>The growth of the error with depth where nodes are left out of linear layers (after Ebrahimi et al. 2023).</summary>
internal static class ErrorGrowth
{
    /// <summary>(true - estimate) / estimate after so many layers, each of whose active nodes carry c times what the inactive ones do: ((c + 1) / c)^k - 1.</summary>
    /// <param name="capturedRatio">c.</param>
    /// <param name="layers">k.</param>
    public static double Predicted(double capturedRatio, int layers) => Math.Pow((capturedRatio + 1) / capturedRatio, layers) - 1;

    /// <summary>The same with a c for each layer.</summary>
    public static double Predicted(IEnumerable<double> capturedRatios) => capturedRatios.Aggregate(1.0, (product, c) => product * (c + 1) / c) - 1;
}
