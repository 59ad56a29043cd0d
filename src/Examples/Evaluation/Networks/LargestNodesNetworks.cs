namespace Whittle.Examples.Evaluation.Networks;

/// <summary>The true largest 5 %.</summary>
[Network(Inputs = 784, BatchSize = 20)]
[NodeSampled(1000, Activation.Relu, Selector = NodeSelector.TopK, Share = 0.05, Repeat = 7)]
[Dense(10)]
public sealed partial class TopK5784x10 : INetwork<TopK5784x10>;

/// <summary>The true largest 10 %.</summary>
[Network(Inputs = 784, BatchSize = 20)]
[NodeSampled(1000, Activation.Relu, Selector = NodeSelector.TopK, Share = 0.1, Repeat = 7)]
[Dense(10)]
public sealed partial class TopK10784x10 : INetwork<TopK10784x10>;

/// <summary>The true largest 10 %.</summary>
[Network(Inputs = 784, BatchSize = 20)]
[NodeSampled(1000, Activation.Relu, Selector = NodeSelector.TopK, Share = 0.1, Repeat = 7)]
[Dense(26)]
public sealed partial class TopK10784x26 : INetwork<TopK10784x26>;

/// <summary>The true largest 10 %.</summary>
[Network(Inputs = 1024, BatchSize = 20)]
[NodeSampled(1000, Activation.Relu, Selector = NodeSelector.TopK, Share = 0.1, Repeat = 7)]
[Dense(10)]
public sealed partial class TopK101024x10 : INetwork<TopK101024x10>;

/// <summary>The true largest 10 %.</summary>
[Network(Inputs = 1024, BatchSize = 20)]
[NodeSampled(1000, Activation.Relu, Selector = NodeSelector.TopK, Share = 0.1, Repeat = 7)]
[Dense(5)]
public sealed partial class TopK101024x5 : INetwork<TopK101024x5>;

/// <summary>The true largest 10 %.</summary>
[Network(Inputs = 3072, BatchSize = 20)]
[NodeSampled(1000, Activation.Relu, Selector = NodeSelector.TopK, Share = 0.1, Repeat = 7)]
[Dense(10)]
public sealed partial class TopK103072x10 : INetwork<TopK103072x10>;

/// <summary>The largest 5 % as guessed from a sketch of 16 directions.</summary>
[Network(Inputs = 784, BatchSize = 20)]
[NodeSampled(1000, Activation.Relu, Selector = NodeSelector.LowRank, Share = 0.05, Repeat = 7)]
[Dense(10)]
public sealed partial class LowRank5784x10 : INetwork<LowRank5784x10>;

/// <summary>The largest 10 % as guessed from a sketch of 16 directions.</summary>
[Network(Inputs = 784, BatchSize = 20)]
[NodeSampled(1000, Activation.Relu, Selector = NodeSelector.LowRank, Share = 0.1, Repeat = 7)]
[Dense(10)]
public sealed partial class LowRank10784x10 : INetwork<LowRank10784x10>;

/// <summary>The largest 5 % as guessed from a sketch, with residual connections and an exact first layer.</summary>
[Network(Inputs = 784, BatchSize = 20)]
[Dense(1000, Activation.Relu)]
[NodeSampled(1000, Activation.Relu, Selector = NodeSelector.LowRank, Share = 0.05, Residual = 0.4, Repeat = 6)]
[Dense(10)]
public sealed partial class LowRankResidual5784x10 : INetwork<LowRankResidual5784x10>;

/// <summary>The largest 5 % as guessed from a sketch, with residual connections and an exact first layer.</summary>
[Network(Inputs = 784, BatchSize = 20)]
[Dense(1000, Activation.Relu)]
[NodeSampled(1000, Activation.Relu, Selector = NodeSelector.LowRank, Share = 0.05, Residual = 0.4, Repeat = 6)]
[Dense(26)]
public sealed partial class LowRankResidual5784x26 : INetwork<LowRankResidual5784x26>;

/// <summary>The largest 5 % as guessed from a sketch, with residual connections and an exact first layer.</summary>
[Network(Inputs = 1024, BatchSize = 20)]
[Dense(1000, Activation.Relu)]
[NodeSampled(1000, Activation.Relu, Selector = NodeSelector.LowRank, Share = 0.05, Residual = 0.4, Repeat = 6)]
[Dense(10)]
public sealed partial class LowRankResidual51024x10 : INetwork<LowRankResidual51024x10>;

/// <summary>The largest 5 % as guessed from a sketch, with residual connections and an exact first layer.</summary>
[Network(Inputs = 1024, BatchSize = 20)]
[Dense(1000, Activation.Relu)]
[NodeSampled(1000, Activation.Relu, Selector = NodeSelector.LowRank, Share = 0.05, Residual = 0.4, Repeat = 6)]
[Dense(5)]
public sealed partial class LowRankResidual51024x5 : INetwork<LowRankResidual51024x5>;

/// <summary>The largest 5 % as guessed from a sketch, with residual connections and an exact first layer.</summary>
[Network(Inputs = 3072, BatchSize = 20)]
[Dense(1000, Activation.Relu)]
[NodeSampled(1000, Activation.Relu, Selector = NodeSelector.LowRank, Share = 0.05, Residual = 0.4, Repeat = 6)]
[Dense(10)]
public sealed partial class LowRankResidual53072x10 : INetwork<LowRankResidual53072x10>;

/// <summary>The largest 10 % as guessed from a sketch, with residual connections and an exact first layer.</summary>
[Network(Inputs = 784, BatchSize = 20)]
[Dense(1000, Activation.Relu)]
[NodeSampled(1000, Activation.Relu, Selector = NodeSelector.LowRank, Share = 0.1, Residual = 0.4, Repeat = 6)]
[Dense(10)]
public sealed partial class LowRankResidual10784x10 : INetwork<LowRankResidual10784x10>;

/// <summary>The largest 10 % as guessed from a sketch, with residual connections and an exact first layer.</summary>
[Network(Inputs = 784, BatchSize = 20)]
[Dense(1000, Activation.Relu)]
[NodeSampled(1000, Activation.Relu, Selector = NodeSelector.LowRank, Share = 0.1, Residual = 0.4, Repeat = 6)]
[Dense(26)]
public sealed partial class LowRankResidual10784x26 : INetwork<LowRankResidual10784x26>;

/// <summary>The largest 10 % as guessed from a sketch, with residual connections and an exact first layer.</summary>
[Network(Inputs = 1024, BatchSize = 20)]
[Dense(1000, Activation.Relu)]
[NodeSampled(1000, Activation.Relu, Selector = NodeSelector.LowRank, Share = 0.1, Residual = 0.4, Repeat = 6)]
[Dense(10)]
public sealed partial class LowRankResidual101024x10 : INetwork<LowRankResidual101024x10>;

/// <summary>The largest 10 % as guessed from a sketch, with residual connections and an exact first layer.</summary>
[Network(Inputs = 1024, BatchSize = 20)]
[Dense(1000, Activation.Relu)]
[NodeSampled(1000, Activation.Relu, Selector = NodeSelector.LowRank, Share = 0.1, Residual = 0.4, Repeat = 6)]
[Dense(5)]
public sealed partial class LowRankResidual101024x5 : INetwork<LowRankResidual101024x5>;

/// <summary>The largest 10 % as guessed from a sketch, with residual connections and an exact first layer.</summary>
[Network(Inputs = 3072, BatchSize = 20)]
[Dense(1000, Activation.Relu)]
[NodeSampled(1000, Activation.Relu, Selector = NodeSelector.LowRank, Share = 0.1, Residual = 0.4, Repeat = 6)]
[Dense(10)]
public sealed partial class LowRankResidual103072x10 : INetwork<LowRankResidual103072x10>;
