namespace Whittle.Examples.Methods.Networks;

/// <summary>Both products of the backward pass from 10 %, estimator Crs.</summary>
[Network(Inputs = 784, BatchSize = 20)]
[InputSampled(1000, Activation.Relu, Estimator = InputEstimator.Crs, Share = 0.1, Products = SampledProducts.Backward)]
[InputSampled(1000, Activation.Relu, Estimator = InputEstimator.Crs, Share = 0.1, Products = SampledProducts.Backward)]
[InputSampled(1000, Activation.Relu, Estimator = InputEstimator.Crs, Share = 0.1, Products = SampledProducts.Backward)]
[Dense(10)]
public sealed partial class CrsBackward10 : INetwork<CrsBackward10>;

/// <summary>Both products of the backward pass from 30 %, estimator Crs.</summary>
[Network(Inputs = 784, BatchSize = 20)]
[InputSampled(1000, Activation.Relu, Estimator = InputEstimator.Crs, Share = 0.3, Products = SampledProducts.Backward)]
[InputSampled(1000, Activation.Relu, Estimator = InputEstimator.Crs, Share = 0.3, Products = SampledProducts.Backward)]
[InputSampled(1000, Activation.Relu, Estimator = InputEstimator.Crs, Share = 0.3, Products = SampledProducts.Backward)]
[Dense(10)]
public sealed partial class CrsBackward30 : INetwork<CrsBackward30>;

/// <summary>The forward product from 10 %, estimator Crs.</summary>
[Network(Inputs = 784, BatchSize = 20)]
[InputSampled(1000, Activation.Relu, Estimator = InputEstimator.Crs, Share = 0.1, Products = SampledProducts.Forward)]
[InputSampled(1000, Activation.Relu, Estimator = InputEstimator.Crs, Share = 0.1, Products = SampledProducts.Forward)]
[InputSampled(1000, Activation.Relu, Estimator = InputEstimator.Crs, Share = 0.1, Products = SampledProducts.Forward)]
[Dense(10)]
public sealed partial class CrsForward10 : INetwork<CrsForward10>;

/// <summary>The forward product from 30 %, estimator Crs.</summary>
[Network(Inputs = 784, BatchSize = 20)]
[InputSampled(1000, Activation.Relu, Estimator = InputEstimator.Crs, Share = 0.3, Products = SampledProducts.Forward)]
[InputSampled(1000, Activation.Relu, Estimator = InputEstimator.Crs, Share = 0.3, Products = SampledProducts.Forward)]
[InputSampled(1000, Activation.Relu, Estimator = InputEstimator.Crs, Share = 0.3, Products = SampledProducts.Forward)]
[Dense(10)]
public sealed partial class CrsForward30 : INetwork<CrsForward30>;

/// <summary>Both products of the backward pass from 10 %, estimator Bernoulli.</summary>
[Network(Inputs = 784, BatchSize = 20)]
[InputSampled(1000, Activation.Relu, Estimator = InputEstimator.Bernoulli, Share = 0.1, Products = SampledProducts.Backward)]
[InputSampled(1000, Activation.Relu, Estimator = InputEstimator.Bernoulli, Share = 0.1, Products = SampledProducts.Backward)]
[InputSampled(1000, Activation.Relu, Estimator = InputEstimator.Bernoulli, Share = 0.1, Products = SampledProducts.Backward)]
[Dense(10)]
public sealed partial class BernoulliBackward10 : INetwork<BernoulliBackward10>;

/// <summary>Both products of the backward pass from 30 %, estimator Bernoulli.</summary>
[Network(Inputs = 784, BatchSize = 20)]
[InputSampled(1000, Activation.Relu, Estimator = InputEstimator.Bernoulli, Share = 0.3, Products = SampledProducts.Backward)]
[InputSampled(1000, Activation.Relu, Estimator = InputEstimator.Bernoulli, Share = 0.3, Products = SampledProducts.Backward)]
[InputSampled(1000, Activation.Relu, Estimator = InputEstimator.Bernoulli, Share = 0.3, Products = SampledProducts.Backward)]
[Dense(10)]
public sealed partial class BernoulliBackward30 : INetwork<BernoulliBackward30>;

/// <summary>The forward product from 10 %, estimator Bernoulli.</summary>
[Network(Inputs = 784, BatchSize = 20)]
[InputSampled(1000, Activation.Relu, Estimator = InputEstimator.Bernoulli, Share = 0.1, Products = SampledProducts.Forward)]
[InputSampled(1000, Activation.Relu, Estimator = InputEstimator.Bernoulli, Share = 0.1, Products = SampledProducts.Forward)]
[InputSampled(1000, Activation.Relu, Estimator = InputEstimator.Bernoulli, Share = 0.1, Products = SampledProducts.Forward)]
[Dense(10)]
public sealed partial class BernoulliForward10 : INetwork<BernoulliForward10>;

/// <summary>The forward product from 30 %, estimator Bernoulli.</summary>
[Network(Inputs = 784, BatchSize = 20)]
[InputSampled(1000, Activation.Relu, Estimator = InputEstimator.Bernoulli, Share = 0.3, Products = SampledProducts.Forward)]
[InputSampled(1000, Activation.Relu, Estimator = InputEstimator.Bernoulli, Share = 0.3, Products = SampledProducts.Forward)]
[InputSampled(1000, Activation.Relu, Estimator = InputEstimator.Bernoulli, Share = 0.3, Products = SampledProducts.Forward)]
[Dense(10)]
public sealed partial class BernoulliForward30 : INetwork<BernoulliForward30>;

/// <summary>Both products of the backward pass from 10 %, estimator TopK.</summary>
[Network(Inputs = 784, BatchSize = 20)]
[InputSampled(1000, Activation.Relu, Estimator = InputEstimator.TopK, Share = 0.1, Products = SampledProducts.Backward)]
[InputSampled(1000, Activation.Relu, Estimator = InputEstimator.TopK, Share = 0.1, Products = SampledProducts.Backward)]
[InputSampled(1000, Activation.Relu, Estimator = InputEstimator.TopK, Share = 0.1, Products = SampledProducts.Backward)]
[Dense(10)]
public sealed partial class TopKBackward10 : INetwork<TopKBackward10>;

/// <summary>Both products of the backward pass from 30 %, estimator TopK.</summary>
[Network(Inputs = 784, BatchSize = 20)]
[InputSampled(1000, Activation.Relu, Estimator = InputEstimator.TopK, Share = 0.3, Products = SampledProducts.Backward)]
[InputSampled(1000, Activation.Relu, Estimator = InputEstimator.TopK, Share = 0.3, Products = SampledProducts.Backward)]
[InputSampled(1000, Activation.Relu, Estimator = InputEstimator.TopK, Share = 0.3, Products = SampledProducts.Backward)]
[Dense(10)]
public sealed partial class TopKBackward30 : INetwork<TopKBackward30>;

/// <summary>The forward product from 10 %, estimator TopK.</summary>
[Network(Inputs = 784, BatchSize = 20)]
[InputSampled(1000, Activation.Relu, Estimator = InputEstimator.TopK, Share = 0.1, Products = SampledProducts.Forward)]
[InputSampled(1000, Activation.Relu, Estimator = InputEstimator.TopK, Share = 0.1, Products = SampledProducts.Forward)]
[InputSampled(1000, Activation.Relu, Estimator = InputEstimator.TopK, Share = 0.1, Products = SampledProducts.Forward)]
[Dense(10)]
public sealed partial class TopKForward10 : INetwork<TopKForward10>;

/// <summary>The forward product from 30 %, estimator TopK.</summary>
[Network(Inputs = 784, BatchSize = 20)]
[InputSampled(1000, Activation.Relu, Estimator = InputEstimator.TopK, Share = 0.3, Products = SampledProducts.Forward)]
[InputSampled(1000, Activation.Relu, Estimator = InputEstimator.TopK, Share = 0.3, Products = SampledProducts.Forward)]
[InputSampled(1000, Activation.Relu, Estimator = InputEstimator.TopK, Share = 0.3, Products = SampledProducts.Forward)]
[Dense(10)]
public sealed partial class TopKForward30 : INetwork<TopKForward30>;

/// <summary>Both products of the backward pass from 10 %, estimator WtaCrs.</summary>
[Network(Inputs = 784, BatchSize = 20)]
[InputSampled(1000, Activation.Relu, Estimator = InputEstimator.WtaCrs, Share = 0.1, Products = SampledProducts.Backward)]
[InputSampled(1000, Activation.Relu, Estimator = InputEstimator.WtaCrs, Share = 0.1, Products = SampledProducts.Backward)]
[InputSampled(1000, Activation.Relu, Estimator = InputEstimator.WtaCrs, Share = 0.1, Products = SampledProducts.Backward)]
[Dense(10)]
public sealed partial class WtaCrsBackward10 : INetwork<WtaCrsBackward10>;

/// <summary>Both products of the backward pass from 30 %, estimator WtaCrs.</summary>
[Network(Inputs = 784, BatchSize = 20)]
[InputSampled(1000, Activation.Relu, Estimator = InputEstimator.WtaCrs, Share = 0.3, Products = SampledProducts.Backward)]
[InputSampled(1000, Activation.Relu, Estimator = InputEstimator.WtaCrs, Share = 0.3, Products = SampledProducts.Backward)]
[InputSampled(1000, Activation.Relu, Estimator = InputEstimator.WtaCrs, Share = 0.3, Products = SampledProducts.Backward)]
[Dense(10)]
public sealed partial class WtaCrsBackward30 : INetwork<WtaCrsBackward30>;

/// <summary>The forward product from 10 %, estimator WtaCrs.</summary>
[Network(Inputs = 784, BatchSize = 20)]
[InputSampled(1000, Activation.Relu, Estimator = InputEstimator.WtaCrs, Share = 0.1, Products = SampledProducts.Forward)]
[InputSampled(1000, Activation.Relu, Estimator = InputEstimator.WtaCrs, Share = 0.1, Products = SampledProducts.Forward)]
[InputSampled(1000, Activation.Relu, Estimator = InputEstimator.WtaCrs, Share = 0.1, Products = SampledProducts.Forward)]
[Dense(10)]
public sealed partial class WtaCrsForward10 : INetwork<WtaCrsForward10>;

/// <summary>The forward product from 30 %, estimator WtaCrs.</summary>
[Network(Inputs = 784, BatchSize = 20)]
[InputSampled(1000, Activation.Relu, Estimator = InputEstimator.WtaCrs, Share = 0.3, Products = SampledProducts.Forward)]
[InputSampled(1000, Activation.Relu, Estimator = InputEstimator.WtaCrs, Share = 0.3, Products = SampledProducts.Forward)]
[InputSampled(1000, Activation.Relu, Estimator = InputEstimator.WtaCrs, Share = 0.3, Products = SampledProducts.Forward)]
[Dense(10)]
public sealed partial class WtaCrsForward30 : INetwork<WtaCrsForward30>;

/// <summary>Both products of the backward pass from 10 %, estimator Uniform.</summary>
[Network(Inputs = 784, BatchSize = 20)]
[InputSampled(1000, Activation.Relu, Estimator = InputEstimator.Uniform, Share = 0.1, Products = SampledProducts.Backward)]
[InputSampled(1000, Activation.Relu, Estimator = InputEstimator.Uniform, Share = 0.1, Products = SampledProducts.Backward)]
[InputSampled(1000, Activation.Relu, Estimator = InputEstimator.Uniform, Share = 0.1, Products = SampledProducts.Backward)]
[Dense(10)]
public sealed partial class UniformBackward10 : INetwork<UniformBackward10>;

/// <summary>Both products of the backward pass from 30 %, estimator Uniform.</summary>
[Network(Inputs = 784, BatchSize = 20)]
[InputSampled(1000, Activation.Relu, Estimator = InputEstimator.Uniform, Share = 0.3, Products = SampledProducts.Backward)]
[InputSampled(1000, Activation.Relu, Estimator = InputEstimator.Uniform, Share = 0.3, Products = SampledProducts.Backward)]
[InputSampled(1000, Activation.Relu, Estimator = InputEstimator.Uniform, Share = 0.3, Products = SampledProducts.Backward)]
[Dense(10)]
public sealed partial class UniformBackward30 : INetwork<UniformBackward30>;

/// <summary>The forward product from 10 %, estimator Uniform.</summary>
[Network(Inputs = 784, BatchSize = 20)]
[InputSampled(1000, Activation.Relu, Estimator = InputEstimator.Uniform, Share = 0.1, Products = SampledProducts.Forward)]
[InputSampled(1000, Activation.Relu, Estimator = InputEstimator.Uniform, Share = 0.1, Products = SampledProducts.Forward)]
[InputSampled(1000, Activation.Relu, Estimator = InputEstimator.Uniform, Share = 0.1, Products = SampledProducts.Forward)]
[Dense(10)]
public sealed partial class UniformForward10 : INetwork<UniformForward10>;

/// <summary>The forward product from 30 %, estimator Uniform.</summary>
[Network(Inputs = 784, BatchSize = 20)]
[InputSampled(1000, Activation.Relu, Estimator = InputEstimator.Uniform, Share = 0.3, Products = SampledProducts.Forward)]
[InputSampled(1000, Activation.Relu, Estimator = InputEstimator.Uniform, Share = 0.3, Products = SampledProducts.Forward)]
[InputSampled(1000, Activation.Relu, Estimator = InputEstimator.Uniform, Share = 0.3, Products = SampledProducts.Forward)]
[Dense(10)]
public sealed partial class UniformForward30 : INetwork<UniformForward30>;
