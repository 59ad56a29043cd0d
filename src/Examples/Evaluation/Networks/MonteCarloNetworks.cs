namespace Whittle.Examples.Evaluation.Networks;

/// <summary>Both products of the backward pass from 10 %, estimator Bernoulli.</summary>
[Network(Inputs = 784, BatchSize = 20)]
[InputSampled(1000, Activation.Relu, Estimator = InputEstimator.Bernoulli, Share = 0.1, Products = SampledProducts.Backward, Repeat = 7)]
[Dense(10)]
public sealed partial class BernoulliBackward10784x10 : INetwork<BernoulliBackward10784x10>;

/// <summary>Both products of the backward pass from 10 %, estimator Bernoulli.</summary>
[Network(Inputs = 784, BatchSize = 20)]
[InputSampled(1000, Activation.Relu, Estimator = InputEstimator.Bernoulli, Share = 0.1, Products = SampledProducts.Backward, Repeat = 7)]
[Dense(26)]
public sealed partial class BernoulliBackward10784x26 : INetwork<BernoulliBackward10784x26>;

/// <summary>Both products of the backward pass from 10 %, estimator Bernoulli.</summary>
[Network(Inputs = 1024, BatchSize = 20)]
[InputSampled(1000, Activation.Relu, Estimator = InputEstimator.Bernoulli, Share = 0.1, Products = SampledProducts.Backward, Repeat = 7)]
[Dense(10)]
public sealed partial class BernoulliBackward101024x10 : INetwork<BernoulliBackward101024x10>;

/// <summary>Both products of the backward pass from 10 %, estimator Bernoulli.</summary>
[Network(Inputs = 1024, BatchSize = 20)]
[InputSampled(1000, Activation.Relu, Estimator = InputEstimator.Bernoulli, Share = 0.1, Products = SampledProducts.Backward, Repeat = 7)]
[Dense(5)]
public sealed partial class BernoulliBackward101024x5 : INetwork<BernoulliBackward101024x5>;

/// <summary>Both products of the backward pass from 10 %, estimator Bernoulli.</summary>
[Network(Inputs = 3072, BatchSize = 20)]
[InputSampled(1000, Activation.Relu, Estimator = InputEstimator.Bernoulli, Share = 0.1, Products = SampledProducts.Backward, Repeat = 7)]
[Dense(10)]
public sealed partial class BernoulliBackward103072x10 : INetwork<BernoulliBackward103072x10>;

/// <summary>The forward product from 30 %, estimator Bernoulli.</summary>
[Network(Inputs = 784, BatchSize = 20)]
[InputSampled(1000, Activation.Relu, Estimator = InputEstimator.Bernoulli, Share = 0.3, Products = SampledProducts.Forward, Repeat = 7)]
[Dense(10)]
public sealed partial class BernoulliForward30784x10 : INetwork<BernoulliForward30784x10>;

/// <summary>The forward product from 30 %, estimator Bernoulli.</summary>
[Network(Inputs = 784, BatchSize = 20)]
[InputSampled(1000, Activation.Relu, Estimator = InputEstimator.Bernoulli, Share = 0.3, Products = SampledProducts.Forward, Repeat = 7)]
[Dense(26)]
public sealed partial class BernoulliForward30784x26 : INetwork<BernoulliForward30784x26>;

/// <summary>The forward product from 30 %, estimator Bernoulli.</summary>
[Network(Inputs = 1024, BatchSize = 20)]
[InputSampled(1000, Activation.Relu, Estimator = InputEstimator.Bernoulli, Share = 0.3, Products = SampledProducts.Forward, Repeat = 7)]
[Dense(10)]
public sealed partial class BernoulliForward301024x10 : INetwork<BernoulliForward301024x10>;

/// <summary>The forward product from 30 %, estimator Bernoulli.</summary>
[Network(Inputs = 1024, BatchSize = 20)]
[InputSampled(1000, Activation.Relu, Estimator = InputEstimator.Bernoulli, Share = 0.3, Products = SampledProducts.Forward, Repeat = 7)]
[Dense(5)]
public sealed partial class BernoulliForward301024x5 : INetwork<BernoulliForward301024x5>;

/// <summary>The forward product from 30 %, estimator Bernoulli.</summary>
[Network(Inputs = 3072, BatchSize = 20)]
[InputSampled(1000, Activation.Relu, Estimator = InputEstimator.Bernoulli, Share = 0.3, Products = SampledProducts.Forward, Repeat = 7)]
[Dense(10)]
public sealed partial class BernoulliForward303072x10 : INetwork<BernoulliForward303072x10>;
