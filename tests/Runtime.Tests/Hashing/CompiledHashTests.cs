using Whittle.Runtime.Tests.Sampling;

namespace Whittle.Runtime.Tests.Hashing;

[Network(Inputs = 37)]
[NodeSampled(250, Activation.Relu, Share = 0.1, Selector = NodeSelector.Lsh, Bits = 7, Tables = 5)]
[NodeSampled(250, Activation.Relu, Share = 0.1, Selector = NodeSelector.Lsh, Bits = 3, Tables = 20, Family = HashFamily.SimHash)]
[NodeSampled(250, Activation.Relu, Share = 0.1, Selector = NodeSelector.Lsh, Family = HashFamily.Dwta)]
[Dense(4)]
internal sealed partial class Hashed : INetwork<Hashed>;

/// <summary>Codes that a network's kernels compute.</summary>
public class CompiledHashTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Codes_of_kernels_are_those_of_the_functions(int layer)
    {
        using var network = new Hashed(seed: 3);
        using var lease = network.UseParameters();
        var description = network.Architecture.Layers[layer];
        var settings = description.NodeSampling!;
        var functions = HashFunctions.Create(settings.Family, description.Inputs, settings.Bits, settings.Tables, 9, layer);
        var compiled = CompiledHash.Of(functions, network, description.Kernel);
        var rows = Rows(network, layer);
        foreach (var count in (int[])[0, 1, 2, 119, 120, 121, 250])
        {
            int[] nodes = [.. Enumerable.Range(0, 250).Reverse().Take(count)];
            var (expected, actual) = (new int[count * settings.Tables], new int[count * settings.Tables]);
            functions.HashNodes(rows, nodes, 0.4f, expected);
            compiled.HashNodes(rows, nodes, 0.4f, actual);
            Assert.Equal(expected, actual);
        }

        for (var node = 0; node < 50; node++)
        {
            // A row of other weights is as good an input as any.
            float[] x = [.. rows.Row(node).ToArray().Select(weight => weight < 0 ? 0 : weight)];
            var (expected, actual) = (new int[settings.Tables], new int[settings.Tables]);
            functions.HashInput(x, RandomLayer.NonZero(x), expected);
            compiled.HashInput(x, RandomLayer.NonZero(x), actual);
            Assert.Equal(expected, actual);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Rows_that_lie_otherwise_than_the_kernels_expect_are_refused(int layer)
    {
        using var network = new Hashed(seed: 3);
        using var other = new RandomLayer(10, 38, 1);
        var settings = network.Architecture.Layers[layer].NodeSampling!;
        var inputs = network.Architecture.Layers[layer].Inputs;
        var compiled = CompiledHash.Of(HashFunctions.Create(settings.Family, inputs, settings.Bits, settings.Tables, 9, 0), network, layer);
        var codes = new int[settings.Tables];
        var problem = Assert.Throws<ArgumentException>(() => compiled.HashNodes(other.Rows, [0], 1, codes));
        Assert.Contains("38 weights", problem.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => compiled.HashInput(new float[inputs - 1], [], codes));
        Assert.Throws<ArgumentOutOfRangeException>(() => compiled.HashInput(new float[inputs], [], codes.AsSpan(1)));
    }

    [Fact]
    public void An_input_of_zeros_has_code_zero()
    {
        using var network = new Hashed(seed: 3);
        var settings = network.Architecture.Layers[2].NodeSampling!;
        var compiled = CompiledHash.Of(HashFunctions.Create(HashFamily.Dwta, 250, settings.Bits, settings.Tables, 9, 2), network, 2);
        int[] codes = [.. Enumerable.Repeat(-1, settings.Tables)];
        compiled.HashInput(new float[250], [], codes);
        Assert.All(codes, code => Assert.Equal(0, code));
    }

    [Fact]
    public void Layers_that_hash_have_such_kernels()
    {
        Assert.Equal(
            [0, 0, 1, 1, 2, 2],
            Hashed.Kernels
                .Where(plan => plan.InstructionSet == InstructionSets.Active && (plan.Product is KernelProduct.HashInput or KernelProduct.HashNodes))
                .Select(plan => plan.Layer));
        using var network = new Hashed(seed: 3);
        Assert.Throws<ArgumentOutOfRangeException>(() =>
        {
            var pass = default(HashPass);
            network.Runner.HashInput(3, in pass);
        });
    }

    private static unsafe NodeRows Rows(CompiledNetwork network, int layer) => network.Runner.Parameters(network.Parameters.Pointer, layer);
}
