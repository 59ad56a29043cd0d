using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Whittle.Generator.Tests.Compilation;

namespace Whittle.Generator.Tests;

public sealed class DiagnosticTests
{
    [Theory]
    [InlineData("[Network(Inputs = 4), Dense(2)] class [|N|] : INetwork<N>;")]
    [InlineData("[Network(Inputs = 4)] [Dense(2)] public sealed class [|N|] : INetwork<N>;")]
    public void WHT0001_a_class_that_is_not_partial(string source) => Refuses("WHT0001", source);

    [Theory]
    [InlineData("class [|Outer|] { [Network(Inputs = 4), Dense(2)] partial class N : INetwork<N>; }")]
    [InlineData("partial class A { struct [|B|] { partial interface C { [Network(Inputs = 4), Dense(2)] partial class N : INetwork<N>; } } }")]
    public void WHT0002_a_type_around_it_that_is_not_partial(string source) => Refuses("WHT0002", source);

    [Theory]
    [InlineData("[Network(Inputs = 4), Dense(2)] partial record [|N|] : INetwork<N>;")]
    [InlineData("[Network(Inputs = 4), Dense(2)] partial struct [|N|];")]
    [InlineData("[Network(Inputs = 4), Dense(2)] partial interface [|N|];")]
    [InlineData("[Network(Inputs = 4), Dense(2)] static partial class [|N|];")]
    [InlineData("[Network(Inputs = 4), Dense(2)] abstract partial class [|N|] : INetwork<N>;")]
    [InlineData("[Network(Inputs = 4), Dense(2)] partial class [|N|]<T> : INetwork<N<T>>;")]
    [InlineData("partial class Outer<T> { [Network(Inputs = 4), Dense(2)] partial class [|N|] : INetwork<N>; }")]
    [InlineData("[Network(Inputs = 4), Dense(2)] file partial class [|N|] : INetwork<N>;")]
    [InlineData("file partial class Outer { [Network(Inputs = 4), Dense(2)] internal partial class [|N|] : INetwork<N>; }")]
    [InlineData("[Network(Inputs = 4), Dense(2)] partial class [|N|] : INetwork<N> { public required int Seed { get; set; } }")]
    public void WHT0003_a_type_that_cannot_be_a_network(string source) => Refuses("WHT0003", source);

    [Theory]
    [InlineData("[Network(Inputs = 4), Dense(2)] partial class [|N|];")]
    [InlineData("[Network(Inputs = 4), Dense(2)] partial class M : INetwork<M>; [Network(Inputs = 4), Dense(2)] partial class [|N|] : INetwork<M>;")]
    public void WHT0004_a_class_that_does_not_implement_the_interface_of_itself(string source) => Refuses("WHT0004", source, othersCompile: true);

    [Fact]
    public void WHT0005_a_class_with_another_base() =>
        Refuses("WHT0005", "class Other; [Network(Inputs = 4), Dense(2)] partial class [|N|] : Other, INetwork<N>;");

    [Theory]
    [InlineData("[Network(Inputs = 4), Dense(2)] partial class N : INetwork<N> { public [|N|](ulong first) : base(null!, first, 0) { } }")]
    [InlineData("[Network(Inputs = 4), Dense(2, Repeat = 3)] partial class N : INetwork<N> { [|N|](ulong a, int b) : base(null!, a, b) { } }")]
    [InlineData("[Network(Inputs = 4), Dense(2)] partial class [|N|](int size) : INetwork<N> { public int Size => size; }")]
    [InlineData("[Network(Inputs = 4), Dense(2)] partial class N : INetwork<N>; partial class [|N|]();")]
    public void WHT0006_a_constructor_like_the_generated_one(string source) => Refuses("WHT0006", source);

    [Theory]
    [InlineData("[Network(Inputs = 4), Dense(2)] partial class N : INetwork<N> { public int [|Forward|] => 1; }")]
    [InlineData("[Network(Inputs = 4), Dense(2)] partial class N : INetwork<N> { public int [|InputGradientSingle|] => 1; }")]
    [InlineData("[Network(Inputs = 4), Dense(2)] partial class N : INetwork<N> { public int [|IsFused|] => 1; }")]
    [InlineData("[Network(Inputs = 4), Dense(2)] partial class N : INetwork<N> { public int [|BackwardFused|] => 1; }")]
    [InlineData("[Network(Inputs = 4), Dense(2)] partial class N : INetwork<N> { public int [|WeightGradientSparse|] => 1; }")]
    [InlineData("[Network(Inputs = 4), Dense(2)] partial class N : INetwork<N> { void [|Load|]() { } }")]
    [InlineData("[Network(Inputs = 4), Dense(2)] partial class N : INetwork<N> { class [|Kernels|]; }")]
    [InlineData("[Network(Inputs = 4), Dense(2)] partial class N : INetwork<N>; partial class N { int Other = 1, [|Create|] = 2; }")]
    [InlineData("[Network(Inputs = 4), Dense(2)] partial class [|Declaration|] : INetwork<Declaration>;")]
    public void WHT0007_a_member_named_like_a_generated_one(string source) => Refuses("WHT0007", source);

    [Fact]
    public void WHT0008_a_network_without_layers() => Refuses("WHT0008", "[[|Network(Inputs = 4)|]] partial class N : INetwork<N>;");

    [Theory]
    [InlineData("[[|Dense(2)|], Dense(3)] partial class N;")]
    [InlineData("[[|Dense(2)|]] class N;")]
    [InlineData("[[|NodeSampled(32)|], Dense(3)] partial class N;")]
    [InlineData("[[|InputSampled(32)|]] partial class N;")]
    public void WHT0009_layers_without_a_network(string source) => Refuses("WHT0009", source);

    [Theory]
    [InlineData("[Network(Inputs = 4), Dense(3)] partial class N : INetwork<N>; [[|Dense(2)|]] partial class N;")]
    [InlineData("[[|Dense(3)|]] partial class N; [Network(Inputs = 4)] partial class N : INetwork<N>;")]
    public void WHT0010_layers_on_two_declarations(string source) => Refuses("WHT0010", source);

    [Theory]
    [InlineData("[Network(Inputs = [|0|]), Dense(2)] partial class N : INetwork<N>;")]
    [InlineData("[Network(Inputs = [|-5|]), Dense(2)] partial class N : INetwork<N>;")]
    [InlineData("[Network(Inputs = [|1048577|]), Dense(2)] partial class N : INetwork<N>;")]
    [InlineData("[Network(Inputs = 4, BatchSize = [|0|]), Dense(2)] partial class N : INetwork<N>;")]
    [InlineData("[Network(Inputs = 4, BatchSize = [|16_385|]), Dense(2)] partial class N : INetwork<N>;")]
    [InlineData("[Network(Inputs = 4), Dense([|0|])] partial class N : INetwork<N>;")]
    [InlineData("[Network(Inputs = 4), Dense([|int.MaxValue|])] partial class N : INetwork<N>;")]
    [InlineData("[Network(Inputs = 4), Dense(activation: Activation.Relu, units: [|16385|]), Dense(2)] partial class N : INetwork<N>;")]
    [InlineData("[Network(Inputs = 4), Dense(2, Repeat = [|0|])] partial class N : INetwork<N>;")]
    [InlineData("[Network(Inputs = 4), Dense(2, Repeat = [|21|])] partial class N : INetwork<N>;")]
    [InlineData("[Network(Inputs = 40), NodeSampled([|16385|]), Dense(2)] partial class N : INetwork<N>;")]
    [InlineData("[Network(Inputs = 40), NodeSampled(32, Selector = NodeSelector.Lsh, Bits = [|0|]), Dense(2)] partial class N : INetwork<N>;")]
    [InlineData("[Network(Inputs = 40), NodeSampled(32, Selector = NodeSelector.Lsh, Bits = [|21|]), Dense(2)] partial class N : INetwork<N>;")]
    [InlineData("[Network(Inputs = 40), NodeSampled(32, Selector = NodeSelector.Lsh, Tables = [|257|]), Dense(2)] partial class N : INetwork<N>;")]
    [InlineData("[Network(Inputs = 40), NodeSampled(32, Selector = NodeSelector.Lsh, Bits = 5, Tables = [|0|]), Dense(2)] partial class N : INetwork<N>;")]
    [InlineData("[Network(Inputs = 40), NodeSampled(32, Selector = NodeSelector.Lsh, BucketSize = [|33|], RehashInterval = [|-1|]), Dense(2)] partial class N : INetwork<N>;")]
    [InlineData("[Network(Inputs = 40), NodeSampled(32, Selector = NodeSelector.Lsh, RehashPhase = [|0|], RehashLateInterval = [|0|]), Dense(2)] partial class N : INetwork<N>;")]
    [InlineData("[Network(Inputs = 40), NodeSampled(32, Selector = NodeSelector.LowRank, Rank = [|0|], Refresh = [|0|]), Dense(2)] partial class N : INetwork<N>;")]
    [InlineData("[Network(Inputs = 40), NodeSampled(32, Selector = NodeSelector.LowRank, Rank = [|257|]), Dense(2)] partial class N : INetwork<N>;")]
    [InlineData("[Network(Inputs = 40), InputSampled(32, Reuse = [|0|]), Dense(2)] partial class N : INetwork<N>;")]
    public void WHT0011_a_size_out_of_range(string source) => Refuses("WHT0011", source);

    [Theory]
    [InlineData("[[|Network(Inputs = 4)|], Dense(3, Repeat = 20), Dense(2)] partial class N : INetwork<N>;")]
    [InlineData("""
        [[|Network(Inputs = 4)|]]
        [Dense(1), Dense(1), Dense(1), Dense(1), Dense(1), Dense(1), Dense(1)]
        [Dense(1), Dense(1), Dense(1), Dense(1), Dense(1), Dense(1), Dense(1)]
        [Dense(1), Dense(1), Dense(1), Dense(1), Dense(1), Dense(1), Dense(1)]
        partial class N : INetwork<N>;
        """)]
    public void WHT0012_too_many_layers(string source) => Refuses("WHT0012", source);

    [Fact]
    public void WHT0013_a_second_layer_that_repeats() =>
        Refuses("WHT0013", "[Network(Inputs = 4), Dense(2, Repeat = 2), Dense(3), Dense(2, Repeat = [|3|])] partial class N : INetwork<N>;");

    [Theory]
    [InlineData("[Network(Inputs = 4), Dense(3, [|(Activation)42|]), Dense(2)] partial class N : INetwork<N>;")]
    [InlineData("[Network(Inputs = 4), Dense(3, activation: [|(Activation)(-1)|])] partial class N : INetwork<N>;")]
    [InlineData("[Network(Inputs = 4), Dense(2, Initialization = [|(Initialization)9|])] partial class N : INetwork<N>;")]
    [InlineData("[Network(Inputs = 4, Loss = [|(Loss)9|]), Dense(2)] partial class N : INetwork<N>;")]
    [InlineData("[Network(Inputs = 40), NodeSampled(32, Selector = [|(NodeSelector)9|], Scaling = [|(NodeScaling)9|], Inference = [|(NodeInference)9|]), Dense(2)] partial class N : INetwork<N>;")]
    [InlineData("[Network(Inputs = 40), InputSampled(32, Estimator = [|(InputEstimator)9|], Products = [|(SampledProducts)0|]), Dense(2)] partial class N : INetwork<N>;")]
    public void WHT0014_a_value_that_is_not_defined(string source) => Refuses("WHT0014", source);

    [Theory]
    [InlineData("0f")]
    [InlineData("1f")]
    [InlineData("-0.1f")]
    [InlineData("float.NaN")]
    [InlineData("float.PositiveInfinity")]
    public void WHT0015_a_slope_out_of_range(string slope) => Refuses(
        "WHT0015", $"[Network(Inputs = 4), Dense(3, Activation.LeakyRelu, Slope = [|{slope}|]), Dense(2)] partial class N : INetwork<N>;");

    [Theory]
    [InlineData("[Network(Inputs = 4), Dense(3, Activation.Relu, Slope = [|0.2f|]), Dense(2)] partial class N : INetwork<N>;")]
    [InlineData("[Network(Inputs = 4), Dense(2, Slope = [|0.01f|])] partial class N : INetwork<N>;")]
    public void WHT0016_a_slope_without_leaky_relu(string source) => Refuses("WHT0016", source);

    [Theory]
    [InlineData("[Network(Inputs = 4), Dense(2, [|Activation.Relu|])] partial class N : INetwork<N>;")]
    [InlineData("[Network(Inputs = 4, Loss = Loss.BinaryCrossEntropy), Dense(2, [|Activation.Sigmoid|])] partial class N : INetwork<N>;")]
    public void WHT0017_a_loss_that_needs_logits(string source) => Refuses("WHT0017", source);

    [Fact]
    public void WHT0018_an_old_language_version()
    {
        var marked = MarkedSource.Parse("using Whittle;\n[Network(Inputs = 4), Dense(2)] sealed partial class [|N|] : INetwork<N> { }");
        var run = GeneratorRun.Of(new NetworkGenerator(), LanguageVersion.CSharp11, [], marked.Text);
        AssertReports(run, "WHT0018", marked);
        Assert.Empty(run.Files);
    }

    [Fact]
    public void WHT0020_tells_which_layers_loop_and_does_not_stop_the_build()
    {
        var marked = MarkedSource.Parse("""
            using Whittle;
            [Network(Inputs = 16)]
            [Dense(4, Activation.Relu)]
            [[|Dense(17, Activation.Relu)|]]
            [Dense(3, Activation.Relu)]
            [[|Dense(20, Activation.Relu, Repeat = 2)|]]
            [Dense(2)]
            sealed partial class N : INetwork<N>;
            """);
        var run = GeneratorRun.Of(marked.Text).AssertCompiles();
        AssertReports(run, "WHT0020", marked);
        Assert.All(run.Analyze(), diagnostic => Assert.Equal(DiagnosticSeverity.Info, diagnostic.Severity));
        Assert.NotEmpty(run.Files);
    }

    [Theory]
    [InlineData("NodeSampled(32, Bits = [|6|]), Dense(2)")]
    [InlineData("NodeSampled(32, Rank = [|4|], Rehash = [|RehashPolicy.Exponential|], RehashGrowth = [|0.1|]), Dense(2)")]
    [InlineData("NodeSampled(32, Selector = NodeSelector.Lsh, Alpha = [|1|]), Dense(2)")]
    [InlineData("NodeSampled(32, Selector = NodeSelector.Adaptive, Share = [|0.5|]), Dense(2)")]
    [InlineData("NodeSampled(32, Selector = NodeSelector.Lsh, Query = BucketQuery.All, Share = [|0.5|]), Dense(2)")]
    [InlineData("NodeSampled(32, Selector = NodeSelector.Lsh, RehashMovedShare = [|0.5|]), Dense(2)")]
    [InlineData("NodeSampled(32, Selector = NodeSelector.Lsh, Rehash = RehashPolicy.Every, RehashPhase = [|50|]), Dense(2)")]
    [InlineData("NodeSampled(32, Selector = NodeSelector.TopK, BackgroundRehash = [|false|]), Dense(2)")]
    [InlineData("InputSampled(32, VarianceBudget = [|0.1|]), Dense(2)")]
    [InlineData("InputSampled(32, VarianceBudget = [|0.1|], Estimator = InputEstimator.Uniform, Reuse = 9), Dense(2)")]
    public void WHT0021_a_setting_without_effect(string layers) =>
        Refuses("WHT0021", $"[Network(Inputs = 40), {layers}] partial class N : INetwork<N>;");

    [Theory]
    [InlineData("NodeSampled(32, Share = [|0|]), Dense(2)")]
    [InlineData("NodeSampled(32, Share = [|1.01|]), Dense(2)")]
    [InlineData("NodeSampled(32, Share = [|double.NaN|]), Dense(2)")]
    [InlineData("NodeSampled(32, Share = [|1e-60|]), Dense(2)")]
    [InlineData("InputSampled(32, Share = [|-0.1|]), Dense(2)")]
    [InlineData("NodeSampled(32, Selector = NodeSelector.Adaptive, Alpha = [|double.PositiveInfinity|], Beta = [|1e300|]), Dense(2)")]
    [InlineData("NodeSampled(32, Selector = NodeSelector.Lsh, Rehash = RehashPolicy.Exponential, RehashGrowth = [|-1|]), Dense(2)")]
    [InlineData("NodeSampled(32, Selector = NodeSelector.Lsh, Rehash = RehashPolicy.WhenMoved, RehashMovedShare = [|2|]), Dense(2)")]
    [InlineData("Dense(40, Residual = [|-0.4|]), Dense(2)")]
    [InlineData("NodeSampled(40, Residual = [|float.NaN|]), Dense(2)")]
    [InlineData("InputSampled(40, Residual = [|1 / 0.0|]), Dense(2)")]
    [InlineData("InputSampled(32, Reuse = 9, VarianceBudget = [|-1|]), Dense(2)")]
    [InlineData("NodeSampled(64, Selector = NodeSelector.LowRank, Rank = [|40|]), Dense(2)")]
    [InlineData("Dense(32), [|NodeSampled(16, Selector = NodeSelector.LowRank, Repeat = 2)|], Dense(2)")]
    public void WHT0022_a_setting_out_of_range(string layers) =>
        Refuses("WHT0022", $"[Network(Inputs = 40), {layers}] partial class N : INetwork<N>;");

    [Theory]
    [InlineData("NodeSampled([|15|]), Dense(2)")]
    [InlineData("NodeSampled([|10|])")]
    [InlineData("Dense(8), [|InputSampled(32)|], Dense(2)")]
    [InlineData("Dense(32), [|InputSampled(10)|]")]
    [InlineData("[|InputSampled(8, Repeat = 2)|], Dense(2)")]
    [InlineData("[|InputSampled(8, Products = SampledProducts.Forward, Repeat = 2)|], Dense(2)")]
    public void WHT0023_a_layer_too_narrow_to_sample(string layers) =>
        Refuses("WHT0023", $"[Network(Inputs = 40), {layers}] partial class N : INetwork<N>;");

    [Theory]
    [InlineData("InputSampled(32, Products = [|SampledProducts.InputGradient|]), Dense(2)")]
    [InlineData("InputSampled(2, Products = [|SampledProducts.InputGradient|])")]
    public void WHT0034_a_first_layer_that_samples_the_input_gradient_alone(string layers) =>
        Refuses("WHT0034", $"[Network(Inputs = 40), {layers}] partial class N : INetwork<N>;");

    [Theory]
    [InlineData("NodeSampled(64, Activation.Tanh, Scaling = [|NodeScaling.InverseProbability|]), Dense(2)")]
    [InlineData("NodeSampled(64, activation: Activation.Sigmoid, Scaling = [|NodeScaling.InverseProbability|]), Dense(2)")]
    [InlineData("NodeSampled(64, Selector = NodeSelector.TopK, Scaling = [|NodeScaling.InverseProbability|]), Dense(2)")]
    [InlineData("NodeSampled(64, Selector = NodeSelector.LowRank, Scaling = [|NodeScaling.InverseProbability|]), Dense(2)")]
    [InlineData("NodeSampled(64, Selector = NodeSelector.Lsh, Scaling = [|NodeScaling.InverseProbability|]), Dense(2)")]
    [InlineData("NodeSampled(64, Selector = NodeSelector.Lsh, Query = BucketQuery.Count, Scaling = [|NodeScaling.InverseProbability|]), Dense(2)")]
    [InlineData("NodeSampled(64, Selector = NodeSelector.Lsh, Query = BucketQuery.All, BucketSize = 63, Scaling = [|NodeScaling.InverseProbability|]), Dense(2)")]
    [InlineData("NodeSampled(64, Selector = NodeSelector.Lsh, Query = BucketQuery.All, Family = HashFamily.Dwta, Scaling = [|NodeScaling.InverseProbability|]), Dense(2)")]
    [InlineData("NodeSampled(64, Scaling = [|NodeScaling.InverseProbability|])")]
    public void WHT0024_scaling_that_is_not_possible(string layers) =>
        Refuses("WHT0024", $"[Network(Inputs = 40), {layers}] partial class N : INetwork<N>;");

    [Theory]
    [InlineData("NodeSampled(64, Selector = NodeSelector.TopK, Inference = [|NodeInference.Exact|]), Dense(2)")]
    [InlineData("NodeSampled(64, Selector = NodeSelector.LowRank, Inference = [|NodeInference.Exact|]), Dense(2)")]
    [InlineData("NodeSampled(64, Selector = NodeSelector.Lsh, Inference = [|NodeInference.Exact|]), Dense(2)")]
    public void WHT0025_exact_inference_without_a_factor(string layers) =>
        Refuses("WHT0025", $"[Network(Inputs = 40), {layers}] partial class N : INetwork<N>;");

    [Theory]
    [InlineData("Dense(41, Residual = [|0.4|]), Dense(2)")]
    [InlineData("Dense(40, Residual = [|0.4|])")]
    [InlineData("NodeSampled(64, Residual = [|0.4|], Repeat = 3), Dense(2)")]
    [InlineData("InputSampled(20, Residual = [|0.4|]), Dense(2)")]
    public void WHT0026_a_residual_connection_that_is_not_possible(string layers) =>
        Refuses("WHT0026", $"[Network(Inputs = 40), {layers}] partial class N : INetwork<N>;");

    [Fact]
    public void WHT0027_a_loss_that_needs_every_output() =>
        Refuses("WHT0027", "[Network(Inputs = 40, Loss = Loss.MeanSquaredError), Dense(32), [|NodeSampled(32)|]] partial class N : INetwork<N>;");

    [Theory]
    [InlineData("NodeSampled(64, Selector = NodeSelector.Lsh, Bits = [|20|], Tables = 256), Dense(2)")]
    [InlineData("NodeSampled(64, Selector = NodeSelector.Lsh, Bits = [|17|], Tables = 256, BucketSize = 64), Dense(2)")]
    [InlineData("NodeSampled(16384, Selector = NodeSelector.Lsh, Bits = [|15|], Query = BucketQuery.All, Scaling = NodeScaling.InverseProbability), Dense(2)")]
    public void WHT0028_hash_tables_that_are_too_large(string layers) =>
        Refuses("WHT0028", $"[Network(Inputs = 40), {layers}] partial class N : INetwork<N>;");

    [Theory]
    [InlineData("NodeSampled(64, Selector = NodeSelector.Adaptive, Sharing = [|NodeSharing.Batch|]), Dense(2)")]
    [InlineData("NodeSampled(64, Selector = NodeSelector.TopK, Sharing = [|NodeSharing.Batch|]), Dense(2)")]
    [InlineData("NodeSampled(64, Selector = NodeSelector.LowRank, Sharing = [|NodeSharing.Batch|]), Dense(2)")]
    [InlineData("NodeSampled(64, Selector = NodeSelector.Lsh, Sharing = [|NodeSharing.Batch|]), Dense(2)")]
    public void WHT0029_a_shared_set_that_is_not_possible(string layers) =>
        Refuses("WHT0029", $"[Network(Inputs = 40), {layers}] partial class N : INetwork<N>;");

    [Fact]
    public void WHT0099_a_fault_of_the_generator_is_told_in_one_line()
    {
        var generator = new NetworkGenerator(_ => throw new InvalidOperationException("first\r\nsecond"));
        var run = GeneratorRun.Of(generator, LanguageVersion.Latest, [], "using Whittle; namespace A; [Network(Inputs = 4), Dense(2)] sealed partial class N : INetwork<N>;");
        var diagnostic = Assert.Single(run.Result.Diagnostics);
        Assert.Equal("WHT0099", diagnostic.Id);
        Assert.Contains("'A.N' (InvalidOperationException: first second)", diagnostic.GetMessage());
        Assert.DoesNotContain("A.N.g.cs", run.Files.Keys);
    }

    [Fact]
    public void Cancellation_is_not_a_fault()
    {
        Assert.Throws<OperationCanceledException>(() => Model.Attempt<string>.At("N", () => throw new OperationCanceledException()));
    }

    [Fact]
    public void All_problems_of_a_declaration_are_told_at_once()
    {
        var run = GeneratorRun.Of("using Whittle; [Network(Inputs = 0, BatchSize = -1), Dense(0), Dense(2, Activation.Tanh, Slope = 0.5f)] class N;");
        Assert.Equal(
            ["WHT0001", "WHT0004", "WHT0011", "WHT0011", "WHT0011", "WHT0016", "WHT0017"],
            run.Analyze().Select(diagnostic => diagnostic.Id).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_problem_moves_with_its_declaration_and_goes_with_its_cause()
    {
        const string Source = "using Whittle;\n[Network(Inputs = 4), Dense(0)] sealed partial class N : INetwork<N>;";
        var run = GeneratorRun.Of(Source);
        var moved = run.After(0, "// A comment.\n" + Source);
        Assert.Equal(1, Line(run));
        Assert.Equal(2, Line(moved));
        Assert.Empty(moved.After(0, Source.Replace("Dense(0)", "Dense(1)", StringComparison.Ordinal)).AssertCompiles().Result.Diagnostics);

        static int Line(GeneratorRun run) => Assert.Single(run.Result.Diagnostics).Location.GetLineSpan().StartLinePosition.Line;
    }

    [Fact]
    public void Messages_are_one_line_in_plain_numbers()
    {
        var run = GeneratorRun.Of("using Whittle; [Network(Inputs = -4), Dense(2, Activation.LeakyRelu, Slope = -1.5f)] sealed partial class N : INetwork<N>;");
        Assert.Equal(
            [
                "Inputs is -4, but must be from 1 to 1048576",
                "Slope is -1.5, but must lie between 0 and 1, both excluded",
                "Loss.SoftmaxCrossEntropy applies its own softmax to the last layer's output, but that layer's activation is LeakyRelu; use Activation.Identity, or Loss.MeanSquaredError",
            ],
            run.Analyze().OrderBy(diagnostic => diagnostic.Id, StringComparer.Ordinal).Select(diagnostic => diagnostic.GetMessage(System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Fact]
    public void Messages_about_sampling_tell_what_to_do()
    {
        var run = GeneratorRun.Of("""
            using Whittle;
            [Network(Inputs = 40)]
            [NodeSampled(32, Bits = 6)]
            [NodeSampled(32, Selector = NodeSelector.Lsh, Query = BucketQuery.All, BucketSize = 8, Scaling = NodeScaling.InverseProbability)]
            [Dense(10, Residual = 0.5)]
            [InputSampled(32)]
            [Dense(2)]
            sealed partial class N : INetwork<N>;
            """);
        Assert.Equal(
            [
                "Bits has a meaning only for NodeSelector.Lsh, but Selector is Uniform; remove Bits or change Selector",
                "This layer samples products from 10 inputs, where sampling fewer than 16 saves nothing; use [Dense]",
                "NodeScaling.InverseProbability needs buckets that drop no node, with a BucketSize of 0 (automatic) or all 32 units, not 8; change that or use NodeScaling.None",
                "A residual connection needs as many units as inputs, but this layer has 10 and 32; remove Residual or change the layer",
            ],
            run.Analyze().OrderBy(diagnostic => diagnostic.Id, StringComparer.Ordinal).Select(diagnostic => diagnostic.GetMessage(System.Globalization.CultureInfo.InvariantCulture)));
    }

    private static void Refuses(string id, string source, bool othersCompile = false)
    {
        var marked = MarkedSource.Parse("using Whittle;\nnamespace Some.Where;\n" + source);
        var run = GeneratorRun.Of(marked.Text);
        AssertReports(run, id, marked);
        Assert.DoesNotContain("Some.Where.N.g.cs", run.Files.Keys);
        if (!othersCompile)
        {
            Assert.Empty(run.Files);
        }
    }

    private static void AssertReports(GeneratorRun run, string id, MarkedSource marked)
    {
        var diagnostics = run.Analyze()
            .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error || diagnostic.Id == id)
            .OrderBy(diagnostic => diagnostic.Location.SourceSpan.Start)
            .ToList();
        Assert.All(diagnostics, diagnostic => Assert.DoesNotContain('\n', diagnostic.GetMessage()));
        Assert.Equal(
            marked.Marks.Select(mark => $"{id} {mark}: {marked.Text.Substring(mark.Start, mark.Length)}"),
            diagnostics.Select(diagnostic => $"{diagnostic.Id} {diagnostic.Location.SourceSpan}: {marked.Text.Substring(diagnostic.Location.SourceSpan.Start, diagnostic.Location.SourceSpan.Length)}"));
        Assert.All(diagnostics, diagnostic => Assert.Equal(
            run.Input.SyntaxTrees[0].GetLineSpan(diagnostic.Location.SourceSpan), diagnostic.Location.GetLineSpan()));

        // A flawed network is no CompiledNetwork, which is the compiler's own error; after that it leaves analyzers out.
        Assert.All(diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error), diagnostic => Assert.Contains(diagnostic, run.Result.Diagnostics));
    }
}
