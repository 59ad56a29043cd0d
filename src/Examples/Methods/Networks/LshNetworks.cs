namespace Whittle.Examples.Methods.Networks;

/// <summary>Asymmetric hashing, 6 bits, 5 tables, exact inference: the setting of Ebrahimi et al.</summary>
[Network(Inputs = 784, BatchSize = 20)]
[NodeSampled(1000, Activation.Relu, Selector = NodeSelector.Lsh, Share = 0.05, Inference = NodeInference.ExactUnscaled)]
[NodeSampled(1000, Activation.Relu, Selector = NodeSelector.Lsh, Share = 0.05, Inference = NodeInference.ExactUnscaled)]
[NodeSampled(1000, Activation.Relu, Selector = NodeSelector.Lsh, Share = 0.05, Inference = NodeInference.ExactUnscaled)]
[Dense(10)]
public sealed partial class LshPaper : INetwork<LshPaper>;

/// <summary>As <see cref="LshPaper"/>, predicting from hashed nodes too.</summary>
[Network(Inputs = 784, BatchSize = 20)]
[NodeSampled(1000, Activation.Relu, Selector = NodeSelector.Lsh, Share = 0.05)]
[NodeSampled(1000, Activation.Relu, Selector = NodeSelector.Lsh, Share = 0.05)]
[NodeSampled(1000, Activation.Relu, Selector = NodeSelector.Lsh, Share = 0.05)]
[Dense(10)]
public sealed partial class LshSampled : INetwork<LshSampled>;

/// <summary>50 tables, and the nodes that are in most buckets.</summary>
[Network(Inputs = 784, BatchSize = 20)]
[NodeSampled(1000, Activation.Relu, Selector = NodeSelector.Lsh, Share = 0.05, Tables = 50, Query = BucketQuery.Count)]
[NodeSampled(1000, Activation.Relu, Selector = NodeSelector.Lsh, Share = 0.05, Tables = 50, Query = BucketQuery.Count)]
[NodeSampled(1000, Activation.Relu, Selector = NodeSelector.Lsh, Share = 0.05, Tables = 50, Query = BucketQuery.Count)]
[Dense(10)]
public sealed partial class LshCount50 : INetwork<LshCount50>;

/// <summary>As <see cref="LshCount50"/>, with sparse sign projections.</summary>
[Network(Inputs = 784, BatchSize = 20)]
[NodeSampled(1000, Activation.Relu, Selector = NodeSelector.Lsh, Share = 0.05, Family = HashFamily.SimHash, Tables = 50, Query = BucketQuery.Count)]
[NodeSampled(1000, Activation.Relu, Selector = NodeSelector.Lsh, Share = 0.05, Family = HashFamily.SimHash, Tables = 50, Query = BucketQuery.Count)]
[NodeSampled(1000, Activation.Relu, Selector = NodeSelector.Lsh, Share = 0.05, Family = HashFamily.SimHash, Tables = 50, Query = BucketQuery.Count)]
[Dense(10)]
public sealed partial class LshSimHash50 : INetwork<LshSimHash50>;
