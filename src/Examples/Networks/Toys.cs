namespace Whittle.Examples.Networks;

/// <summary>Grey images of 32x32 pixels into one of the five classes of NORB.</summary>
[Network(Inputs = 1024, BatchSize = 20)]
[Dense(1000, Activation.Relu)]
[Dense(1000, Activation.Relu)]
[Dense(1000, Activation.Relu)]
[Dense(5)]
public sealed partial class Toys : INetwork<Toys>;
