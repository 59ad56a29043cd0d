namespace Whittle.Aot.Smoke;

[Network(Inputs = StrokeDigits.Side * StrokeDigits.Side, BatchSize = 20)]
[Dense(32, Activation.Relu)]
[Dense(10)]
internal sealed partial class TinyDigits : INetwork<TinyDigits>;
