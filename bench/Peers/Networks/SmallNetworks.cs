namespace Whittle.Bench.Peers.Networks;

[Network(Inputs = 37, BatchSize = 1)]
[Dense(113, Activation.Relu)]
[Dense(5)]
public sealed partial class OddBatch1 : INetwork<OddBatch1>;

[Network(Inputs = 37, BatchSize = 20)]
[Dense(113, Activation.Relu)]
[Dense(5)]
public sealed partial class OddBatch20 : INetwork<OddBatch20>;

[Network(Inputs = 64, BatchSize = 1, Loss = Loss.MeanSquaredError)]
[Dense(32, Activation.Relu)]
[Dense(32, Activation.Relu)]
[Dense(1)]
public sealed partial class RegressionBatch1 : INetwork<RegressionBatch1>;

[Network(Inputs = 64, BatchSize = 20, Loss = Loss.MeanSquaredError)]
[Dense(32, Activation.Relu)]
[Dense(32, Activation.Relu)]
[Dense(1)]
public sealed partial class RegressionBatch20 : INetwork<RegressionBatch20>;

[Network(Inputs = 8, BatchSize = 1)]
[Dense(7, Activation.Relu)]
[Dense(3)]
public sealed partial class TinyBatch1 : INetwork<TinyBatch1>;

[Network(Inputs = 8, BatchSize = 20)]
[Dense(7, Activation.Relu)]
[Dense(3)]
public sealed partial class TinyBatch20 : INetwork<TinyBatch20>;
