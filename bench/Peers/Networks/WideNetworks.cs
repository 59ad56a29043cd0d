namespace Whittle.Bench.Peers.Networks;

// The same network for each batch size that is compared, so that its tiles fit the batch.

[Network(Inputs = 784, BatchSize = 1)]
[Dense(1000, Activation.Relu)]
[Dense(1000, Activation.Relu)]
[Dense(1000, Activation.Relu)]
[Dense(10)]
public sealed partial class WideBatch1 : INetwork<WideBatch1>;

[Network(Inputs = 784, BatchSize = 20)]
[Dense(1000, Activation.Relu)]
[Dense(1000, Activation.Relu)]
[Dense(1000, Activation.Relu)]
[Dense(10)]
public sealed partial class WideBatch20 : INetwork<WideBatch20>;

[Network(Inputs = 784, BatchSize = 128)]
[Dense(1000, Activation.Relu)]
[Dense(1000, Activation.Relu)]
[Dense(1000, Activation.Relu)]
[Dense(10)]
public sealed partial class WideBatch128 : INetwork<WideBatch128>;

[Network(Inputs = 784, BatchSize = 512)]
[Dense(1000, Activation.Relu)]
[Dense(1000, Activation.Relu)]
[Dense(1000, Activation.Relu)]
[Dense(10)]
public sealed partial class WideBatch512 : INetwork<WideBatch512>;
