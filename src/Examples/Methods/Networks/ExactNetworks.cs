namespace Whittle.Examples.Methods.Networks;

/// <summary>Every product exact.</summary>
[Network(Inputs = 784, BatchSize = 20)]
[Dense(1000, Activation.Relu)]
[Dense(1000, Activation.Relu)]
[Dense(1000, Activation.Relu)]
[Dense(10)]
public sealed partial class Exact : INetwork<Exact>;

/// <summary>Exact, with residual connections where widths are equal.</summary>
[Network(Inputs = 784, BatchSize = 20)]
[Dense(1000, Activation.Relu)]
[Dense(1000, Activation.Relu, Residual = 0.4)]
[Dense(1000, Activation.Relu, Residual = 0.4)]
[Dense(10)]
public sealed partial class ExactResidual : INetwork<ExactResidual>;
