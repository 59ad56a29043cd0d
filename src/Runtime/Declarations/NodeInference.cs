#if WHITTLE_GENERATOR
namespace Whittle.Generator.Shared;
#else
namespace Whittle;
#endif

/// <summary>Which nodes of a node-sampled layer a prediction computes.</summary>
public enum NodeInference
{
    /// <summary>
    /// <see cref="Exact"/> for <see cref="NodeSelector.Uniform"/> and <see cref="NodeSelector.Adaptive"/>, <see cref="Sampled"/> for the
    /// selectors that look for large z.
    /// </summary>
    Automatic,

    /// <summary>
    /// All, each multiplied with the factor that makes the layer above see what it saw in training in the mean: the probability with which
    /// the node is active in training, or 1 if <see cref="NodeScaling.InverseProbability"/> has taken care of it there.
    /// </summary>
    Exact,

    /// <summary>All, as they are (Spring and Shrivastava 2017; Ebrahimi et al. 2023).</summary>
    ExactUnscaled,

    /// <summary>
    /// Active ones only, selected as in training; with <see cref="NodeSelector.LowRank"/>, whose sketch belongs to a training, those of the largest z, for
    /// which all are computed.
    /// </summary>
    Sampled,
}
