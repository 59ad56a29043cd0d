using System.Runtime.Intrinsics;

namespace Whittle.Runtime.Tests.Data;

[Network(Inputs = 784, BatchSize = 20)]
[Dense(10)]
internal sealed partial class LinearDigits : INetwork<LinearDigits>;

[Network(Inputs = 784, BatchSize = 20)]
[Dense(256, Activation.Relu)]
[Dense(256, Activation.Relu)]
[Dense(10)]
internal sealed partial class LayeredDigits : INetwork<LayeredDigits>;

public sealed class StrokeDigitsAccuracyTests
{
    [Fact]
    public void A_linear_model_stays_below_90_percent()
    {
        using var network = new LinearDigits(seed: 1);
        Assert.InRange(Train(network, epochs: 15), 0.8, 0.9);
    }

    [Fact]
    public void A_network_with_hidden_layers_passes_97_percent()
    {
        using var network = new LayeredDigits(seed: 1);
        Assert.InRange(Train(network, epochs: 6), 0.97, 1);
    }

    private static double Train(CompiledNetwork network, int epochs)
    {
        Assert.SkipUnless(Vector128.IsHardwareAccelerated, "Training takes minutes without vector instructions.");
        var options = new TrainingOptions { Epochs = epochs, Optimizer = Optimizer.Adam(1e-3f), Schedule = LearningRateSchedule.Cosine() };
        Trainer.Fit(network, StrokeDigits.Generate(15_000, 1), options);
        return network.Evaluate(StrokeDigits.Generate(3_000, 2)).Accuracy!.Value;
    }
}
