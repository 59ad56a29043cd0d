namespace Whittle.Examples.Methods.Networks;

/// <summary>The true largest 5 %.</summary>
[Network(Inputs = 784, BatchSize = 20)]
[NodeSampled(1000, Activation.Relu, Selector = NodeSelector.TopK, Share = 0.05)]
[NodeSampled(1000, Activation.Relu, Selector = NodeSelector.TopK, Share = 0.05)]
[NodeSampled(1000, Activation.Relu, Selector = NodeSelector.TopK, Share = 0.05)]
[Dense(10)]
public sealed partial class TopK5 : INetwork<TopK5>;

/// <summary>The true largest 10 %.</summary>
[Network(Inputs = 784, BatchSize = 20)]
[NodeSampled(1000, Activation.Relu, Selector = NodeSelector.TopK, Share = 0.1)]
[NodeSampled(1000, Activation.Relu, Selector = NodeSelector.TopK, Share = 0.1)]
[NodeSampled(1000, Activation.Relu, Selector = NodeSelector.TopK, Share = 0.1)]
[Dense(10)]
public sealed partial class TopK10 : INetwork<TopK10>;

/// <summary>The largest 5 % as guessed from a sketch of 16 directions.</summary>
[Network(Inputs = 784, BatchSize = 20)]
[NodeSampled(1000, Activation.Relu, Selector = NodeSelector.LowRank, Share = 0.05)]
[NodeSampled(1000, Activation.Relu, Selector = NodeSelector.LowRank, Share = 0.05)]
[NodeSampled(1000, Activation.Relu, Selector = NodeSelector.LowRank, Share = 0.05)]
[Dense(10)]
public sealed partial class LowRank5 : INetwork<LowRank5>;

/// <summary>The largest 10 % as guessed from a sketch of 16 directions.</summary>
[Network(Inputs = 784, BatchSize = 20)]
[NodeSampled(1000, Activation.Relu, Selector = NodeSelector.LowRank, Share = 0.1)]
[NodeSampled(1000, Activation.Relu, Selector = NodeSelector.LowRank, Share = 0.1)]
[NodeSampled(1000, Activation.Relu, Selector = NodeSelector.LowRank, Share = 0.1)]
[Dense(10)]
public sealed partial class LowRank10 : INetwork<LowRank10>;

/// <summary>As <see cref="LowRank5"/>, with residual connections and an exact first layer.</summary>
[Network(Inputs = 784, BatchSize = 20)]
[Dense(1000, Activation.Relu)]
[NodeSampled(1000, Activation.Relu, Selector = NodeSelector.LowRank, Share = 0.05, Residual = 0.4)]
[NodeSampled(1000, Activation.Relu, Selector = NodeSelector.LowRank, Share = 0.05, Residual = 0.4)]
[Dense(10)]
public sealed partial class LowRankResidual5 : INetwork<LowRankResidual5>;

/// <summary>As <see cref="LowRank10"/>, with residual connections and an exact first layer.</summary>
[Network(Inputs = 784, BatchSize = 20)]
[Dense(1000, Activation.Relu)]
[NodeSampled(1000, Activation.Relu, Selector = NodeSelector.LowRank, Share = 0.1, Residual = 0.4)]
[NodeSampled(1000, Activation.Relu, Selector = NodeSelector.LowRank, Share = 0.1, Residual = 0.4)]
[Dense(10)]
public sealed partial class LowRankResidual10 : INetwork<LowRankResidual10>;
