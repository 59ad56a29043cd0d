namespace Whittle.Examples.Networks;

/// <summary>Colour images of 32x32 pixels into one of ten classes.</summary>
[Network(Inputs = 3072, BatchSize = 20)]
[Dense(1000, Activation.Relu)]
[Dense(1000, Activation.Relu)]
[Dense(1000, Activation.Relu)]
[Dense(10)]
public sealed partial class Photographs : INetwork<Photographs>;
