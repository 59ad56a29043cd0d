namespace Whittle.Examples.Methods.Networks;

/// <summary>The input gradient from the 10 % largest, as meProp chooses them.</summary>
[Network(Inputs = 784, BatchSize = 20)]
[InputSampled(1000, Activation.Relu, Estimator = InputEstimator.TopK, Share = 0.1, Products = SampledProducts.InputGradient)]
[InputSampled(1000, Activation.Relu, Estimator = InputEstimator.TopK, Share = 0.1, Products = SampledProducts.InputGradient)]
[InputSampled(1000, Activation.Relu, Estimator = InputEstimator.TopK, Share = 0.1, Products = SampledProducts.InputGradient)]
[Dense(10)]
public sealed partial class MeProp10 : INetwork<MeProp10>;

/// <summary>The weight gradient from 30 % of the mini-batch.</summary>
[Network(Inputs = 784, BatchSize = 20)]
[InputSampled(1000, Activation.Relu, Estimator = InputEstimator.WtaCrs, Share = 0.3, Products = SampledProducts.WeightGradient)]
[InputSampled(1000, Activation.Relu, Estimator = InputEstimator.WtaCrs, Share = 0.3, Products = SampledProducts.WeightGradient)]
[InputSampled(1000, Activation.Relu, Estimator = InputEstimator.WtaCrs, Share = 0.3, Products = SampledProducts.WeightGradient)]
[Dense(10)]
public sealed partial class WtaCrsWeight30 : INetwork<WtaCrsWeight30>;
