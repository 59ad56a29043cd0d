#if WHITTLE_GENERATOR
namespace Whittle.Generator.Shared;
#else
namespace Whittle;
#endif

/// <summary>The function f that a layer applies to its pre-activation z, element by element.</summary>
public enum Activation
{
    /// <summary>f(z) = z.</summary>
    Identity,

    /// <summary>f(z) = max(z, 0).</summary>
    Relu,

    /// <summary>f(z) = z for z &gt; 0, <c>Slope</c> * z otherwise.</summary>
    LeakyRelu,

    /// <summary>f(z) = 1 / (1 + exp(-z)).</summary>
    Sigmoid,

    /// <summary>f(z) = tanh(z).</summary>
    Tanh,
}
