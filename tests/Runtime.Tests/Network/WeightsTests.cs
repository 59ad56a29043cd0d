namespace Whittle.Runtime.Tests.Network;

public unsafe class WeightsTests
{
    [Fact]
    public void Weights_and_biases_come_back_as_they_were_set()
    {
        using var network = ReferenceNetwork.Of(5, [37, 3]);
        var weights = PredictionTests.Random(37 * 5);
        var biases = PredictionTests.Random(37, 2);
        network.SetWeights(0, weights);
        network.SetBiases(0, biases);
        var readWeights = new float[37 * 5];
        var readBiases = new float[37];
        network.GetWeights(0, readWeights);
        network.GetBiases(0, readBiases);
        Assert.Equal(weights, readWeights);
        Assert.Equal(biases, readBiases);
    }

    [Fact]
    public void Wrong_layers_and_lengths_are_refused_with_both_sizes()
    {
        using var network = ReferenceNetwork.Of(5, [37, 3]);
        Assert.Contains("layers 0 to 1", Assert.Throws<ArgumentOutOfRangeException>(() => network.GetBiases(2, new float[3])).Message);
        Assert.Contains("37 x 5 = 185 weights, but the span has 184", Assert.Throws<ArgumentException>(() => network.SetWeights(0, new float[184])).Message);
        Assert.Contains("3 biases, but the span has 4", Assert.Throws<ArgumentException>(() => network.GetBiases(1, new float[4])).Message);
    }

    [Theory]
    [InlineData(Initialization.He)]
    [InlineData(Initialization.Xavier)]
    public void Initial_weights_do_not_depend_on_the_panel_width(Initialization initialization)
    {
        var layer = new LayerDescription(11, 37, Activation.Relu, 0, initialization, 0);
        var drawn = new List<float[]>();
        foreach (var width in new[] { 8, 16, 32 })
        {
            var layout = new LayerLayout(11, 37, width, 0);
            using var block = AlignedMemory.Allocate(layout.Length, "a test");
            LayerWeights.Initialize(block.Pointer, layout, layer, 9, 2);
            var weights = new float[37 * 11];
            for (var output = 0; output < 37; output++)
            {
                LayerWeights.ReadRow(block.Pointer, layout, output, weights.AsSpan(output * 11, 11));
            }

            drawn.Add(weights);
        }

        Assert.Equal(drawn[0], drawn[1]);
        Assert.Equal(drawn[0], drawn[2]);
        Assert.Contains(drawn[0], weight => weight != 0);
    }

    [Fact]
    public void Initial_weights_have_the_published_variance_and_biases_are_zero()
    {
        using var network = ReferenceNetwork.Of(200, [100, 50], Activation.Relu, Activation.Tanh);
        var he = new float[200 * 100];
        var xavier = new float[100 * 50];
        var biases = new float[100];
        network.GetWeights(0, he);
        network.GetWeights(1, xavier);
        network.GetBiases(0, biases);
        Assert.InRange(he.Average(weight => weight * weight) * 200 / 2, 0.97, 1.03);
        Assert.InRange(xavier.Average(weight => weight * weight) * 150 / 2, 0.95, 1.05);
        Assert.InRange(xavier.Max(Math.Abs), 0.19, Math.Sqrt(6 / 150.0));
        Assert.All(biases, bias => Assert.Equal(0, bias));
    }

    [Fact]
    public void Seeds_and_layers_start_with_weights_of_their_own()
    {
        using var first = ReferenceNetwork.Of(4, [4, 4, 4], seed: 1);
        using var again = ReferenceNetwork.Of(4, [4, 4, 4], seed: 1);
        using var other = ReferenceNetwork.Of(4, [4, 4, 4], seed: 2);
        Assert.Equal(Weights(first, 0), Weights(again, 0));
        Assert.NotEqual(Weights(first, 0), Weights(other, 0));
        Assert.NotEqual(Weights(first, 0), Weights(first, 1));
    }

    [Fact]
    public void Layers_whose_weights_are_given_run_only_once_they_are()
    {
        var description = ReferenceNetwork.Describe(2, [3, 2]);
        description = description with { Layers = [description.Layers[0], description.Layers[1] with { Initialization = Initialization.Given }] };
        using var network = new ReferenceNetwork(description);
        using var session = new TrainingSession(network);
        Assert.Contains("SetWeights", Assert.Throws<InvalidOperationException>(() => network.Classify([1, 2])).Message);
        Assert.Throws<InvalidOperationException>(() => session.Step([1, 2], [1]));
        Assert.Throws<InvalidOperationException>(() => network.Save("never-written.safetensors"));
        network.SetWeights(1, new float[6]);
        Assert.Equal(0, network.Classify([1, 2]));
    }

    [Fact]
    public void Depth_drops_the_last_of_the_repeated_layers()
    {
        var description = Repeated();
        using var whole = new ReferenceNetwork(description);
        using var shallow = new ReferenceNetwork(description, depth: 2);
        Assert.Equal(5, whole.Architecture.Layers.Count);
        Assert.Equal([6, 8, 8, 2], shallow.Architecture.Layers.Select(layer => layer.Outputs));
        Assert.Equal([0, 1, 2, 3], shallow.Architecture.Layers.Select(layer => layer.Kernel));
        Assert.Equal(2, shallow.Architecture.RepeatCount);
        shallow.Classify([1, 2, 3, 4]);
        foreach (var depth in new[] { -1, 4 })
        {
            Assert.Contains("1 to 3", Assert.Throws<ArgumentOutOfRangeException>(() => new ReferenceNetwork(description, depth: depth)).Message);
        }

        Assert.Contains("no repeated layers", Assert.Throws<ArgumentOutOfRangeException>(() => new ReferenceNetwork(ReferenceNetwork.Describe(2, [2]), depth: 2)).Message);
    }

    internal static NetworkDescription Repeated() => new(
        "Repeated",
        4,
        4,
        Loss.SoftmaxCrossEntropy,
        [
            new LayerDescription(4, 6, Activation.Relu, 0, Initialization.Default, 0),
            new LayerDescription(6, 8, Activation.Relu, 0, Initialization.Default, 1),
            new LayerDescription(8, 8, Activation.Relu, 0, Initialization.Default, 2),
            new LayerDescription(8, 8, Activation.Relu, 0, Initialization.Default, 2),
            new LayerDescription(8, 2, Activation.Identity, 0, Initialization.Default, 3),
        ],
        1,
        3);

    private static float[] Weights(CompiledNetwork network, int layer)
    {
        var weights = new float[16];
        network.GetWeights(layer, weights);
        return weights;
    }
}
