namespace Whittle.Bench.Peers.Networks;

[Network(Inputs = 784, BatchSize = 1)]
[Dense(1000, Activation.Relu, Repeat = 7)]
[Dense(10)]
public sealed partial class DeepBatch1 : INetwork<DeepBatch1>;

[Network(Inputs = 784, BatchSize = 1)]
[NodeSampled(1000, Activation.Relu, Selector = NodeSelector.Lsh, Share = 0.05, Bits = 6, Tables = 5)]
[NodeSampled(1000, Activation.Relu, Selector = NodeSelector.Lsh, Share = 0.05, Bits = 6, Tables = 5)]
[NodeSampled(1000, Activation.Relu, Selector = NodeSelector.Lsh, Share = 0.05, Bits = 6, Tables = 5)]
[Dense(10)]
public sealed partial class LshBatch1 : INetwork<LshBatch1>;

[Network(Inputs = 784, BatchSize = 1)]
[Dense(1000, Activation.Relu)]
[NodeSampled(1000, Activation.Relu, Selector = NodeSelector.LowRank, Share = 0.05, Rank = 16, Refresh = 50, Residual = 0.4, Repeat = 2)]
[Dense(10)]
public sealed partial class LowRankBatch1 : INetwork<LowRankBatch1>;

[Network(Inputs = 784, BatchSize = 1)]
[Dense(1000, Activation.Relu)]
[NodeSampled(1000, Activation.Relu, Selector = NodeSelector.LowRank, Share = 0.05, Rank = 16, Refresh = 50, Residual = 0.4, Repeat = 6)]
[Dense(10)]
public sealed partial class DeepLowRankBatch1 : INetwork<DeepLowRankBatch1>;

[Network(Inputs = 784, BatchSize = 20)]
[InputSampled(1000, Activation.Relu, Share = 0.1)]
[InputSampled(1000, Activation.Relu, Share = 0.1)]
[InputSampled(1000, Activation.Relu, Share = 0.1)]
[Dense(10)]
public sealed partial class InputSampledBatch20 : INetwork<InputSampledBatch20>;

[Network(Inputs = 784, BatchSize = 128)]
[InputSampled(1000, Activation.Relu, Share = 0.1)]
[InputSampled(1000, Activation.Relu, Share = 0.1)]
[InputSampled(1000, Activation.Relu, Share = 0.1)]
[Dense(10)]
public sealed partial class InputSampledBatch128 : INetwork<InputSampledBatch128>;

[Network(Inputs = 784, BatchSize = 20)]
[NodeSampled(1000, Activation.Relu, Share = 0.05, Sharing = NodeSharing.Batch)]
[NodeSampled(1000, Activation.Relu, Share = 0.05, Sharing = NodeSharing.Batch)]
[NodeSampled(1000, Activation.Relu, Share = 0.05, Sharing = NodeSharing.Batch)]
[Dense(10)]
public sealed partial class UniformBatch20 : INetwork<UniformBatch20>;

[Network(Inputs = 784, BatchSize = 20)]
[NodeSampled(1000, Activation.Relu, Share = 0.05)]
[NodeSampled(1000, Activation.Relu, Share = 0.05)]
[NodeSampled(1000, Activation.Relu, Share = 0.05)]
[Dense(10)]
public sealed partial class OwnUniformBatch20 : INetwork<OwnUniformBatch20>;
