namespace Whittle.Runtime.Tests.Statistics;

[Network(Inputs = 40, BatchSize = 4)]
[NodeSampled(40, Activation.Relu, Selector = NodeSelector.TopK, Share = 0.1)]
[Dense(3, Activation.Relu)]
[Dense(2)]
internal sealed partial class FourLargest : INetwork<FourLargest>;

[Network(Inputs = 40, BatchSize = 4)]
[NodeSampled(40, Activation.Relu, Selector = NodeSelector.TopK, Share = 0.1, Residual = 0.5)]
[Dense(3, Activation.Relu)]
[Dense(2)]
internal sealed partial class FourLargestResidual : INetwork<FourLargestResidual>;

[Network(Inputs = 40, BatchSize = 4)]
[InputSampled(40, Activation.Relu, Share = 0.5, Products = SampledProducts.Forward)]
[Dense(40, Activation.Relu)]
[NodeSampled(40, Activation.Relu, Share = 0.5, Scaling = NodeScaling.InverseProbability)]
[Dense(2)]
internal sealed partial class NoisyBelow : INetwork<NoisyBelow>;

/// <summary>Measurements of small layers against numbers computed by hand, and of larger ones against their definition.</summary>
public class LayerMeasurementTests
{
    // The first layer passes these on: 8, 6, 4 and 2 are active. The second row leaves out nothing.
    private static readonly float[] TwoRows = [8, 6, 4, 2, 1, 1, .. new float[34], 8, 6, 4, 2, .. new float[36]];

    [Fact]
    public void One_row_gives_the_numbers_of_the_definition()
    {
        using var network = new FourLargest(1);
        var measured = Measure(network, TwoRows.AsSpan(0, 40));
        Assert.Equal((0, 0.1, 1, 1), (measured[0].Layer, measured[0].ActiveShare, measured[0].Recall!.Value, measured[1].Layer));
        Assert.Equal(20 / 22.0, measured[0].CapturedShare, 1e-6);

        // 20 / 2, 8 / 2 and 6 / 0.5.
        Assert.Equal(10, measured[0].CapturedRatio!.Value, 1e-4);
        Assert.Equal(Math.Sqrt(2 / 122.0), measured[0].RelativeError, 1e-6);
        Assert.Equal((22 - 20) / 20.0, measured[0].SumError!.Value, 1e-6);

        // Above, 20, 8 and 4 instead of 22, 10 and 4.5.
        Assert.Equal((1, null, 1, null), (measured[1].ActiveShare, measured[1].Recall, measured[1].CapturedShare, measured[1].CapturedRatio));
        Assert.Equal(Math.Sqrt(8.25 / ((22 * 22) + (10 * 10) + (4.5 * 4.5))), measured[1].RelativeError, 1e-6);
        Assert.Equal((36.5 - 32) / 32, measured[1].SumError!.Value, 1e-6);
    }

    [Fact]
    public void Rows_are_averaged_by_their_share()
    {
        using var network = new FourLargest(1);
        var measured = Measure(network, TwoRows);

        // The mean of 10 / 11 and 1 is 21 / 22.
        Assert.Equal(21, measured[0].CapturedRatio!.Value, 1e-3);
        Assert.Equal((20 / 22.0 + 1) / 2, measured[0].CapturedShare, 1e-6);
        Assert.Equal(Math.Sqrt(2 / 242.0), measured[0].RelativeError, 1e-6);
        Assert.Equal((42 - 40) / 40.0, measured[0].SumError!.Value, 1e-6);

        var whole = Measure(network, TwoRows.AsSpan(40));
        Assert.Equal((null, 0, 0), (whole[0].CapturedRatio, whole[0].RelativeError, whole[1].RelativeError));
        var nothing = Measure(network, new float[40]);
        Assert.Equal((null, 0, null), (nothing[0].CapturedRatio, nothing[0].RelativeError, nothing[0].SumError));
    }

    [Fact]
    public void Errors_count_what_a_residual_connection_passes_on()
    {
        using var network = new FourLargestResidual(1);
        var measured = Measure(network, TwoRows.AsSpan(0, 40));

        // a = 1.5 x, and x where inactive: 32 instead of 33. What is captured is about f(z) alone.
        Assert.Equal(1 / 32.0, measured[0].SumError!.Value, 1e-6);
        Assert.Equal(Math.Sqrt(0.5 / (1.5 * 1.5 * 122)), measured[0].RelativeError, 1e-6);
        Assert.Equal(10, measured[0].CapturedRatio!.Value, 1e-4);
    }

    [Fact]
    public void Errors_are_those_of_the_way_from_the_inputs()
    {
        using var network = new NoisyBelow(1);
        using var session = new TrainingSession(network, new StepOptions { Threads = 1 });
        var random = new Random(1);
        float[] inputs = [.. Enumerable.Range(0, 4 * 40).Select(_ => random.NextSingle())];
        var measured = session.MeasureLayers(inputs);
        Assert.Equal(3, measured.Count);
        Assert.All(measured, layer => Assert.InRange(layer.RelativeError, 0.01, 10));
        Assert.Equal([null, null], measured.Take(2).Select(layer => layer.Recall));
        Assert.InRange(measured[2].CapturedRatio!.Value, 0.3, 3);

        // The same draws again: a measurement is no step.
        Assert.Equal(measured[0], session.MeasureLayers(inputs)[0]);
    }

    private static IReadOnlyList<LayerMeasurement> Measure(CompiledNetwork network, ReadOnlySpan<float> inputs)
    {
        var identity = new float[40 * 40];
        for (var node = 0; node < 40; node++)
        {
            identity[(node * 40) + node] = 1;
        }

        var above = new float[3 * 40];
        above.AsSpan(0, 40).Fill(1);
        (above[40], above[44]) = (1, 2);
        (above[81], above[85]) = (-1, 0.5f);
        network.SetWeights(0, identity);
        network.SetBiases(0, new float[40]);
        network.SetWeights(1, above);
        network.SetBiases(1, [0, 0, 10]);
        using var session = new TrainingSession(network, new StepOptions { Threads = 1 });
        return session.MeasureLayers(inputs);
    }
}
