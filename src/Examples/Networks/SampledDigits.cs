namespace Whittle.Examples.Networks;

/// <summary>As <see cref="Digits"/>, but two layers compute for each image only the tenth of their nodes that a sketch of their inputs finds largest.</summary>
[Network(Inputs = 784, BatchSize = 20)]
[Dense(1000, Activation.Relu)]
[NodeSampled(1000, Activation.Relu, Selector = NodeSelector.LowRank, Share = 0.1, Residual = 0.4)]
[NodeSampled(1000, Activation.Relu, Selector = NodeSelector.LowRank, Share = 0.1, Residual = 0.4)]
[Dense(10)]
public sealed partial class NodeSampledDigits : INetwork<NodeSampledDigits>;

/// <summary>As <see cref="Digits"/>, but gradients pass down through the tenth of the nodes that has most of them.</summary>
[Network(Inputs = 784, BatchSize = 20)]
[Dense(1000, Activation.Relu)]
[InputSampled(1000, Activation.Relu, Estimator = InputEstimator.TopK, Share = 0.1, Products = SampledProducts.InputGradient)]
[InputSampled(1000, Activation.Relu, Estimator = InputEstimator.TopK, Share = 0.1, Products = SampledProducts.InputGradient)]
[Dense(10)]
public sealed partial class InputSampledDigits : INetwork<InputSampledDigits>;
