using Whittle.Examples.Evaluation.Networks;

namespace Whittle.Examples.Evaluation;

/// <summary>Every method of the evaluation, and the groups that the command line knows.</summary>
internal static class Methods
{
    // Sets of largest nodes are hard to leave once weights have grown around them: those methods begin with exact steps.

    /// <summary>What the published evaluation compares.</summary>
    private static readonly string[] Published = ["standard", "dropout-5", "adaptive-dropout", "alsh", "mc-10"];

    /// <summary>The published methods, better ones, and the controls: narrower and residual exact networks. For every shape of data.</summary>
    private static readonly Method[] Main =
    [
        new("standard", "every product exact, what is zero skipped", 1, 0, [MethodNetwork.Of<Standard784x10>(), MethodNetwork.Of<Standard784x26>(), MethodNetwork.Of<Standard1024x10>(), MethodNetwork.Of<Standard1024x5>(), MethodNetwork.Of<Standard3072x10>(), MethodNetwork.Of<Standard784x10000>()]),
        new("residual", "exact, residual connections a = x + 0.4 f(z)", 2, 0, [MethodNetwork.Of<Residual784x10>(), MethodNetwork.Of<Residual784x26>(), MethodNetwork.Of<Residual1024x10>(), MethodNetwork.Of<Residual1024x5>(), MethodNetwork.Of<Residual3072x10>()]),
        new("width-500", "exact, half as wide", 1, 0, [MethodNetwork.Of<Width500784x10>(), MethodNetwork.Of<Width500784x26>(), MethodNetwork.Of<Width5001024x10>(), MethodNetwork.Of<Width5001024x5>(), MethodNetwork.Of<Width5003072x10>(), MethodNetwork.Of<Width500784x10000>()]),
        new("width-250", "exact, a quarter as wide", 1, 0, [MethodNetwork.Of<Width250784x10>(), MethodNetwork.Of<Width250784x26>(), MethodNetwork.Of<Width2501024x10>(), MethodNetwork.Of<Width2501024x5>(), MethodNetwork.Of<Width2503072x10>()]),
        new("dropout-5", "dropout that keeps 5 % of the nodes, scaled by 1 / p", 1, 0, [MethodNetwork.Of<Dropout5784x10>(), MethodNetwork.Of<Dropout5784x26>(), MethodNetwork.Of<Dropout51024x10>(), MethodNetwork.Of<Dropout51024x5>(), MethodNetwork.Of<Dropout53072x10>()]),
        new("dropout-50", "dropout that keeps half of the nodes, scaled by 1 / p", 1, 0, [MethodNetwork.Of<Dropout50784x10>(), MethodNetwork.Of<Dropout50784x26>(), MethodNetwork.Of<Dropout501024x10>(), MethodNetwork.Of<Dropout501024x5>(), MethodNetwork.Of<Dropout503072x10>()]),
        new("unscaled-50", "half of the nodes, not scaled; all of them at inference", 1, 0, [MethodNetwork.Of<Unscaled50784x10>(), MethodNetwork.Of<Unscaled50784x26>(), MethodNetwork.Of<Unscaled501024x10>(), MethodNetwork.Of<Unscaled501024x5>(), MethodNetwork.Of<Unscaled503072x10>()]),
        new("adaptive-dropout", "Standout: nodes kept with probability sigmoid(z)", 1, 0, [MethodNetwork.Of<Adaptive784x10>(), MethodNetwork.Of<Adaptive784x26>(), MethodNetwork.Of<Adaptive1024x10>(), MethodNetwork.Of<Adaptive1024x5>(), MethodNetwork.Of<Adaptive3072x10>()]),
        new("alsh", "hashing, 6 bits, 5 tables, 5 % of the nodes, not scaled; all of them at inference: as published", 1, 0, [MethodNetwork.Of<Alsh784x10>(), MethodNetwork.Of<Alsh784x26>(), MethodNetwork.Of<Alsh1024x10>(), MethodNetwork.Of<Alsh1024x5>(), MethodNetwork.Of<Alsh3072x10>()]),
        new("alsh-sampled", "the same, hashing at inference too, a tenth of the steps exact at the start", 1, 0.1, [MethodNetwork.Of<AlshSampled784x10>(), MethodNetwork.Of<AlshSampled784x26>(), MethodNetwork.Of<AlshSampled1024x10>(), MethodNetwork.Of<AlshSampled1024x5>(), MethodNetwork.Of<AlshSampled3072x10>()]),
        new("mc-10", "Monte-Carlo: both products of the backward pass from 10 % of their terms (Bernoulli)", 1, 0, [MethodNetwork.Of<BernoulliBackward10784x10>(), MethodNetwork.Of<BernoulliBackward10784x26>(), MethodNetwork.Of<BernoulliBackward101024x10>(), MethodNetwork.Of<BernoulliBackward101024x5>(), MethodNetwork.Of<BernoulliBackward103072x10>()]),
        new("mc-forward-30", "Monte-Carlo: the forward product from 30 % of its terms (Bernoulli)", 1, 0, [MethodNetwork.Of<BernoulliForward30784x10>(), MethodNetwork.Of<BernoulliForward30784x26>(), MethodNetwork.Of<BernoulliForward301024x10>(), MethodNetwork.Of<BernoulliForward301024x5>(), MethodNetwork.Of<BernoulliForward303072x10>()]),
        new("topk-10", "the truly largest 10 % of the nodes, a tenth of the steps exact at the start", 1, 0.1, [MethodNetwork.Of<TopK10784x10>(), MethodNetwork.Of<TopK10784x26>(), MethodNetwork.Of<TopK101024x10>(), MethodNetwork.Of<TopK101024x5>(), MethodNetwork.Of<TopK103072x10>()]),
        new("lowrank-5", "the largest 5 % of the nodes as guessed from a sketch of rank 16; first layer exact, residual connections, a tenth of the steps exact at the start", 2, 0.1, [MethodNetwork.Of<LowRankResidual5784x10>(), MethodNetwork.Of<LowRankResidual5784x26>(), MethodNetwork.Of<LowRankResidual51024x10>(), MethodNetwork.Of<LowRankResidual51024x5>(), MethodNetwork.Of<LowRankResidual53072x10>()]),
        new("lowrank-10", "the same with 10 %", 2, 0.1, [MethodNetwork.Of<LowRankResidual10784x10>(), MethodNetwork.Of<LowRankResidual10784x26>(), MethodNetwork.Of<LowRankResidual101024x10>(), MethodNetwork.Of<LowRankResidual101024x5>(), MethodNetwork.Of<LowRankResidual103072x10>()]),
        new("meprop-10", "the input gradient from the largest 10 % of the deltas", 1, 0, [MethodNetwork.Of<MeProp10784x10>(), MethodNetwork.Of<MeProp10784x26>(), MethodNetwork.Of<MeProp101024x10>(), MethodNetwork.Of<MeProp101024x5>(), MethodNetwork.Of<MeProp103072x10>()]),
        new("wta-30", "the weight gradient from 30 % of the mini-batch (WtaCrs)", 1, 0, [MethodNetwork.Of<WtaCrsWeight30784x10>(), MethodNetwork.Of<WtaCrsWeight30784x26>(), MethodNetwork.Of<WtaCrsWeight301024x10>(), MethodNetwork.Of<WtaCrsWeight301024x5>(), MethodNetwork.Of<WtaCrsWeight303072x10>()]),
    ];

    /// <summary>What trains deep networks in less time, and the exact networks that it must beat.</summary>
    private static readonly string[] Recipe = ["standard", "residual", "width-750", "width-500", "width-250", "residual-500", "residual-250", "lowrank-5", "lowrank-5-early", "lowrank-10"];

    /// <summary>What trains networks of thousands of classes.</summary>
    private static readonly string[] Wide = ["standard", "width-500", "drawn-outputs-5"];

    /// <summary>Further settings, for images of 28x28 in ten classes, some for colour images too.</summary>
    private static readonly Method[] Further =
    [
        new("width-750", "exact, three quarters as wide", 1, 0, [MethodNetwork.Of<Width750784x10>()]),
        new("residual-500", "exact, residual connections, half as wide", 2, 0, [MethodNetwork.Of<Residual500784x10>(), MethodNetwork.Of<Residual5003072x10>()]),
        new("residual-250", "exact, residual connections, a quarter as wide", 2, 0, [MethodNetwork.Of<Residual250784x10>()]),
        new("lowrank-5-early", "lowrank-5 with a fiftieth of the steps exact at the start", 2, 0.02, [MethodNetwork.Of<LowRankResidual5784x10>()]),
        new("shared-25", "a quarter of the nodes, drawn for each mini-batch; first layer exact, residual connections; all of them at inference", 2, 0, [MethodNetwork.Of<Shared25784x10>(), MethodNetwork.Of<Shared253072x10>()]),
        new("topk-5", "the truly largest 5 % of the nodes, a tenth of the steps exact at the start", 1, 0.1, [MethodNetwork.Of<TopK5784x10>()]),
        new("lowrank-plain-5", "the largest 5 % as guessed from a sketch, no residual connections, a tenth of the steps exact at the start", 1, 0.1, [MethodNetwork.Of<LowRank5784x10>()]),
        new("lowrank-plain-10", "the same with 10 %", 1, 0.1, [MethodNetwork.Of<LowRank10784x10>()]),
        new("alsh-count", "hashing, 50 tables, the nodes in most buckets, a tenth of the steps exact at the start", 1, 0.1, [MethodNetwork.Of<AlshCount784x10>()]),
        new("simhash-count", "the same with sparse signs", 1, 0.1, [MethodNetwork.Of<SimHashCount784x10>()]),
        new("dwta-count", "hashing by winners, 4 bits, 200 tables, the nodes in most buckets, a tenth of the steps exact at the start", 1, 0.1, [MethodNetwork.Of<DwtaCount784x10>()]),
        new("topk-backward-10", "both products of the backward pass from 10 % of the terms (TopK)", 1, 0, [MethodNetwork.Of<TopKBackward10784x10>()]),
        new("topk-backward-30", "both products of the backward pass from 30 % of the terms (TopK)", 1, 0, [MethodNetwork.Of<TopKBackward30784x10>()]),
        new("wta-backward-10", "both products of the backward pass from 10 % of the terms (WtaCrs)", 1, 0, [MethodNetwork.Of<WtaCrsBackward10784x10>()]),
        new("wta-backward-30", "both products of the backward pass from 30 % of the terms (WtaCrs)", 1, 0, [MethodNetwork.Of<WtaCrsBackward30784x10>()]),
        new("crs-backward-10", "both products of the backward pass from 10 % of the terms (Crs)", 1, 0, [MethodNetwork.Of<CrsBackward10784x10>()]),
        new("crs-backward-30", "both products of the backward pass from 30 % of the terms (Crs)", 1, 0, [MethodNetwork.Of<CrsBackward30784x10>()]),
        new("bernoulli-backward-30", "both products of the backward pass from 30 % of the terms (Bernoulli)", 1, 0, [MethodNetwork.Of<BernoulliBackward30784x10>()]),
        new("uniform-backward-10", "both products of the backward pass from 10 % of the terms (Uniform)", 1, 0, [MethodNetwork.Of<UniformBackward10784x10>()]),
        new("uniform-backward-30", "both products of the backward pass from 30 % of the terms (Uniform)", 1, 0, [MethodNetwork.Of<UniformBackward30784x10>()]),
        new("topk-forward-10", "the forward product from 10 % of the terms (TopK)", 1, 0, [MethodNetwork.Of<TopKForward10784x10>()]),
        new("topk-forward-30", "the forward product from 30 % of the terms (TopK)", 1, 0, [MethodNetwork.Of<TopKForward30784x10>()]),
        new("wta-forward-10", "the forward product from 10 % of the terms (WtaCrs)", 1, 0, [MethodNetwork.Of<WtaCrsForward10784x10>()]),
        new("wta-forward-30", "the forward product from 30 % of the terms (WtaCrs)", 1, 0, [MethodNetwork.Of<WtaCrsForward30784x10>()]),
        new("crs-forward-10", "the forward product from 10 % of the terms (Crs)", 1, 0, [MethodNetwork.Of<CrsForward10784x10>()]),
        new("crs-forward-30", "the forward product from 30 % of the terms (Crs)", 1, 0, [MethodNetwork.Of<CrsForward30784x10>()]),
        new("bernoulli-forward-10", "the forward product from 10 % of the terms (Bernoulli)", 1, 0, [MethodNetwork.Of<BernoulliForward10784x10>()]),
        new("uniform-forward-10", "the forward product from 10 % of the terms (Uniform)", 1, 0, [MethodNetwork.Of<UniformForward10784x10>()]),
        new("uniform-forward-30", "the forward product from 30 % of the terms (Uniform)", 1, 0, [MethodNetwork.Of<UniformForward30784x10>()]),
    ];

    /// <summary>What is for thousands of classes alone.</summary>
    private static readonly Method[] WideOutputs =
    [
        new("drawn-outputs-5", "exact hidden layers; of the outputs the labels of the mini-batch and 5 % of all, drawn anew for each; all of them at inference", 1, 0, [MethodNetwork.Of<DrawnOutputs5784x10000>()]),
    ];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Method> All { get; } = [.. Main, .. Further, .. WideOutputs];

    /// <summary>Names of the groups, and what they stand for.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<Method>> Groups { get; } = new Dictionary<string, IReadOnlyList<Method>>
    {
        ["paper"] = [.. All.Where(method => Published.Contains(method.Name))],
        ["main"] = Main,
        ["recipe"] = [.. All.Where(method => Recipe.Contains(method.Name))],
        ["wide"] = [.. All.Where(method => Wide.Contains(method.Name))],
        ["all"] = [.. Main, .. Further],
    };

    /// <summary>The methods of that name or group, or an error that lists both.</summary>
    public static IReadOnlyList<Method> Named(string name) =>
        Groups.FirstOrDefault(group => group.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value
        ?? (All.FirstOrDefault(method => method.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } found
            ? [found]
            : throw UserErrorException.UnknownName("method", name, [.. Groups.Keys, .. All.Select(method => method.Name)]));
}
