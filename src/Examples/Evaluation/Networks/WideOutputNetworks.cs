namespace Whittle.Examples.Evaluation.Networks;

/// <summary>Every product exact.</summary>
[Network(Inputs = 784, BatchSize = 20)]
[Dense(1000, Activation.Relu, Repeat = 7)]
[Dense(10_000)]
public sealed partial class Standard784x10000 : INetwork<Standard784x10000>;

/// <summary>Exact, half as wide.</summary>
[Network(Inputs = 784, BatchSize = 20)]
[Dense(500, Activation.Relu, Repeat = 7)]
[Dense(10_000)]
public sealed partial class Width500784x10000 : INetwork<Width500784x10000>;

/// <summary>Exact hidden layers; of the outputs the labels of the mini-batch and 5 % of all, drawn anew for each.</summary>
[Network(Inputs = 784, BatchSize = 20)]
[Dense(1000, Activation.Relu, Repeat = 7)]
[NodeSampled(10_000, Share = 0.05, Sharing = NodeSharing.Batch, Inference = NodeInference.ExactUnscaled)]
public sealed partial class DrawnOutputs5784x10000 : INetwork<DrawnOutputs5784x10000>;
