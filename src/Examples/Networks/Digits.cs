namespace Whittle.Examples.Networks;

/// <summary>Images of 28x28 pixels, from the built-in strokes to MNIST and its relatives, into one of ten classes.</summary>
[Network(Inputs = 784, BatchSize = 20)]
[Dense(1000, Activation.Relu)]
[Dense(1000, Activation.Relu)]
[Dense(1000, Activation.Relu)]
[Dense(10)]
public sealed partial class Digits : INetwork<Digits>;
