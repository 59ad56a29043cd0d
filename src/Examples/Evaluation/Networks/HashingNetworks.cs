// What the build advises against is declared here to be measured.
#pragma warning disable WHT0030, WHT0031, WHT0032

namespace Whittle.Examples.Evaluation.Networks;

/// <summary>Asymmetric hashing, 6 bits, 5 tables, exact inference without scaling: the published setting.</summary>
[Network(Inputs = 784, BatchSize = 20)]
[NodeSampled(1000, Activation.Relu, Selector = NodeSelector.Lsh, Share = 0.05, Inference = NodeInference.ExactUnscaled, Repeat = 7)]
[Dense(10)]
public sealed partial class Alsh784x10 : INetwork<Alsh784x10>;

/// <summary>Asymmetric hashing, 6 bits, 5 tables, exact inference without scaling: the published setting.</summary>
[Network(Inputs = 784, BatchSize = 20)]
[NodeSampled(1000, Activation.Relu, Selector = NodeSelector.Lsh, Share = 0.05, Inference = NodeInference.ExactUnscaled, Repeat = 7)]
[Dense(26)]
public sealed partial class Alsh784x26 : INetwork<Alsh784x26>;

/// <summary>Asymmetric hashing, 6 bits, 5 tables, exact inference without scaling: the published setting.</summary>
[Network(Inputs = 1024, BatchSize = 20)]
[NodeSampled(1000, Activation.Relu, Selector = NodeSelector.Lsh, Share = 0.05, Inference = NodeInference.ExactUnscaled, Repeat = 7)]
[Dense(10)]
public sealed partial class Alsh1024x10 : INetwork<Alsh1024x10>;

/// <summary>Asymmetric hashing, 6 bits, 5 tables, exact inference without scaling: the published setting.</summary>
[Network(Inputs = 1024, BatchSize = 20)]
[NodeSampled(1000, Activation.Relu, Selector = NodeSelector.Lsh, Share = 0.05, Inference = NodeInference.ExactUnscaled, Repeat = 7)]
[Dense(5)]
public sealed partial class Alsh1024x5 : INetwork<Alsh1024x5>;

/// <summary>Asymmetric hashing, 6 bits, 5 tables, exact inference without scaling: the published setting.</summary>
[Network(Inputs = 3072, BatchSize = 20)]
[NodeSampled(1000, Activation.Relu, Selector = NodeSelector.Lsh, Share = 0.05, Inference = NodeInference.ExactUnscaled, Repeat = 7)]
[Dense(10)]
public sealed partial class Alsh3072x10 : INetwork<Alsh3072x10>;

/// <summary>Asymmetric hashing, 6 bits, 5 tables, predicting from hashed nodes too.</summary>
[Network(Inputs = 784, BatchSize = 20)]
[NodeSampled(1000, Activation.Relu, Selector = NodeSelector.Lsh, Share = 0.05, Repeat = 7)]
[Dense(10)]
public sealed partial class AlshSampled784x10 : INetwork<AlshSampled784x10>;

/// <summary>Asymmetric hashing, 6 bits, 5 tables, predicting from hashed nodes too.</summary>
[Network(Inputs = 784, BatchSize = 20)]
[NodeSampled(1000, Activation.Relu, Selector = NodeSelector.Lsh, Share = 0.05, Repeat = 7)]
[Dense(26)]
public sealed partial class AlshSampled784x26 : INetwork<AlshSampled784x26>;

/// <summary>Asymmetric hashing, 6 bits, 5 tables, predicting from hashed nodes too.</summary>
[Network(Inputs = 1024, BatchSize = 20)]
[NodeSampled(1000, Activation.Relu, Selector = NodeSelector.Lsh, Share = 0.05, Repeat = 7)]
[Dense(10)]
public sealed partial class AlshSampled1024x10 : INetwork<AlshSampled1024x10>;

/// <summary>Asymmetric hashing, 6 bits, 5 tables, predicting from hashed nodes too.</summary>
[Network(Inputs = 1024, BatchSize = 20)]
[NodeSampled(1000, Activation.Relu, Selector = NodeSelector.Lsh, Share = 0.05, Repeat = 7)]
[Dense(5)]
public sealed partial class AlshSampled1024x5 : INetwork<AlshSampled1024x5>;

/// <summary>Asymmetric hashing, 6 bits, 5 tables, predicting from hashed nodes too.</summary>
[Network(Inputs = 3072, BatchSize = 20)]
[NodeSampled(1000, Activation.Relu, Selector = NodeSelector.Lsh, Share = 0.05, Repeat = 7)]
[Dense(10)]
public sealed partial class AlshSampled3072x10 : INetwork<AlshSampled3072x10>;

/// <summary>Asymmetric hashing, 50 tables, the nodes that are in most buckets.</summary>
[Network(Inputs = 784, BatchSize = 20)]
[NodeSampled(1000, Activation.Relu, Selector = NodeSelector.Lsh, Share = 0.05, Tables = 50, Query = BucketQuery.Count, Repeat = 7)]
[Dense(10)]
public sealed partial class AlshCount784x10 : INetwork<AlshCount784x10>;

/// <summary>Sparse signs, 50 tables, the nodes that are in most buckets.</summary>
[Network(Inputs = 784, BatchSize = 20)]
[NodeSampled(1000, Activation.Relu, Selector = NodeSelector.Lsh, Share = 0.05, Family = HashFamily.SimHash, Tables = 50, Query = BucketQuery.Count, Repeat = 7)]
[Dense(10)]
public sealed partial class SimHashCount784x10 : INetwork<SimHashCount784x10>;

/// <summary>Winners of bins, 4 bits, 200 tables, the nodes that are in most buckets: the setting that finds most.</summary>
[Network(Inputs = 784, BatchSize = 20)]
[NodeSampled(1000, Activation.Relu, Selector = NodeSelector.Lsh, Share = 0.05, Family = HashFamily.Dwta, Bits = 4, Tables = 200, Query = BucketQuery.Count, Repeat = 7)]
[Dense(10)]
public sealed partial class DwtaCount784x10 : INetwork<DwtaCount784x10>;
