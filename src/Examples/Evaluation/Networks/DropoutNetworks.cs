// What the build advises against is declared here to be measured.
#pragma warning disable WHT0030, WHT0031

namespace Whittle.Examples.Evaluation.Networks;

/// <summary>Dropout that keeps 5 %, as the published evaluation does.</summary>
[Network(Inputs = 784, BatchSize = 20)]
[NodeSampled(1000, Activation.Relu, Share = 0.05, Scaling = NodeScaling.InverseProbability, Repeat = 7)]
[Dense(10)]
public sealed partial class Dropout5784x10 : INetwork<Dropout5784x10>;

/// <summary>Dropout that keeps 5 %, as the published evaluation does.</summary>
[Network(Inputs = 784, BatchSize = 20)]
[NodeSampled(1000, Activation.Relu, Share = 0.05, Scaling = NodeScaling.InverseProbability, Repeat = 7)]
[Dense(26)]
public sealed partial class Dropout5784x26 : INetwork<Dropout5784x26>;

/// <summary>Dropout that keeps 5 %, as the published evaluation does.</summary>
[Network(Inputs = 1024, BatchSize = 20)]
[NodeSampled(1000, Activation.Relu, Share = 0.05, Scaling = NodeScaling.InverseProbability, Repeat = 7)]
[Dense(10)]
public sealed partial class Dropout51024x10 : INetwork<Dropout51024x10>;

/// <summary>Dropout that keeps 5 %, as the published evaluation does.</summary>
[Network(Inputs = 1024, BatchSize = 20)]
[NodeSampled(1000, Activation.Relu, Share = 0.05, Scaling = NodeScaling.InverseProbability, Repeat = 7)]
[Dense(5)]
public sealed partial class Dropout51024x5 : INetwork<Dropout51024x5>;

/// <summary>Dropout that keeps 5 %, as the published evaluation does.</summary>
[Network(Inputs = 3072, BatchSize = 20)]
[NodeSampled(1000, Activation.Relu, Share = 0.05, Scaling = NodeScaling.InverseProbability, Repeat = 7)]
[Dense(10)]
public sealed partial class Dropout53072x10 : INetwork<Dropout53072x10>;

/// <summary>Dropout that keeps half.</summary>
[Network(Inputs = 784, BatchSize = 20)]
[NodeSampled(1000, Activation.Relu, Share = 0.5, Scaling = NodeScaling.InverseProbability, Repeat = 7)]
[Dense(10)]
public sealed partial class Dropout50784x10 : INetwork<Dropout50784x10>;

/// <summary>Dropout that keeps half.</summary>
[Network(Inputs = 784, BatchSize = 20)]
[NodeSampled(1000, Activation.Relu, Share = 0.5, Scaling = NodeScaling.InverseProbability, Repeat = 7)]
[Dense(26)]
public sealed partial class Dropout50784x26 : INetwork<Dropout50784x26>;

/// <summary>Dropout that keeps half.</summary>
[Network(Inputs = 1024, BatchSize = 20)]
[NodeSampled(1000, Activation.Relu, Share = 0.5, Scaling = NodeScaling.InverseProbability, Repeat = 7)]
[Dense(10)]
public sealed partial class Dropout501024x10 : INetwork<Dropout501024x10>;

/// <summary>Dropout that keeps half.</summary>
[Network(Inputs = 1024, BatchSize = 20)]
[NodeSampled(1000, Activation.Relu, Share = 0.5, Scaling = NodeScaling.InverseProbability, Repeat = 7)]
[Dense(5)]
public sealed partial class Dropout501024x5 : INetwork<Dropout501024x5>;

/// <summary>Dropout that keeps half.</summary>
[Network(Inputs = 3072, BatchSize = 20)]
[NodeSampled(1000, Activation.Relu, Share = 0.5, Scaling = NodeScaling.InverseProbability, Repeat = 7)]
[Dense(10)]
public sealed partial class Dropout503072x10 : INetwork<Dropout503072x10>;

/// <summary>Half of the nodes, not scaled, and all of them at inference: what the error formula is about.</summary>
[Network(Inputs = 784, BatchSize = 20)]
[NodeSampled(1000, Activation.Relu, Share = 0.5, Inference = NodeInference.ExactUnscaled, Repeat = 7)]
[Dense(10)]
public sealed partial class Unscaled50784x10 : INetwork<Unscaled50784x10>;

/// <summary>Half of the nodes, not scaled, and all of them at inference: what the error formula is about.</summary>
[Network(Inputs = 784, BatchSize = 20)]
[NodeSampled(1000, Activation.Relu, Share = 0.5, Inference = NodeInference.ExactUnscaled, Repeat = 7)]
[Dense(26)]
public sealed partial class Unscaled50784x26 : INetwork<Unscaled50784x26>;

/// <summary>Half of the nodes, not scaled, and all of them at inference: what the error formula is about.</summary>
[Network(Inputs = 1024, BatchSize = 20)]
[NodeSampled(1000, Activation.Relu, Share = 0.5, Inference = NodeInference.ExactUnscaled, Repeat = 7)]
[Dense(10)]
public sealed partial class Unscaled501024x10 : INetwork<Unscaled501024x10>;

/// <summary>Half of the nodes, not scaled, and all of them at inference: what the error formula is about.</summary>
[Network(Inputs = 1024, BatchSize = 20)]
[NodeSampled(1000, Activation.Relu, Share = 0.5, Inference = NodeInference.ExactUnscaled, Repeat = 7)]
[Dense(5)]
public sealed partial class Unscaled501024x5 : INetwork<Unscaled501024x5>;

/// <summary>Half of the nodes, not scaled, and all of them at inference: what the error formula is about.</summary>
[Network(Inputs = 3072, BatchSize = 20)]
[NodeSampled(1000, Activation.Relu, Share = 0.5, Inference = NodeInference.ExactUnscaled, Repeat = 7)]
[Dense(10)]
public sealed partial class Unscaled503072x10 : INetwork<Unscaled503072x10>;

/// <summary>Adaptive dropout (Standout).</summary>
[Network(Inputs = 784, BatchSize = 20)]
[NodeSampled(1000, Activation.Relu, Selector = NodeSelector.Adaptive, Repeat = 7)]
[Dense(10)]
public sealed partial class Adaptive784x10 : INetwork<Adaptive784x10>;

/// <summary>Adaptive dropout (Standout).</summary>
[Network(Inputs = 784, BatchSize = 20)]
[NodeSampled(1000, Activation.Relu, Selector = NodeSelector.Adaptive, Repeat = 7)]
[Dense(26)]
public sealed partial class Adaptive784x26 : INetwork<Adaptive784x26>;

/// <summary>Adaptive dropout (Standout).</summary>
[Network(Inputs = 1024, BatchSize = 20)]
[NodeSampled(1000, Activation.Relu, Selector = NodeSelector.Adaptive, Repeat = 7)]
[Dense(10)]
public sealed partial class Adaptive1024x10 : INetwork<Adaptive1024x10>;

/// <summary>Adaptive dropout (Standout).</summary>
[Network(Inputs = 1024, BatchSize = 20)]
[NodeSampled(1000, Activation.Relu, Selector = NodeSelector.Adaptive, Repeat = 7)]
[Dense(5)]
public sealed partial class Adaptive1024x5 : INetwork<Adaptive1024x5>;

/// <summary>Adaptive dropout (Standout).</summary>
[Network(Inputs = 3072, BatchSize = 20)]
[NodeSampled(1000, Activation.Relu, Selector = NodeSelector.Adaptive, Repeat = 7)]
[Dense(10)]
public sealed partial class Adaptive3072x10 : INetwork<Adaptive3072x10>;
