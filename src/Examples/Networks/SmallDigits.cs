namespace Whittle.Examples.Networks;

/// <summary>Images of 8x8 pixels into one of ten classes.</summary>
[Network(Inputs = 64, BatchSize = 20)]
[Dense(128, Activation.Relu)]
[Dense(128, Activation.Relu)]
[Dense(10)]
public sealed partial class SmallDigits : INetwork<SmallDigits>;
