#if WHITTLE_GENERATOR
namespace Whittle.Generator.Shared;
#else
namespace Whittle;
#endif

/// <summary>
/// How an input-sampled layer estimates a product, the sum over n inner indices i of a_i b_i^T, from about k of them.
/// s_i = |a_i||b_i| are the scores.
/// </summary>
public enum InputEstimator
{
    /// <summary>
    /// Column-row sampling: k draws with replacement with probabilities p_i = s_i / sum s, each weighted 1 / (k p_i) (Drineas et
    /// al. 2006; Adelman et al. 2021). Unbiased.
    /// </summary>
    Crs,

    /// <summary>
    /// Each index independently with p_i = min(1, c s_i), weighted 1 / p_i, c such that k are expected (Bernoulli-CRS of Adelman
    /// et al. 2021). Unbiased.
    /// </summary>
    Bernoulli,

    /// <summary>The k indices of the largest scores, unweighted (Adelman et al. 2021; on gradients meProp, Sun et al. 2017). Biased.</summary>
    TopK,

    /// <summary>
    /// The most likely indices always, the rest of k drawn from the tail (Winner-take-all column-row sampling, Liu et al. 2023).
    /// Unbiased, with at most the variance of <see cref="Crs"/>.
    /// </summary>
    WtaCrs,

    /// <summary>k indices without replacement, all equally likely, weighted n / k. Unbiased.</summary>
    Uniform,
}
