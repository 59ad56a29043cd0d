namespace Whittle.Examples.Methods.Networks;

/// <summary>Dropout that keeps 5 %.</summary>
[Network(Inputs = 784, BatchSize = 20)]
[NodeSampled(1000, Activation.Relu, Share = 0.05, Scaling = NodeScaling.InverseProbability)]
[NodeSampled(1000, Activation.Relu, Share = 0.05, Scaling = NodeScaling.InverseProbability)]
[NodeSampled(1000, Activation.Relu, Share = 0.05, Scaling = NodeScaling.InverseProbability)]
[Dense(10)]
public sealed partial class Dropout5 : INetwork<Dropout5>;

/// <summary>Dropout that keeps half.</summary>
[Network(Inputs = 784, BatchSize = 20)]
[NodeSampled(1000, Activation.Relu, Share = 0.5, Scaling = NodeScaling.InverseProbability)]
[NodeSampled(1000, Activation.Relu, Share = 0.5, Scaling = NodeScaling.InverseProbability)]
[NodeSampled(1000, Activation.Relu, Share = 0.5, Scaling = NodeScaling.InverseProbability)]
[Dense(10)]
public sealed partial class Dropout50 : INetwork<Dropout50>;

/// <summary>Adaptive dropout (Standout).</summary>
[Network(Inputs = 784, BatchSize = 20)]
[NodeSampled(1000, Activation.Relu, Selector = NodeSelector.Adaptive)]
[NodeSampled(1000, Activation.Relu, Selector = NodeSelector.Adaptive)]
[NodeSampled(1000, Activation.Relu, Selector = NodeSelector.Adaptive)]
[Dense(10)]
public sealed partial class Adaptive : INetwork<Adaptive>;
