using System.Text.Json.Serialization;

namespace Whittle.Bench.Peers.Protocol;

/// <summary>What is timed.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Work>))]
public enum Work
{
    /// <summary>The logits of a batch.</summary>
    Forward,

    /// <summary>A training step by plain gradient descent: forward, backward, update.</summary>
    SgdStep,

    /// <summary>A training step by Adam (Kingma and Ba 2015), beta 0.9 and 0.999, epsilon 1e-8.</summary>
    AdamStep,

    /// <summary>d W^T of the second layer alone.</summary>
    InputGradient,

    /// <summary>x^T d of the second layer alone, with its update by plain gradient descent.</summary>
    WeightGradient,
}
