namespace Whittle.Examples.Networks;

/// <summary>Images of 28x28 pixels into one of 26 letters.</summary>
[Network(Inputs = 784, BatchSize = 20)]
[Dense(1000, Activation.Relu)]
[Dense(1000, Activation.Relu)]
[Dense(1000, Activation.Relu)]
[Dense(26)]
public sealed partial class Letters : INetwork<Letters>;
