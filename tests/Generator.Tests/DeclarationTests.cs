using Microsoft.CodeAnalysis.CSharp;
using Whittle.Generator.Tests.Compilation;

namespace Whittle.Generator.Tests;

public sealed class DeclarationTests
{
    [Theory]
    [InlineData("N", "[Network(Inputs = 4, BatchSize = 1), Dense(2)] sealed partial class N : INetwork<N>;")]
    [InlineData("N", "[Network(Inputs = 4, BatchSize = 1), Dense(2)] public partial class N : INetwork<N> { }")]
    [InlineData("A.B.N", "namespace A.B; [Network(Inputs = 4, BatchSize = 1)] [Dense(2)] internal sealed partial class N : INetwork<N>;")]
    [InlineData("A.B.C.D.N", """
        namespace A;
        public partial interface B { readonly partial struct C { static partial class D { [Network(Inputs = 4, BatchSize = 1), Dense(2)] internal sealed partial class N : INetwork<N>; } } }
        """)]
    [InlineData("A.B.C.N", """
        partial record A { partial record struct B { ref partial struct C { [Network(Inputs = 4, BatchSize = 1), Dense(2)] internal partial class N : INetwork<N>; } } }
        """)]
    [InlineData("A.N", "partial class A { [Network(Inputs = 4, BatchSize = 1), Dense(2)] private sealed partial class N : INetwork<N>; }")]
    [InlineData("A.N", "partial class A { [Network(Inputs = 4, BatchSize = 1), Dense(2)] private protected partial class N : INetwork<N>; }")]
    [InlineData("class.event.record", "namespace @class; partial class @event { [Network(Inputs = 4, BatchSize = 1), Dense(2)] internal sealed partial class @record : INetwork<@record>; }")]
    [InlineData("dynamic.notnull.nint", "namespace @dynamic; partial class @notnull { [Network(Inputs = 4, BatchSize = 1), Dense(2)] internal sealed partial class @nint : INetwork<@nint>; }")]
    [InlineData("N", "[Network(Inputs = 4, BatchSize = 1), Dense(2)] sealed partial class N : CompiledNetwork, INetwork<N>;")]
    [InlineData("N", "[Network(Inputs = 4, BatchSize = 1), Dense(2)] sealed partial class N : INetwork<N> { public N() : this(7) { } public int Steps { get; set; } }")]
    [InlineData("N", "sealed partial class N { int Other => 1; } [Network(Inputs = 4, BatchSize = 1), Dense(2)] partial class N : INetwork<N>;")]
    [InlineData("N", "[NetworkAttribute(BatchSize = 1, Inputs = Sizes.Inputs), DenseAttribute(units: Sizes.Inputs / 2)] sealed partial class N : INetwork<N>; static class Sizes { public const int Inputs = 1 << 2; }")]
    [InlineData("N", "[Network(Inputs = 4, Loss = Loss.MeanSquaredError), Dense(2, Activation.LeakyRelu, Slope = 0.2f, Initialization = Initialization.He, Repeat = 20)] sealed partial class N : INetwork<N>;")]
    [InlineData("N", """
        global using Vector512 = System.Numerics.Vector3;
        using Whittle;
        class Unsafe; class MemoryMarshal; class Vector128; class Vector256; class MathF; class LayerPass; class IUpdateRule; class InstructionSets;
        [Network(Inputs = 400, BatchSize = 20), Dense(20, Activation.Tanh), Dense(2)] sealed partial class N : INetwork<N>;
        """)]
    [InlineData("Loss.Activation", "namespace Loss; class Kernel; class KernelPlan; class InstructionSet; class System; class Whittle; [Network(Inputs = 4, BatchSize = 1), Dense(2)] sealed partial class Activation : INetwork<Activation>;")]
    public void Compiles_without_a_warning(string name, string source)
    {
        var run = GeneratorRun.Of(source.StartsWith("global", StringComparison.Ordinal) ? source : "using Whittle;\n" + source).AssertCompiles();
        Assert.DoesNotContain(run.Analyze(), diagnostic => diagnostic.Severity != Microsoft.CodeAnalysis.DiagnosticSeverity.Info);
        Assert.Contains(name + ".g.cs", run.Files.Keys);
    }

    [Fact]
    public void Names_that_differ_in_case_only_get_files_of_their_own()
    {
        var run = GeneratorRun.Of("""
            using Whittle;
            [Network(Inputs = 4, BatchSize = 1), Dense(2)] sealed partial class Net : INetwork<Net>;
            [Network(Inputs = 4, BatchSize = 1), Dense(2)] sealed partial class NET : INetwork<NET>;
            """).AssertCompiles();
        Assert.Contains("1.NET.g.cs", run.Files.Keys);
        Assert.Contains("2.Net.g.cs", run.Files.Keys);
    }

    [Fact]
    public void The_order_of_the_layers_is_the_order_of_the_attributes()
    {
        var run = GeneratorRun.Of("""
            using Whittle;
            [Dense(5, Activation.Tanh), Dense(6, Activation.Sigmoid)]
            [Network(Inputs = 4, BatchSize = 1)]
            [Dense(7, Activation.Relu)]
            [Dense(2)]
            public sealed partial class N : INetwork<N>;
            """);
        var declaration = (NetworkDescription)run.Load().GetType("N")!.GetProperty("Declaration")!.GetValue(null)!;
        Assert.Equal([4, 5, 6, 7], declaration.Layers.Select(layer => layer.Inputs));
        Assert.Equal([5, 6, 7, 2], declaration.Layers.Select(layer => layer.Outputs));
        Assert.Equal(
            [Activation.Tanh, Activation.Sigmoid, Activation.Relu, Activation.Identity],
            declaration.Layers.Select(layer => layer.Activation));
    }

    [Fact]
    public void What_was_declared_is_what_the_network_says()
    {
        var run = GeneratorRun.Of("""
            using Whittle;
            namespace Models;
            [Network(Inputs = 4, BatchSize = 3, Loss = Loss.MeanSquaredError)]
            [Dense(5, Activation.LeakyRelu, Slope = 0.25f, Initialization = Initialization.Given, Repeat = 3)]
            [Dense(2, Activation.Tanh)]
            public sealed partial class N : INetwork<N>;
            """);
        var type = run.Load().GetType("Models.N")!;
        var declaration = (NetworkDescription)type.GetProperty("Declaration")!.GetValue(null)!;
        Assert.Equal(("Models.N", 4, 3, Loss.MeanSquaredError), (declaration.Name, declaration.Inputs, declaration.BatchSize, declaration.Loss));
        Assert.Equal((0, 3, 4), (declaration.RepeatedLayer, declaration.RepeatCount, declaration.Layers.Count));
        Assert.All(
            declaration.Layers.Take(3),
            layer => Assert.Equal((5, 0.25f, Initialization.Given), (layer.Outputs, layer.Slope, layer.Initialization)));
        Assert.Equal(declaration.Layers[1].Kernel, declaration.Layers[2].Kernel);
        using var network = (IDisposable)type.GetMethod("Create")!.Invoke(null, [1ul, 2])!;
        Assert.Equal(3, ((CompiledNetwork)network).Architecture.Layers.Count);
    }

    [Fact]
    public void The_sampling_that_was_declared_is_what_the_layers_say()
    {
        var run = GeneratorRun.Of("""
            using Whittle;
            [Network(Inputs = 100, BatchSize = 3)]
            [InputSampled(60, Activation.Relu)]
            [NodeSampled(60, Activation.LeakyRelu, Slope = 0.2, Residual = 0.4, Repeat = 2)]
            [Dense(60, Activation.Tanh, Residual = 0.5f)]
            [NodeSampled(60, Selector = NodeSelector.Adaptive, Alpha = 0.5, Beta = 1, Scaling = NodeScaling.InverseProbability)]
            [NodeSampled(1000, Activation.Relu, Selector = NodeSelector.TopK, Share = 0.1, Inference = NodeInference.ExactUnscaled)]
            [NodeSampled(60, Selector = NodeSelector.LowRank, Rank = 8, Refresh = 500)]
            [NodeSampled(1000, Activation.Relu, Selector = NodeSelector.Lsh)]
            [NodeSampled(1000, Activation.Relu, Selector = NodeSelector.Lsh, Share = 0.05, Bits = 0, Tables = 0, Family = HashFamily.Dwta, Query = BucketQuery.Count,
                Policy = BucketPolicy.Fifo, Rehash = RehashPolicy.WhenMoved, RehashMovedShare = 0.2, BackgroundRehash = true)]
            [NodeSampled(500, Activation.Relu, Selector = NodeSelector.Lsh, Bits = 4, Tables = 9, Query = BucketQuery.All, Scaling = NodeScaling.InverseProbability,
                Inference = NodeInference.Exact, Rehash = RehashPolicy.Exponential, RehashGrowth = 0.1)]
            [InputSampled(100, Activation.Sigmoid, Estimator = InputEstimator.Bernoulli, Share = 0.3f, Products = SampledProducts.Both, Reuse = 5, VarianceBudget = 0.01)]
            [NodeSampled(20, Sharing = NodeSharing.Batch)]
            public sealed partial class N : INetwork<N>;
            """).AssertCompiles();
        var layers = ((NetworkDescription)run.Load().GetType("N")!.GetProperty("Declaration")!.GetValue(null)!).Layers;
        Assert.Equal([0, 0.4f, 0.4f, 0.5f, 0, 0, 0, 0, 0, 0, 0, 0], layers.Select(layer => layer.Residual));
        Assert.Equal(
            [
                null,
                new NodeSampling(NodeSelector.Uniform),
                new NodeSampling(NodeSelector.Uniform),
                null,
                new NodeSampling(NodeSelector.Adaptive, 1, NodeScaling.InverseProbability, Alpha: 0.5f, Beta: 1),
                new NodeSampling(NodeSelector.TopK, 0.1f, Inference: NodeInference.ExactUnscaled),
                new NodeSampling(NodeSelector.LowRank, Inference: NodeInference.Sampled, Rank: 8, Refresh: 500),
                new NodeSampling(NodeSelector.Lsh, Inference: NodeInference.Sampled, BucketSize: 64, RehashInterval: 100),
                new NodeSampling(
                    NodeSelector.Lsh, Inference: NodeInference.Sampled, Family: HashFamily.Dwta, Bits: 8, Tables: 13, Query: BucketQuery.Count, Policy: BucketPolicy.Fifo,
                    BucketSize: 16, Rehash: RehashPolicy.WhenMoved, RehashInterval: 500, RehashMovedShare: 0.2f, BackgroundRehash: true),
                new NodeSampling(
                    NodeSelector.Lsh, 1, NodeScaling.InverseProbability, Bits: 4, Tables: 9, Query: BucketQuery.All, BucketSize: 500,
                    Rehash: RehashPolicy.Exponential, RehashInterval: 1000, RehashGrowth: 0.1f),
                null,
                new NodeSampling(NodeSelector.Uniform, Sharing: NodeSharing.Batch),
            ],
            layers.Select(layer => layer.NodeSampling));
        Assert.Equal(
            [new InputSampling(), new InputSampling(InputEstimator.Bernoulli, 0.3f, SampledProducts.Both, 5, 0.01f)],
            layers.Select(layer => layer.InputSampling).OfType<InputSampling>());
        Assert.Equal(2, layers.Count(layer => layer.InputSampling is not null));
        Assert.Contains(
            "//   node-sampled layer of 60 units, LeakyRelu, residual 0.4, up to 2 times: Selector Uniform, Share 0.05, Scaling None, Inference Exact, Sharing Sample\n", run.Files["N.g.cs"]);
    }

    [Theory]
    [InlineData("true", false)]
    [InlineData("True", false)]
    [InlineData("false", true)]
    [InlineData("", true)]
    public void The_build_switch_turns_the_generator_off(string value, bool generates)
    {
        var run = GeneratorRun.Of(
            new NetworkGenerator(),
            LanguageVersion.Latest,
            [("build_property.DisableWhittleSourceGenerator", value)],
            "using Whittle; [Network(Inputs = 4, BatchSize = 1), Dense(2)] sealed partial class N : INetwork<N>;");
        Assert.Equal(generates, run.Files.Count > 0);
    }

    [Fact]
    public void Without_the_generator_a_network_does_not_compile()
    {
        var run = GeneratorRun.Of(
            new NetworkGenerator(),
            LanguageVersion.Latest,
            [("build_property.DisableWhittleSourceGenerator", "true")],
            "using Whittle; [Network(Inputs = 4, BatchSize = 1), Dense(2)] sealed partial class N : INetwork<N>;");
        Assert.Contains(run.CompilerDiagnostics(), diagnostic => diagnostic.Id == "CS0535");
    }
}
