namespace Whittle.Examples.Evaluation.Networks;

/// <summary>Both products of the backward pass from 30 %, estimator Bernoulli.</summary>
[Network(Inputs = 784, BatchSize = 20)]
[InputSampled(1000, Activation.Relu, Estimator = InputEstimator.Bernoulli, Share = 0.3, Products = SampledProducts.Backward, Repeat = 7)]
[Dense(10)]
public sealed partial class BernoulliBackward30784x10 : INetwork<BernoulliBackward30784x10>;

/// <summary>The forward product from 10 %, estimator Bernoulli.</summary>
[Network(Inputs = 784, BatchSize = 20)]
[InputSampled(1000, Activation.Relu, Estimator = InputEstimator.Bernoulli, Share = 0.1, Products = SampledProducts.Forward, Repeat = 7)]
[Dense(10)]
public sealed partial class BernoulliForward10784x10 : INetwork<BernoulliForward10784x10>;

/// <summary>Both products of the backward pass from 10 %, estimator Crs.</summary>
[Network(Inputs = 784, BatchSize = 20)]
[InputSampled(1000, Activation.Relu, Estimator = InputEstimator.Crs, Share = 0.1, Products = SampledProducts.Backward, Repeat = 7)]
[Dense(10)]
public sealed partial class CrsBackward10784x10 : INetwork<CrsBackward10784x10>;

/// <summary>Both products of the backward pass from 30 %, estimator Crs.</summary>
[Network(Inputs = 784, BatchSize = 20)]
[InputSampled(1000, Activation.Relu, Estimator = InputEstimator.Crs, Share = 0.3, Products = SampledProducts.Backward, Repeat = 7)]
[Dense(10)]
public sealed partial class CrsBackward30784x10 : INetwork<CrsBackward30784x10>;

/// <summary>The forward product from 10 %, estimator Crs.</summary>
[Network(Inputs = 784, BatchSize = 20)]
[InputSampled(1000, Activation.Relu, Estimator = InputEstimator.Crs, Share = 0.1, Products = SampledProducts.Forward, Repeat = 7)]
[Dense(10)]
public sealed partial class CrsForward10784x10 : INetwork<CrsForward10784x10>;

/// <summary>The forward product from 30 %, estimator Crs.</summary>
[Network(Inputs = 784, BatchSize = 20)]
[InputSampled(1000, Activation.Relu, Estimator = InputEstimator.Crs, Share = 0.3, Products = SampledProducts.Forward, Repeat = 7)]
[Dense(10)]
public sealed partial class CrsForward30784x10 : INetwork<CrsForward30784x10>;

/// <summary>Both products of the backward pass from 10 %, estimator TopK.</summary>
[Network(Inputs = 784, BatchSize = 20)]
[InputSampled(1000, Activation.Relu, Estimator = InputEstimator.TopK, Share = 0.1, Products = SampledProducts.Backward, Repeat = 7)]
[Dense(10)]
public sealed partial class TopKBackward10784x10 : INetwork<TopKBackward10784x10>;

/// <summary>Both products of the backward pass from 30 %, estimator TopK.</summary>
[Network(Inputs = 784, BatchSize = 20)]
[InputSampled(1000, Activation.Relu, Estimator = InputEstimator.TopK, Share = 0.3, Products = SampledProducts.Backward, Repeat = 7)]
[Dense(10)]
public sealed partial class TopKBackward30784x10 : INetwork<TopKBackward30784x10>;

/// <summary>The forward product from 10 %, estimator TopK.</summary>
[Network(Inputs = 784, BatchSize = 20)]
[InputSampled(1000, Activation.Relu, Estimator = InputEstimator.TopK, Share = 0.1, Products = SampledProducts.Forward, Repeat = 7)]
[Dense(10)]
public sealed partial class TopKForward10784x10 : INetwork<TopKForward10784x10>;

/// <summary>The forward product from 30 %, estimator TopK.</summary>
[Network(Inputs = 784, BatchSize = 20)]
[InputSampled(1000, Activation.Relu, Estimator = InputEstimator.TopK, Share = 0.3, Products = SampledProducts.Forward, Repeat = 7)]
[Dense(10)]
public sealed partial class TopKForward30784x10 : INetwork<TopKForward30784x10>;

/// <summary>Both products of the backward pass from 10 %, estimator Uniform.</summary>
[Network(Inputs = 784, BatchSize = 20)]
[InputSampled(1000, Activation.Relu, Estimator = InputEstimator.Uniform, Share = 0.1, Products = SampledProducts.Backward, Repeat = 7)]
[Dense(10)]
public sealed partial class UniformBackward10784x10 : INetwork<UniformBackward10784x10>;

/// <summary>Both products of the backward pass from 30 %, estimator Uniform.</summary>
[Network(Inputs = 784, BatchSize = 20)]
[InputSampled(1000, Activation.Relu, Estimator = InputEstimator.Uniform, Share = 0.3, Products = SampledProducts.Backward, Repeat = 7)]
[Dense(10)]
public sealed partial class UniformBackward30784x10 : INetwork<UniformBackward30784x10>;

/// <summary>The forward product from 10 %, estimator Uniform.</summary>
[Network(Inputs = 784, BatchSize = 20)]
[InputSampled(1000, Activation.Relu, Estimator = InputEstimator.Uniform, Share = 0.1, Products = SampledProducts.Forward, Repeat = 7)]
[Dense(10)]
public sealed partial class UniformForward10784x10 : INetwork<UniformForward10784x10>;

/// <summary>The forward product from 30 %, estimator Uniform.</summary>
[Network(Inputs = 784, BatchSize = 20)]
[InputSampled(1000, Activation.Relu, Estimator = InputEstimator.Uniform, Share = 0.3, Products = SampledProducts.Forward, Repeat = 7)]
[Dense(10)]
public sealed partial class UniformForward30784x10 : INetwork<UniformForward30784x10>;

/// <summary>Both products of the backward pass from 10 %, estimator WtaCrs.</summary>
[Network(Inputs = 784, BatchSize = 20)]
[InputSampled(1000, Activation.Relu, Estimator = InputEstimator.WtaCrs, Share = 0.1, Products = SampledProducts.Backward, Repeat = 7)]
[Dense(10)]
public sealed partial class WtaCrsBackward10784x10 : INetwork<WtaCrsBackward10784x10>;

/// <summary>Both products of the backward pass from 30 %, estimator WtaCrs.</summary>
[Network(Inputs = 784, BatchSize = 20)]
[InputSampled(1000, Activation.Relu, Estimator = InputEstimator.WtaCrs, Share = 0.3, Products = SampledProducts.Backward, Repeat = 7)]
[Dense(10)]
public sealed partial class WtaCrsBackward30784x10 : INetwork<WtaCrsBackward30784x10>;

/// <summary>The forward product from 10 %, estimator WtaCrs.</summary>
[Network(Inputs = 784, BatchSize = 20)]
[InputSampled(1000, Activation.Relu, Estimator = InputEstimator.WtaCrs, Share = 0.1, Products = SampledProducts.Forward, Repeat = 7)]
[Dense(10)]
public sealed partial class WtaCrsForward10784x10 : INetwork<WtaCrsForward10784x10>;

/// <summary>The forward product from 30 %, estimator WtaCrs.</summary>
[Network(Inputs = 784, BatchSize = 20)]
[InputSampled(1000, Activation.Relu, Estimator = InputEstimator.WtaCrs, Share = 0.3, Products = SampledProducts.Forward, Repeat = 7)]
[Dense(10)]
public sealed partial class WtaCrsForward30784x10 : INetwork<WtaCrsForward30784x10>;
