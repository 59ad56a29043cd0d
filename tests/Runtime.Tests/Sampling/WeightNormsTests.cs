namespace Whittle.Runtime.Tests.Sampling;

public unsafe class WeightNormsTests
{
    private const int Layer = 1;
    private const int Inputs = 40;
    private const int Units = 32;

    public static TheoryData<string> Kinds => ["nodes", "inputs of rows", "inputs of panels"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Each_step_renews_a_part_until_all_have_had_their_turn(string kind)
    {
        using CompiledNetwork network = kind == "inputs of panels" ? new ForwardLayer() : new BernoulliLayer();
        var layout = network.Layout.Layers[Layer];
        Assert.Equal(kind != "inputs of panels", layout.InNodeRows);
        var byNode = kind == "nodes";
        var norms = byNode ? WeightNorms.ByNode(layout) : WeightNorms.ByInput(layout);
        using var lease = network.UseParameters();
        var first = Set(network, byNode, seed: 1);
        norms.Advance(network.Parameters.Pointer);
        AssertEqual(first, norms.Values);

        var second = Set(network, byNode, seed: 2);
        var part = (first.Length + SamplingCost.NormParts - 1) / SamplingCost.NormParts;
        for (var renewed = part; renewed <= first.Length; renewed += part)
        {
            norms.Advance(network.Parameters.Pointer);
            AssertEqual([.. second[..renewed], .. first[renewed..]], norms.Values);
        }

        // From the start again.
        var third = Set(network, byNode, seed: 3);
        norms.Advance(network.Parameters.Pointer);
        AssertEqual([.. third[..part], .. second[part..]], norms.Values);
        norms.Reset();
        norms.Advance(network.Parameters.Pointer);
        AssertEqual(third, norms.Values);
    }

    /// <summary>Sets random weights and gives their norms.</summary>
    private static double[] Set(CompiledNetwork network, bool byNode, ulong seed)
    {
        var random = new RandomStream(seed, 1);
        var weights = new float[Units * Inputs];
        foreach (ref var weight in weights.AsSpan())
        {
            weight = random.NextNormal();
        }

        network.SetWeights(Layer, weights);
        return byNode
            ? [.. Enumerable.Range(0, Units).Select(node => Norm(Enumerable.Range(0, Inputs).Select(input => weights[(node * Inputs) + input])))]
            : [.. Enumerable.Range(0, Inputs).Select(input => Norm(Enumerable.Range(0, Units).Select(node => weights[(node * Inputs) + input])))];
    }

    private static double Norm(IEnumerable<float> values) => Math.Sqrt(values.Sum(value => (double)value * value));

    private static void AssertEqual(double[] expected, ReadOnlySpan<float> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var index = 0; index < expected.Length; index++)
        {
            Assert.Equal(expected[index], actual[index], 1e-4);
        }
    }
}
