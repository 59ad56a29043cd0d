#if WHITTLE_GENERATOR
namespace Whittle.Generator.Shared;
#else
namespace Whittle;
#endif

/// <summary>For what a node-sampled layer selects a set of active nodes in training.</summary>
public enum NodeSharing
{
    /// <summary>A set for each sample of the mini-batch.</summary>
    Sample,

    /// <summary>One set for the mini-batch; only with <see cref="NodeSelector.Uniform"/>, since every other selector chooses nodes for one input.</summary>
    Batch,
}
