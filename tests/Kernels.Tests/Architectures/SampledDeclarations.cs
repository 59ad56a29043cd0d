using System.Collections.Immutable;
using CsCheck;
using Setting = (string Name, object Value);

namespace Whittle.Kernels.Tests;

/// <summary>Random declarations with sampled layers beside dense ones, in any order, and the flaws that a sampled layer can have.</summary>
internal static class SampledDeclarations
{
    private const int LeastSampled = 16;

    /// <summary>Around the edges of vectors, panels and tiles, primes, and too narrow to sample.</summary>
    private static readonly Gen<int> Width = Gen.Frequency(
        (3, Gen.OneOf(16, 17, 19, 23, 31, 32, 33, 37, 47, 48, 49, 59, 63, 64, 65)), (1, Gen.Int[1, LeastSampled - 1]));

    private static readonly Gen<double> Share = Gen.OneOf(Gen.OneOf(0.05, 0.1, 0.3, 0.5, 1.0), Gen.Double[0.02, 1]);

    private static readonly Gen<ImmutableArray<Setting>> UniformNodes = All(
        Maybe("Share", Share), Maybe("Scaling", Gen.Enum<NodeScaling>()), Maybe("Sharing", Gen.Enum<NodeSharing>()), Inference(isScaled: true));

    private static readonly Gen<ImmutableArray<Setting>> AdaptiveNodes = All(
        Maybe("Alpha", Gen.OneOf(0.0, 0.5, 2.0, -1.0)), Maybe("Beta", Gen.OneOf(-1.0, 0.5, 3.0)), Maybe("Scaling", Gen.Enum<NodeScaling>()), Inference(isScaled: true));

    private static readonly Gen<ImmutableArray<Setting>> TopNodes = All(Maybe("Share", Share), Inference(isScaled: false));

    private static readonly Gen<ImmutableArray<Setting>> LowRankNodes = All(
        Maybe("Share", Share), Maybe("Rank", Gen.OneOf(1, 2, 7, 15, 17)), Maybe("Refresh", Gen.OneOf(1, 2, 5)), Inference(isScaled: false));

    private static readonly Gen<ImmutableArray<Setting>> Rehash = Gen.OneOf(
        All(Maybe("RehashPhase", Gen.Int[1, 9]), Maybe("RehashLateInterval", Gen.Int[1, 9])),
        Gen.Const(Of(("Rehash", RehashPolicy.Every))),
        Maybe("RehashGrowth", Gen.OneOf(0.0, 0.5, 10.0)).Select(growth => growth.Add(("Rehash", RehashPolicy.Exponential))),
        Maybe("RehashMovedShare", Gen.OneOf(0.01, 0.5, 1.0)).Select(moved => moved.Add(("Rehash", RehashPolicy.WhenMoved))));

    private static readonly Gen<ImmutableArray<Setting>> Upkeep = All(
        Rehash, Maybe("RehashInterval", Gen.OneOf(0, 1, 5, 40)), Maybe("BackgroundRehash", Gen.Bool), Maybe("Policy", Gen.Enum<BucketPolicy>()));

    private static readonly Gen<ImmutableArray<Setting>> CodeSize = Gen.OneOf(
        All(Maybe("Bits", Gen.OneOf(1, 3, 4, 7, 10)), Maybe("Tables", Gen.OneOf(1, 2, 5, 9))),
        Maybe("Share", Share).Select(share => share.Add(("Bits", 0)).Add(("Tables", 0))));

    private static readonly Gen<ImmutableArray<Setting>> LshNodes = Gen.OneOf(
        All(
            CodeSize, Maybe("Family", Gen.Enum<HashFamily>()), Maybe("BucketSize", Gen.Int[0, LeastSampled]), Upkeep, Inference(isScaled: false))
            .Select(found => found.Add(("Query", BucketQuery.All))),
        All(CodeSize, Maybe("Family", Gen.OneOf(HashFamily.Alsh, HashFamily.SimHash)), Upkeep, Inference(isScaled: true))
            .Select(found => found.Add(("Query", BucketQuery.All)).Add(("Scaling", NodeScaling.InverseProbability))),
        All(
            Gen.Select(CodeSize, Maybe("Share", Share), (size, share) => size.Any(setting => setting.Name == "Share") ? size : size.AddRange(share)),
            Maybe("Family", Gen.Enum<HashFamily>()),
            Maybe("BucketSize", Gen.Int[0, LeastSampled]),
            Maybe("Query", Gen.OneOf(BucketQuery.Walk, BucketQuery.Count)),
            Upkeep,
            Inference(isScaled: false)));

    private static readonly Gen<DeclaredSampling> Nodes = Gen.OneOf(
        UniformNodes,
        AdaptiveNodes.Select(settings => settings.Add(("Selector", NodeSelector.Adaptive))),
        TopNodes.Select(settings => settings.Add(("Selector", NodeSelector.TopK))),
        LowRankNodes.Select(settings => settings.Add(("Selector", NodeSelector.LowRank))),
        LshNodes.Select(settings => settings.Add(("Selector", NodeSelector.Lsh)))).Select(settings => new DeclaredSampling(DeclaredSampling.OfNodes, settings));

    private static readonly Gen<DeclaredSampling> Inputs = All(
        Maybe("Estimator", Gen.Enum<InputEstimator>()),
        Maybe("Share", Share),
        Maybe("Products", Gen.Enum<SampledProducts>()),
        Gen.OneOf(
            Gen.Const(Of()),
            Gen.OneOf(2, 3).Select(reuse => Of(("Reuse", reuse))),
            Gen.Select(Gen.OneOf(2, 5), Gen.OneOf(1e-6, 0.05, 10), (reuse, budget) => Of(("Reuse", reuse), ("VarianceBudget", budget)))))
        .Select(settings => new DeclaredSampling(DeclaredSampling.OfInputs, settings))
        .Select(sampling => sampling.Value("Estimator", InputEstimator.WtaCrs) == InputEstimator.Uniform ? sampling.Without("VarianceBudget") : sampling);

    private static readonly Gen<(DeclaredLayer Layer, bool KeepsWidth)> Layer = Gen.Select(
        Width,
        Gen.Enum<Activation>(),
        Gen.Enum<Initialization>(),
        Gen.Frequency((2, Gen.Const((DeclaredSampling?)null)), (5, Nodes.Select(nodes => (DeclaredSampling?)nodes)), (3, Inputs.Select(inputs => (DeclaredSampling?)inputs))),
        Gen.OneOf(0f, 0f, 0.4f, 1f),
        Gen.Bool,
        (units, activation, initialization, sampling, residual, keepsWidth) => (
            new DeclaredLayer(units, activation, Slope: null, initialization, Repeat: 1, residual, sampling), keepsWidth));

    /// <summary>Declarations that keep every rule.</summary>
    public static readonly Gen<Declaration> Valid = Gen.Select(
        Width,
        Gen.Int[1, 23],
        Gen.Enum<Loss>(),
        Layer.Array[1, 5],
        Gen.Select(Gen.Int[0, 9], Gen.Int[2, 3]),
        (inputs, batch, loss, layers, repeated) =>
        {
            var fitted = new List<DeclaredLayer>();
            var below = inputs;
            foreach (var (index, (layer, keepsWidth)) in layers.Index())
            {
                var place = layer with { Units = keepsWidth ? below : layer.Units, Repeat = index == repeated.Item1 ? repeated.Item2 : 1 };
                fitted.Add(Fit(place, below, index == 0, index == layers.Length - 1, loss));
                below = place.Units;
            }

            return new Declaration(inputs, batch, loss, fitted, new DeclaredClass("Models", [], "internal sealed partial class", "Sampled", " : INetwork<Sampled>"));
        });

    /// <summary>Any settings of any attribute in any combination, most of which break some rule.</summary>
    public static readonly Gen<Declaration> Any = Gen.Select(Valid, AnySetting().Array[1, 3], Gen.Int[0, 4], Gen.Bool, (declaration, settings, place, isOfNodes) =>
    {
        var index = place % declaration.Layers.Count;
        return declaration with
        {
            Layers = [.. declaration.Layers.Select((layer, i) => i != index ? layer : layer with
            {
                Sampling = settings.Aggregate(
                    layer.Sampling ?? new DeclaredSampling(isOfNodes ? DeclaredSampling.OfNodes : DeclaredSampling.OfInputs, []),
                    (sampling, setting) => Knows(sampling, setting.Name) ? sampling.With(setting.Name, setting.Value) : sampling),
            })],
        };
    });

    private static readonly Gen<(string Diagnostic, Func<Declaration, Declaration> Apply)> Flaw = Gen.OneOf(
        Gen.OneOf<Setting>(("Bits", 6), ("Alpha", 1.0), ("Rank", 4), ("CapturedRatio", 2.0), ("RehashGrowth", 0.1)).Select(setting => OfNodes("WHT0021", setting)),
        Gen.OneOf<Setting>(("Share", 0.3), ("Rank", 4)).Select(setting => OfNodes("WHT0021", ("Selector", NodeSelector.Adaptive), setting)),
        Gen.OneOf(0, -1.5, 1.01, double.NaN, double.PositiveInfinity).Select(share => OfNodes("WHT0022", ("Share", share))),
        Gen.OneOf(0, -0.5, 2, double.NaN).Select(share => OfInputs("WHT0022", ("Share", share))),
        Gen.OneOf(33, 100).Select(rank => OfNodes("WHT0022", ("Selector", NodeSelector.LowRank), ("Rank", rank))),
        Gen.OneOf(0, -1, 257).Select(rank => OfNodes("WHT0011", ("Selector", NodeSelector.LowRank), ("Rank", rank))),
        Gen.OneOf(-1, 21).Select(bits => OfNodes("WHT0011", ("Selector", NodeSelector.Lsh), ("Bits", bits))),
        Gen.OneOf(0, -7).Select(reuse => OfInputs("WHT0011", ("Reuse", reuse))),
        Gen.OneOf<Setting>(("Selector", (NodeSelector)5), ("Sharing", (NodeSharing)(-1)), ("Inference", (NodeInference)9)).Select(setting => OfNodes("WHT0014", setting)),
        Gen.OneOf<Setting>(("Products", (SampledProducts)0), ("Products", (SampledProducts)8), ("Estimator", (InputEstimator)5)).Select(setting => OfInputs("WHT0014", setting)),
        Gen.Int[1, LeastSampled - 1].Select(units => First("WHT0023", layer => layer with { Units = units, Sampling = new(DeclaredSampling.OfNodes, []) })),
        Gen.Int[1, LeastSampled - 1].Select(inputs => ((string, Func<Declaration, Declaration>))("WHT0023", d => OfInputs("").Apply(d) with { Inputs = inputs })),
        Gen.OneOf(NodeSelector.TopK, NodeSelector.LowRank, NodeSelector.Lsh).Select(selector =>
            OfNodes("WHT0024", ("Selector", selector), ("Scaling", NodeScaling.InverseProbability))),
        Gen.OneOf(Activation.Sigmoid, Activation.Tanh).Select(activation =>
            First("WHT0024", layer => layer with { Activation = activation, Sampling = new(DeclaredSampling.OfNodes, Of(("Scaling", NodeScaling.InverseProbability))) })),
        Gen.OneOf(NodeSelector.TopK, NodeSelector.LowRank, NodeSelector.Lsh).Select(selector =>
            OfNodes("WHT0025", ("Selector", selector), ("Inference", NodeInference.Exact))),
        Gen.OneOf(31, 34).Select(units => First("WHT0026", layer => layer with { Units = units, Residual = 0.5f })),
        Gen.OneOf(NodeSelector.TopK, NodeSelector.Adaptive).Select(selector => ((string, Func<Declaration, Declaration>))(
            "WHT0027", d => OfNodes("", ("Selector", selector)).Apply(d) is var one ? one with { Loss = Loss.MeanSquaredError, Layers = [one.Layers[0]] } : d)),
        Gen.OneOf(NodeSelector.TopK, NodeSelector.Lsh).Select(selector => OfNodes("WHT0029", ("Selector", selector), ("Sharing", NodeSharing.Batch))));

    /// <summary>A declaration that is valid but for one flaw of a sampled layer, and the diagnostic that must refuse it.</summary>
    public static readonly Gen<(string Diagnostic, Declaration Declaration)> Flawed = Gen.Select(Valid, Flaw, (declaration, flaw) => (flaw.Diagnostic, flaw.Apply(declaration)));

    /// <summary>The declaration with sampled layers that leave nothing out.</summary>
    public static Declaration Whole(Declaration declaration) => declaration with
    {
        Class = declaration.Class.Renamed("Whole" + declaration.Class.Name),
        Layers = [.. declaration.Layers.Select(layer => layer with { Sampling = layer.Sampling is { } sampling ? Whole(sampling) : null })],
    };

    private static DeclaredSampling Whole(DeclaredSampling sampling) => sampling switch
    {
        // Drawn with replacement, an index can be missed at any share.
        { Attribute: DeclaredSampling.OfInputs } => sampling.Value("Estimator", InputEstimator.WtaCrs) == InputEstimator.Crs
            ? sampling.With("Share", 1.0).Without("Estimator")
            : sampling.With("Share", 1.0),
        { Selector: NodeSelector.Adaptive } => sampling.With("Alpha", 0.0).With("Beta", 60.0),

        // Hash tables that nothing is added to find some nodes only, and with a probability below 1.
        { Selector: NodeSelector.Lsh } when sampling.Value("Query", BucketQuery.Walk) == BucketQuery.All =>
            sampling.With("Share", 1.0).Without("Query", "Scaling", "Inference", "CapturedRatio"),
        _ => sampling.With("Share", 1.0),
    };

    /// <summary>The layer with what its place allows.</summary>
    private static DeclaredLayer Fit(DeclaredLayer layer, int inputs, bool isFirst, bool isLast, Loss loss)
    {
        // Repetitions after the first have the layer's own units as inputs.
        var narrowest = layer.Repeat > 1 ? Math.Min(inputs, layer.Units) : inputs;
        if (isLast || inputs != layer.Units)
        {
            layer = layer with { Residual = 0 };
        }

        if (isLast && loss != Loss.MeanSquaredError)
        {
            layer = layer with { Activation = Activation.Identity };
        }

        return layer with
        {
            Sampling = layer.Sampling switch
            {
                null => null,
                { Attribute: DeclaredSampling.OfInputs } terms => CanEstimate(terms) ? terms : null,
                _ when layer.Units < LeastSampled || (isLast && loss == Loss.MeanSquaredError) => null,
                { Selector: NodeSelector.LowRank } when narrowest < 2 => null,
                { Selector: NodeSelector.LowRank } sketch when sketch.Value("Rank", 16) >= narrowest => sketch.With("Rank", narrowest - 1),
                { Scales: true } scaled when isLast || layer.Activation is Activation.Sigmoid or Activation.Tanh => Unscaled(scaled),
                var nodes => nodes,
            },
        };

        bool CanEstimate(DeclaredSampling terms) => narrowest >= LeastSampled
            && !(isFirst && terms.Value("Products", SampledProducts.Backward) == SampledProducts.InputGradient)
            && (layer.Units >= LeastSampled || isFirst || !terms.Value("Products", SampledProducts.Backward).HasFlag(SampledProducts.InputGradient));
    }

    private static DeclaredSampling Unscaled(DeclaredSampling nodes) =>
        nodes.Selector == NodeSelector.Lsh && nodes.Inference == NodeInference.Exact ? nodes.Without("Scaling", "Inference") : nodes.Without("Scaling");

    /// <summary>With a stated c where that is read.</summary>
    private static Gen<ImmutableArray<Setting>> Inference(bool isScaled) => Gen.OneOf(
        Gen.Const(Of()),
        Gen.OneOf(isScaled ? Enum.GetValues<NodeInference>() : [NodeInference.Automatic, NodeInference.ExactUnscaled, NodeInference.Sampled])
            .Select(inference => Of(("Inference", inference))),
        Gen.OneOf(0.1, 5.0).Select(ratio => Of(("Inference", NodeInference.ExactUnscaled), ("CapturedRatio", ratio))));

    private static Gen<ImmutableArray<Setting>> Maybe<T>(string name, Gen<T> value) =>
        Gen.Select(Gen.Bool, value, (isGiven, given) => isGiven ? Of((name, (object)given!)) : []);

    private static ImmutableArray<Setting> Of(params ImmutableArray<Setting> settings) => settings;

    private static Gen<ImmutableArray<Setting>> All(params Gen<ImmutableArray<Setting>>[] parts) =>
        parts.Aggregate((all, part) => Gen.Select(all, part, (settings, others) => settings.AddRange(others)));

    private static Gen<Setting> AnySetting() => Gen.OneOf(
        One("Selector", Gen.Enum<NodeSelector>()),
        One("Share", Gen.OneOf(0.001, 0.4, 1.0)),
        One("Scaling", Gen.Enum<NodeScaling>()),
        One("Inference", Gen.Enum<NodeInference>()),
        One("CapturedRatio", Gen.OneOf(0.0, 3.0)),
        One("Sharing", Gen.Enum<NodeSharing>()),
        One("Alpha", Gen.OneOf(-3.0, 0.0, double.NaN)),
        One("Rank", Gen.OneOf(1, 16, 256)),
        One("Refresh", Gen.OneOf(1, int.MaxValue)),
        One("Family", Gen.Enum<HashFamily>()),
        One("Bits", Gen.OneOf(0, 1, 20)),
        One("Tables", Gen.OneOf(0, 1, 256)),
        One("Query", Gen.Enum<BucketQuery>()),
        One("BucketSize", Gen.OneOf(0, 1, int.MaxValue)),
        One("Rehash", Gen.Enum<RehashPolicy>()),
        One("RehashInterval", Gen.OneOf(0, -1, int.MaxValue)),
        One("RehashMovedShare", Gen.OneOf(0.0, 0.5)),
        One("BackgroundRehash", Gen.Bool),
        One("Estimator", Gen.Enum<InputEstimator>()),
        One("Products", Gen.Int[0, 8].Select(products => (SampledProducts)products)),
        One("Reuse", Gen.OneOf(1, 2, int.MaxValue, int.MinValue)),
        One("VarianceBudget", Gen.OneOf(0.0, 0.1, double.PositiveInfinity)));

    private static Gen<Setting> One<T>(string name, Gen<T> value) => value.Select(given => (name, (object)given!));

    private static bool Knows(DeclaredSampling sampling, string setting) =>
        (sampling.Attribute == DeclaredSampling.OfNodes ? typeof(NodeSampledAttribute) : typeof(InputSampledAttribute)).GetProperty(setting) is not null;

    private static (string Diagnostic, Func<Declaration, Declaration> Apply) OfNodes(string diagnostic, params ImmutableArray<Setting> settings) =>
        First(diagnostic, layer => layer with { Sampling = new(DeclaredSampling.OfNodes, settings) });

    private static (string Diagnostic, Func<Declaration, Declaration> Apply) OfInputs(string diagnostic, params ImmutableArray<Setting> settings) =>
        First(diagnostic, layer => layer with { Sampling = new(DeclaredSampling.OfInputs, settings) });

    /// <summary>A flaw of the first of two layers, 33x33.</summary>
    private static (string Diagnostic, Func<Declaration, Declaration> Apply) First(string diagnostic, Func<DeclaredLayer, DeclaredLayer> change) => (diagnostic, d => d with
    {
        Inputs = 33,
        Layers = [change(new DeclaredLayer(33, Activation.Identity, Slope: null, Initialization.Default, Repeat: 1)), new DeclaredLayer(5, Activation.Identity, Slope: null, Initialization.Default, Repeat: 1)],
    });
}
