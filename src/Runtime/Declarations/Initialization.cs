#if WHITTLE_GENERATOR
namespace Whittle.Generator.Shared;
#else
namespace Whittle;
#endif

/// <summary>How the weights of a layer start; biases start at zero.</summary>
public enum Initialization
{
    /// <summary>He for ReLU and leaky ReLU, Xavier for every other activation.</summary>
    Default,

    /// <summary>Normal with variance 2 / inputs (He et al. 2015, equation 10).</summary>
    He,

    /// <summary>Uniform in +-sqrt(6 / (inputs + outputs)) (Glorot and Bengio 2010, equation 16).</summary>
    Xavier,

    /// <summary>The caller sets the weights; running the network before that is an error.</summary>
    Given,
}
