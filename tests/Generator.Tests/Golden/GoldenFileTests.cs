using Whittle.Generator.Tests.Baselines;
using Whittle.Generator.Tests.Compilation;

namespace Whittle.Generator.Tests.Golden;

/// <summary>The text of everything that is generated for a tiny network, for each instruction set, as a reader sees it.</summary>
public sealed class GoldenFileTests
{
    private const string Source = """
        using Whittle;

        namespace Demo;

        [Network(Inputs = 4, BatchSize = 2)]
        [Dense(3, Activation.Relu)]
        [Dense(2)]
        public sealed partial class Tiny : INetwork<Tiny>;
        """;

    [Fact]
    public void Tiny_network() => BaselineSet.OfTest().Check(GeneratorRun.Of(Source).AssertCompiles().Files);

    [Fact]
    public void The_text_is_the_same_on_every_machine()
    {
        var files = GeneratorRun.Of(Source).Files;
        Assert.All(files.Values, text => Assert.DoesNotContain('\r', text));
        Assert.All(files.Values, text => Assert.True(text.All(char.IsAscii), "Only ASCII is read alike by every tool."));
        Assert.Equal(files, GeneratorRun.Of(Source).Files);
    }

    [Fact]
    public void What_the_golden_files_say_computes_the_network()
    {
        var type = GeneratorRun.Of(Source).Load().GetType("Demo.Tiny")!;
        using var network = (CompiledNetwork)Activator.CreateInstance(type, 5ul)!;
        float[] inputs = [0.5f, -1, 0, 2, -0.25f, 0, 3, 1];
        var logits = new float[4];
        network.Logits(inputs, logits);
        var expected = new List<double>();
        for (var row = 0; row < 2; row++)
        {
            var activations = inputs.Skip(row * 4).Take(4).Select(value => (double)value).ToArray();
            for (var layer = 0; layer < 2; layer++)
            {
                var outputs = network.Architecture.Layers[layer].Outputs;
                var weights = new float[outputs * activations.Length];
                network.GetWeights(layer, weights);
                activations = Enumerable.Range(0, outputs)
                    .Select(output => activations.Select((value, input) => value * weights[(output * activations.Length) + input]).Sum())
                    .Select(z => layer == 0 ? Math.Max(z, 0) : z)
                    .ToArray();
            }

            expected.AddRange(activations);
        }

        Assert.Contains(expected, value => value != 0);
        for (var i = 0; i < logits.Length; i++)
        {
            Assert.Equal(expected[i], logits[i], 1e-5);
        }
    }
}
