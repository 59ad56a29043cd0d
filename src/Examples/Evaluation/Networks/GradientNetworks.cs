namespace Whittle.Examples.Evaluation.Networks;

/// <summary>The input gradient from the 10 % largest, as meProp chooses them.</summary>
[Network(Inputs = 784, BatchSize = 20)]
[InputSampled(1000, Activation.Relu, Estimator = InputEstimator.TopK, Share = 0.1, Products = SampledProducts.InputGradient, Repeat = 7)]
[Dense(10)]
public sealed partial class MeProp10784x10 : INetwork<MeProp10784x10>;

/// <summary>The input gradient from the 10 % largest, as meProp chooses them.</summary>
[Network(Inputs = 784, BatchSize = 20)]
[InputSampled(1000, Activation.Relu, Estimator = InputEstimator.TopK, Share = 0.1, Products = SampledProducts.InputGradient, Repeat = 7)]
[Dense(26)]
public sealed partial class MeProp10784x26 : INetwork<MeProp10784x26>;

/// <summary>The input gradient from the 10 % largest, as meProp chooses them.</summary>
[Network(Inputs = 1024, BatchSize = 20)]
[InputSampled(1000, Activation.Relu, Estimator = InputEstimator.TopK, Share = 0.1, Products = SampledProducts.InputGradient, Repeat = 7)]
[Dense(10)]
public sealed partial class MeProp101024x10 : INetwork<MeProp101024x10>;

/// <summary>The input gradient from the 10 % largest, as meProp chooses them.</summary>
[Network(Inputs = 1024, BatchSize = 20)]
[InputSampled(1000, Activation.Relu, Estimator = InputEstimator.TopK, Share = 0.1, Products = SampledProducts.InputGradient, Repeat = 7)]
[Dense(5)]
public sealed partial class MeProp101024x5 : INetwork<MeProp101024x5>;

/// <summary>The input gradient from the 10 % largest, as meProp chooses them.</summary>
[Network(Inputs = 3072, BatchSize = 20)]
[InputSampled(1000, Activation.Relu, Estimator = InputEstimator.TopK, Share = 0.1, Products = SampledProducts.InputGradient, Repeat = 7)]
[Dense(10)]
public sealed partial class MeProp103072x10 : INetwork<MeProp103072x10>;

/// <summary>The weight gradient from 30 % of the mini-batch.</summary>
[Network(Inputs = 784, BatchSize = 20)]
[InputSampled(1000, Activation.Relu, Estimator = InputEstimator.WtaCrs, Share = 0.3, Products = SampledProducts.WeightGradient, Repeat = 7)]
[Dense(10)]
public sealed partial class WtaCrsWeight30784x10 : INetwork<WtaCrsWeight30784x10>;

/// <summary>The weight gradient from 30 % of the mini-batch.</summary>
[Network(Inputs = 784, BatchSize = 20)]
[InputSampled(1000, Activation.Relu, Estimator = InputEstimator.WtaCrs, Share = 0.3, Products = SampledProducts.WeightGradient, Repeat = 7)]
[Dense(26)]
public sealed partial class WtaCrsWeight30784x26 : INetwork<WtaCrsWeight30784x26>;

/// <summary>The weight gradient from 30 % of the mini-batch.</summary>
[Network(Inputs = 1024, BatchSize = 20)]
[InputSampled(1000, Activation.Relu, Estimator = InputEstimator.WtaCrs, Share = 0.3, Products = SampledProducts.WeightGradient, Repeat = 7)]
[Dense(10)]
public sealed partial class WtaCrsWeight301024x10 : INetwork<WtaCrsWeight301024x10>;

/// <summary>The weight gradient from 30 % of the mini-batch.</summary>
[Network(Inputs = 1024, BatchSize = 20)]
[InputSampled(1000, Activation.Relu, Estimator = InputEstimator.WtaCrs, Share = 0.3, Products = SampledProducts.WeightGradient, Repeat = 7)]
[Dense(5)]
public sealed partial class WtaCrsWeight301024x5 : INetwork<WtaCrsWeight301024x5>;

/// <summary>The weight gradient from 30 % of the mini-batch.</summary>
[Network(Inputs = 3072, BatchSize = 20)]
[InputSampled(1000, Activation.Relu, Estimator = InputEstimator.WtaCrs, Share = 0.3, Products = SampledProducts.WeightGradient, Repeat = 7)]
[Dense(10)]
public sealed partial class WtaCrsWeight303072x10 : INetwork<WtaCrsWeight303072x10>;
