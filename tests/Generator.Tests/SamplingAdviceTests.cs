using System.Globalization;
using Microsoft.CodeAnalysis;
using Whittle.Generator.Tests.Compilation;

namespace Whittle.Generator.Tests;

public sealed class SamplingAdviceTests
{
    private const string Lost = "WHT0030";
    private const string Costly = "WHT0031";
    private const string Large = "WHT0032";
    private const string Cache = "build_property.WhittleCacheKilobytes";

    [Theory]

    // c = 0.05 / 0.95: ((c + 1) / c) is 20.
    [InlineData("NodeSampled(1000, Activation.Relu, Inference = NodeInference.ExactUnscaled)", "layers (1)", "off by 19.0 times")]
    [InlineData("NodeSampled(1000, Activation.Relu, Inference = NodeInference.ExactUnscaled, Repeat = 3)", "layers (3)", "off by 7,999 times")]
    [InlineData("NodeSampled(1000, Activation.Relu, Share = 0.5, Sharing = NodeSharing.Batch, Inference = NodeInference.ExactUnscaled, Repeat = 2)", "layers (2)", "off by 3.0 times")]

    // Six bits in five tables find 1 - (1 - 1/64)^5 = 7.57 % of unrelated nodes.
    [InlineData("NodeSampled(1000, Activation.Relu, Selector = NodeSelector.Lsh, Query = BucketQuery.All, Inference = NodeInference.ExactUnscaled)", "layers (1)", "off by 12.21 times")]

    // The published example: c = 5 loses 1.07 in four layers.
    [InlineData("NodeSampled(1000, Activation.Relu, Inference = NodeInference.ExactUnscaled, CapturedRatio = 5, Repeat = 4)", "layers (4)", "off by 1.07 times")]
    [InlineData("NodeSampled(1000, Activation.Relu, Selector = NodeSelector.TopK, Inference = NodeInference.ExactUnscaled, CapturedRatio = 1, Repeat = 2)", "layers (2)", "off by 3.0 times")]
    public void A_signal_that_gets_lost_is_told_with_the_error(string layer, params string[] parts) => AssertWarns(Lost, layer, parts);

    [Theory]
    [InlineData("NodeSampled(1000, Activation.Relu, Inference = NodeInference.ExactUnscaled, CapturedRatio = 5, Repeat = 3)")]
    [InlineData("NodeSampled(1000, Activation.Relu, Share = 0.5, Sharing = NodeSharing.Batch, Inference = NodeInference.ExactUnscaled)")]
    [InlineData("NodeSampled(1000, Activation.Relu, Inference = NodeInference.Sampled, Repeat = 7)")]
    [InlineData("NodeSampled(1000, Activation.Relu, Selector = NodeSelector.TopK, Inference = NodeInference.ExactUnscaled, Repeat = 7)")]
    [InlineData("NodeSampled(1000, Activation.Relu, Selector = NodeSelector.Adaptive, Inference = NodeInference.ExactUnscaled, Repeat = 7)")]
    [InlineData("NodeSampled(1000, Activation.Relu, Scaling = NodeScaling.InverseProbability, Inference = NodeInference.ExactUnscaled, Repeat = 7)")]
    [InlineData("NodeSampled(1000, Activation.Relu, Share = 1, Sharing = NodeSharing.Batch, Inference = NodeInference.ExactUnscaled, Repeat = 7)")]
    [InlineData("NodeSampled(784, Activation.Relu, Inference = NodeInference.ExactUnscaled, Residual = 0.4, Repeat = 7)")]
    [InlineData("InputSampled(1000, Activation.Relu, Repeat = 7)")]
    [InlineData("Dense(1000, Activation.Relu, Repeat = 7)")]
    public void A_signal_that_stays_is_no_matter(string layer) => Assert.DoesNotContain(Lost, Ids(Run(layer)));

    [Theory]

    // First layer, per sample: (8 x 0.5 + 1) W against 2 W; with Repeat 9 W against 3 W; every z in tiles 1 + 4 + 1.
    [InlineData("NodeSampled(1000, Activation.Relu, Share = 0.5)", "784x1000", "2.5 times", "batch of 20")]
    [InlineData("NodeSampled(1000, Activation.Relu, Share = 0.5, Repeat = 2)", "1000x1000", "3.0 times")]
    [InlineData("NodeSampled(1000, Activation.Relu, Selector = NodeSelector.Adaptive, Repeat = 2)", "1000x1000", "2.0 times")]
    [InlineData("NodeSampled(1000, Activation.Relu, Share = 1, Sharing = NodeSharing.Batch)", "1.0 times")]
    [InlineData("NodeSampled(1000, Activation.Relu, Selector = NodeSelector.Lsh, Bits = 16, Tables = 256)", "784x1000")]
    public void Sampling_that_does_not_pay_is_told_with_the_ratio(string layer, params string[] parts) => AssertWarns(Costly, layer, parts);

    [Theory]
    [InlineData("NodeSampled(1000, Activation.Relu)")]
    [InlineData("NodeSampled(1000, Activation.Relu, Share = 0.5, Sharing = NodeSharing.Batch)")]
    [InlineData("NodeSampled(1000, Activation.Relu, Selector = NodeSelector.LowRank, Share = 0.1, Repeat = 3)")]
    [InlineData("NodeSampled(1000, Activation.Relu, Selector = NodeSelector.TopK, Share = 0.1, Repeat = 3)")]
    [InlineData("NodeSampled(1000, Activation.Relu, Selector = NodeSelector.Lsh, Query = BucketQuery.All)")]
    [InlineData("InputSampled(1000, Activation.Relu, Products = SampledProducts.WeightGradient, Estimator = InputEstimator.WtaCrs, Share = 0.3)")]
    [InlineData("Dense(1000, Activation.Relu)")]
    public void Sampling_that_pays_is_no_matter(string layer) => Assert.DoesNotContain(Costly, Ids(Run(layer)));

    [Fact]
    public void What_pays_depends_on_the_batch()
    {
        const string Layer = "NodeSampled(1000, Activation.Relu, Share = 0.5, Repeat = 2)";
        Assert.DoesNotContain(Costly, Ids(Run(Layer, batch: 1)));
        Assert.Contains(Costly, Ids(Run(Layer, batch: 20)));

        // One row has nothing to leave out of the weight gradient.
        const string Weight = "InputSampled(1000, Activation.Relu, Products = SampledProducts.WeightGradient, Share = 0.3)";
        Assert.Contains(Costly, Ids(Run(Weight, batch: 1)));
        Assert.DoesNotContain(Costly, Ids(Run(Weight, batch: 20)));
    }

    [Fact]
    public void Tables_are_held_against_the_cache_that_the_project_states()
    {
        // 4 x (5 x 64 x (64 + 1) + 5 x 1000) bytes are 101 KB, rounded up to 101.
        const string Layer = "NodeSampled(1000, Activation.Relu, Selector = NodeSelector.Lsh, Bits = 6, Tables = [|5|])";
        Assert.DoesNotContain(Large, Ids(Run(Layer)));
        Assert.DoesNotContain(Large, Ids(Run(Layer, cache: "101")));
        var warning = Assert.Single(Run(Layer, cache: "100"), diagnostic => diagnostic.Id == Large);
        var message = warning.GetMessage(CultureInfo.InvariantCulture);
        Assert.Contains("take 101 KB (5 tables of 64 buckets", message, StringComparison.Ordinal);
        Assert.Contains("a cache of 100 KB", message, StringComparison.Ordinal);
        Assert.Equal("5", warning.Location.SourceTree!.ToString().Substring(warning.Location.SourceSpan.Start, warning.Location.SourceSpan.Length));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("2 MB")]
    [InlineData("1e3")]
    public void A_cache_that_is_no_size_is_told_once(string cache)
    {
        var warning = Assert.Single(Run("Dense(20, Activation.Relu)", cache: cache), diagnostic => diagnostic.Id == "WHT0033");
        Assert.Contains($"'{cache}'", warning.GetMessage(CultureInfo.InvariantCulture), StringComparison.Ordinal);
        Assert.DoesNotContain("WHT0033", Ids(Run("Dense(20, Activation.Relu)", cache: "")));
    }

    [Theory]
    [InlineData(Lost)]
    [InlineData(Costly)]
    public void Each_advice_can_be_suppressed_by_itself(string id)
    {
        const string Layer = "NodeSampled(1000, Activation.Relu, Share = 0.5, Inference = NodeInference.ExactUnscaled, Repeat = 2)";
        Assert.Equal([Lost, Costly], Ids(Run(Layer)).Order(StringComparer.Ordinal));
        Assert.DoesNotContain(id, Ids(Run(Layer, before: $"#pragma warning disable {id}\n")));
        Assert.Single(Ids(Run(Layer, before: $"#pragma warning disable {id}\n")));
    }

    [Fact]
    public void A_captured_ratio_without_unscaled_inference_or_out_of_range_is_refused()
    {
        Assert.Contains("WHT0021", Ids(Run("NodeSampled(1000, Activation.Relu, CapturedRatio = 5)")));
        Assert.Contains("WHT0022", Ids(Run("NodeSampled(1000, Activation.Relu, CapturedRatio = -1, Inference = NodeInference.ExactUnscaled)")));
    }

    private static void AssertWarns(string id, string layer, string[] parts)
    {
        var warning = Assert.Single(Run($"[|{layer}|]"), diagnostic => diagnostic.Id == id);
        Assert.Equal(DiagnosticSeverity.Warning, warning.Severity);
        Assert.All(parts, part => Assert.Contains(part, warning.GetMessage(CultureInfo.InvariantCulture), StringComparison.Ordinal));
        Assert.Equal(layer, warning.Location.SourceTree!.ToString().Substring(warning.Location.SourceSpan.Start, warning.Location.SourceSpan.Length));
    }

    private static IEnumerable<string> Ids(IEnumerable<Diagnostic> diagnostics) =>
        diagnostics.Where(diagnostic => diagnostic.Severity > DiagnosticSeverity.Info).Select(diagnostic => diagnostic.Id).Distinct();

    private static IReadOnlyList<Diagnostic> Run(string layer, int batch = 20, string? cache = null, string before = "")
    {
        var text = MarkedSource.Parse($"{before}using Whittle;\n[Network(Inputs = 784, BatchSize = {batch})]\n[{layer}]\n[Dense(10)]\nsealed partial class N : INetwork<N>;").Text;
        return GeneratorRun.Of(text).Analyze(cache is null ? [] : [(Cache, cache)]);
    }
}
