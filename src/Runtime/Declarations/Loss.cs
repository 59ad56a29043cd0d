#if WHITTLE_GENERATOR
namespace Whittle.Generator.Shared;
#else
namespace Whittle;
#endif

/// <summary>The function that training minimises; each is averaged over the rows of the batch.</summary>
public enum Loss
{
    /// <summary>Cross-entropy of the softmax of the logits against one class per row.</summary>
    SoftmaxCrossEntropy,

    /// <summary>Mean over the outputs of the squared difference to the targets.</summary>
    MeanSquaredError,

    /// <summary>Sum over the outputs of the cross-entropy of sigmoid(logit) against a target between 0 and 1: several labels per row.</summary>
    BinaryCrossEntropy,
}
