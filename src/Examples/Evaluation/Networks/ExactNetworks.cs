namespace Whittle.Examples.Evaluation.Networks;

/// <summary>Every product exact.</summary>
[Network(Inputs = 784, BatchSize = 20)]
[Dense(1000, Activation.Relu, Repeat = 7)]
[Dense(10)]
public sealed partial class Standard784x10 : INetwork<Standard784x10>;

/// <summary>Every product exact.</summary>
[Network(Inputs = 784, BatchSize = 20)]
[Dense(1000, Activation.Relu, Repeat = 7)]
[Dense(26)]
public sealed partial class Standard784x26 : INetwork<Standard784x26>;

/// <summary>Every product exact.</summary>
[Network(Inputs = 1024, BatchSize = 20)]
[Dense(1000, Activation.Relu, Repeat = 7)]
[Dense(10)]
public sealed partial class Standard1024x10 : INetwork<Standard1024x10>;

/// <summary>Every product exact.</summary>
[Network(Inputs = 1024, BatchSize = 20)]
[Dense(1000, Activation.Relu, Repeat = 7)]
[Dense(5)]
public sealed partial class Standard1024x5 : INetwork<Standard1024x5>;

/// <summary>Every product exact.</summary>
[Network(Inputs = 3072, BatchSize = 20)]
[Dense(1000, Activation.Relu, Repeat = 7)]
[Dense(10)]
public sealed partial class Standard3072x10 : INetwork<Standard3072x10>;

/// <summary>Exact, with residual connections where widths are equal.</summary>
[Network(Inputs = 784, BatchSize = 20)]
[Dense(1000, Activation.Relu)]
[Dense(1000, Activation.Relu, Residual = 0.4, Repeat = 6)]
[Dense(10)]
public sealed partial class Residual784x10 : INetwork<Residual784x10>;

/// <summary>Exact, with residual connections where widths are equal.</summary>
[Network(Inputs = 784, BatchSize = 20)]
[Dense(1000, Activation.Relu)]
[Dense(1000, Activation.Relu, Residual = 0.4, Repeat = 6)]
[Dense(26)]
public sealed partial class Residual784x26 : INetwork<Residual784x26>;

/// <summary>Exact, with residual connections where widths are equal.</summary>
[Network(Inputs = 1024, BatchSize = 20)]
[Dense(1000, Activation.Relu)]
[Dense(1000, Activation.Relu, Residual = 0.4, Repeat = 6)]
[Dense(10)]
public sealed partial class Residual1024x10 : INetwork<Residual1024x10>;

/// <summary>Exact, with residual connections where widths are equal.</summary>
[Network(Inputs = 1024, BatchSize = 20)]
[Dense(1000, Activation.Relu)]
[Dense(1000, Activation.Relu, Residual = 0.4, Repeat = 6)]
[Dense(5)]
public sealed partial class Residual1024x5 : INetwork<Residual1024x5>;

/// <summary>Exact, with residual connections where widths are equal.</summary>
[Network(Inputs = 3072, BatchSize = 20)]
[Dense(1000, Activation.Relu)]
[Dense(1000, Activation.Relu, Residual = 0.4, Repeat = 6)]
[Dense(10)]
public sealed partial class Residual3072x10 : INetwork<Residual3072x10>;

/// <summary>Exact and half as wide.</summary>
[Network(Inputs = 784, BatchSize = 20)]
[Dense(500, Activation.Relu, Repeat = 7)]
[Dense(10)]
public sealed partial class Width500784x10 : INetwork<Width500784x10>;

/// <summary>Exact and half as wide.</summary>
[Network(Inputs = 784, BatchSize = 20)]
[Dense(500, Activation.Relu, Repeat = 7)]
[Dense(26)]
public sealed partial class Width500784x26 : INetwork<Width500784x26>;

/// <summary>Exact and half as wide.</summary>
[Network(Inputs = 1024, BatchSize = 20)]
[Dense(500, Activation.Relu, Repeat = 7)]
[Dense(10)]
public sealed partial class Width5001024x10 : INetwork<Width5001024x10>;

/// <summary>Exact and half as wide.</summary>
[Network(Inputs = 1024, BatchSize = 20)]
[Dense(500, Activation.Relu, Repeat = 7)]
[Dense(5)]
public sealed partial class Width5001024x5 : INetwork<Width5001024x5>;

/// <summary>Exact and half as wide.</summary>
[Network(Inputs = 3072, BatchSize = 20)]
[Dense(500, Activation.Relu, Repeat = 7)]
[Dense(10)]
public sealed partial class Width5003072x10 : INetwork<Width5003072x10>;

/// <summary>Exact and a quarter as wide.</summary>
[Network(Inputs = 784, BatchSize = 20)]
[Dense(250, Activation.Relu, Repeat = 7)]
[Dense(10)]
public sealed partial class Width250784x10 : INetwork<Width250784x10>;

/// <summary>Exact and a quarter as wide.</summary>
[Network(Inputs = 784, BatchSize = 20)]
[Dense(250, Activation.Relu, Repeat = 7)]
[Dense(26)]
public sealed partial class Width250784x26 : INetwork<Width250784x26>;

/// <summary>Exact and a quarter as wide.</summary>
[Network(Inputs = 1024, BatchSize = 20)]
[Dense(250, Activation.Relu, Repeat = 7)]
[Dense(10)]
public sealed partial class Width2501024x10 : INetwork<Width2501024x10>;

/// <summary>Exact and a quarter as wide.</summary>
[Network(Inputs = 1024, BatchSize = 20)]
[Dense(250, Activation.Relu, Repeat = 7)]
[Dense(5)]
public sealed partial class Width2501024x5 : INetwork<Width2501024x5>;

/// <summary>Exact and a quarter as wide.</summary>
[Network(Inputs = 3072, BatchSize = 20)]
[Dense(250, Activation.Relu, Repeat = 7)]
[Dense(10)]
public sealed partial class Width2503072x10 : INetwork<Width2503072x10>;

/// <summary>Three quarters as wide.</summary>
[Network(Inputs = 784, BatchSize = 20)]
[Dense(750, Activation.Relu, Repeat = 7)]
[Dense(10)]
public sealed partial class Width750784x10 : INetwork<Width750784x10>;

/// <summary>Half as wide, with residual connections.</summary>
[Network(Inputs = 784, BatchSize = 20)]
[Dense(500, Activation.Relu)]
[Dense(500, Activation.Relu, Residual = 0.4, Repeat = 6)]
[Dense(10)]
public sealed partial class Residual500784x10 : INetwork<Residual500784x10>;

/// <summary>Half as wide, with residual connections.</summary>
[Network(Inputs = 3072, BatchSize = 20)]
[Dense(500, Activation.Relu)]
[Dense(500, Activation.Relu, Residual = 0.4, Repeat = 6)]
[Dense(10)]
public sealed partial class Residual5003072x10 : INetwork<Residual5003072x10>;

/// <summary>A quarter as wide, with residual connections.</summary>
[Network(Inputs = 784, BatchSize = 20)]
[Dense(250, Activation.Relu)]
[Dense(250, Activation.Relu, Residual = 0.4, Repeat = 6)]
[Dense(10)]
public sealed partial class Residual250784x10 : INetwork<Residual250784x10>;
