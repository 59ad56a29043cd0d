#if WHITTLE_GENERATOR
namespace Whittle.Generator.Shared;
#else
namespace Whittle;
#endif

/// <summary>The products that an input-sampled layer estimates; the others are exact.</summary>
public enum SampledProducts
{
    /// <summary>xW, from some of the inputs.</summary>
    Forward = 1,

    /// <summary>d W^T, from some of the units; the first layer of a network has no such product.</summary>
    InputGradient = 2,

    /// <summary>x^T d, from some rows of the mini-batch; a mini-batch of few rows has it exact.</summary>
    WeightGradient = 4,

    /// <summary>The two of the backward pass, <see cref="InputGradient"/> and <see cref="WeightGradient"/>.</summary>
    Backward = InputGradient | WeightGradient,

    /// <summary>All three.</summary>
    Both = Forward | Backward,
}
