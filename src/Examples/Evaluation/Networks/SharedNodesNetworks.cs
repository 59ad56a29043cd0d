namespace Whittle.Examples.Evaluation.Networks;

/// <summary>A quarter of the nodes, drawn for each mini-batch, with residual connections and an exact first layer.</summary>
[Network(Inputs = 784, BatchSize = 20)]
[Dense(1000, Activation.Relu)]
[NodeSampled(1000, Activation.Relu, Share = 0.25, Sharing = NodeSharing.Batch, Residual = 0.4, Repeat = 6)]
[Dense(10)]
public sealed partial class Shared25784x10 : INetwork<Shared25784x10>;

/// <summary>A quarter of the nodes, drawn for each mini-batch, with residual connections and an exact first layer.</summary>
[Network(Inputs = 3072, BatchSize = 20)]
[Dense(1000, Activation.Relu)]
[NodeSampled(1000, Activation.Relu, Share = 0.25, Sharing = NodeSharing.Batch, Residual = 0.4, Repeat = 6)]
[Dense(10)]
public sealed partial class Shared253072x10 : INetwork<Shared253072x10>;
