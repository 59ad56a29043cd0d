namespace Whittle;

/// <summary>How an input-sampled layer estimates its products: the settings of <see cref="InputSampledAttribute"/>.</summary>
/// <param name="Estimator">How a product is estimated.</param>
/// <param name="Share">Share of the inner indices that are used.</param>
/// <param name="Products">Which products are estimated.</param>
/// <param name="Reuse">Steps that use one set of indices.</param>
/// <param name="VarianceBudget">Largest relative squared error for which a set is used again; 0 for no limit.</param>
public sealed record InputSampling(
    InputEstimator Estimator = Defaults.Estimator,
    float Share = (float)Defaults.InputShare,
    SampledProducts Products = Defaults.Products,
    int Reuse = 1,
    float VarianceBudget = 0)
{
    /// <summary>k = round(<see cref="Share"/> * inner), at least 1, ties away from 0.</summary>
    /// <param name="inner">Inner indices of the product.</param>
    public int Count(int inner) => SampleSize.Of(Share, inner);
}
