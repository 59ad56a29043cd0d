#if WHITTLE_GENERATOR
namespace Whittle.Generator.Shared;
#else
namespace Whittle;
#endif

/// <summary>How a node-sampled layer chooses its active nodes.</summary>
public enum NodeSelector
{
    /// <summary>A fixed number of nodes, all equally likely: dropout (Srivastava et al. 2014).</summary>
    Uniform,

    /// <summary>
    /// Node j with probability sigmoid(alpha z_j + beta): Standout (Ba and Frey 2013). Computes every z and saves in the layer
    /// above, the backward pass and the update.
    /// </summary>
    Adaptive,

    /// <summary>The nodes of the largest z: the reference for every selector that guesses them. Saves what <see cref="Adaptive"/> saves.</summary>
    TopK,

    /// <summary>The nodes of the largest z as guessed from a projection of the inputs on their main directions.</summary>
    LowRank,

    /// <summary>Nodes found in hash tables under the input's codes (Spring and Shrivastava 2017; SLIDE, Chen et al. 2020).</summary>
    Lsh,
}
