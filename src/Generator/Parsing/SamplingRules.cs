using System.Globalization;
using Whittle.Generator.Diagnostics;
using Whittle.Generator.Model;

namespace Whittle.Generator.Parsing;

/// <summary>The rules for how a layer is sampled, and for residual connections.</summary>
internal static class SamplingRules
{
    private const string AboveZero = "a finite number above 0";
    private const string Fraction = "above 0 and at most 1";

    private static readonly Dependence<NodeSamplingSpec>[] NodeDependences =
    [
        new("Selector", s => s.Selector, s => s.Selector != NodeSelector.Adaptive, "a selector of a fixed number of nodes", "Share"),
        new("Selector", s => s.Selector, s => s.Selector == NodeSelector.Adaptive, "NodeSelector.Adaptive", "Alpha", "Beta"),
        new("Selector", s => s.Selector, s => s.Selector == NodeSelector.LowRank, "NodeSelector.LowRank", "Rank", "Refresh"),
        new("Selector", s => s.Selector, s => s.Selector == NodeSelector.Lsh, "NodeSelector.Lsh",
            "Family", "Bits", "Tables", "Query", "Policy", "BucketSize", "Rehash", "RehashInterval", "RehashPhase", "RehashLateInterval", "RehashGrowth",
            "RehashMovedShare", "BackgroundRehash"),
        new("Inference", s => s.Inference, s => s.Inference == NodeInference.ExactUnscaled, "NodeInference.ExactUnscaled", "CapturedRatio"),
        new("Query", s => s.Query, s => s is not { Selector: NodeSelector.Lsh, Query: BucketQuery.All, Bits: not 0 }, "BucketQuery.Walk or BucketQuery.Count", "Share"),
        new("Rehash", s => s.Rehash, s => s.Rehash == RehashPolicy.Phases, "RehashPolicy.Phases", "RehashPhase", "RehashLateInterval"),
        new("Rehash", s => s.Rehash, s => s.Rehash == RehashPolicy.Exponential, "RehashPolicy.Exponential", "RehashGrowth"),
        new("Rehash", s => s.Rehash, s => s.Rehash == RehashPolicy.WhenMoved, "RehashPolicy.WhenMoved", "RehashMovedShare"),
    ];

    private static readonly Dependence<InputSamplingSpec>[] InputDependences =
    [
        new("Reuse", s => s.Reuse, s => s.Reuse != 1, "Reuse above 1", "VarianceBudget"),
        new("Estimator", s => s.Estimator, s => s.Estimator != InputEstimator.Uniform, "an estimator that looks at scores", "VarianceBudget"),
    ];

    /// <summary>Checks what one node-sampled layer says by itself; <paramref name="written"/> before anything automatic is resolved.</summary>
    public static void Check(AttributeReader layer, NodeSamplingSpec written, int units, Activation activation, List<Problem> problems)
    {
        CheckDependences(layer, written, NodeDependences, problems);
        Range(layer, "Share", written.Share is > 0 and <= 1, written.Share, Fraction, problems);
        var captured = layer.Single("CapturedRatio", 0);
        Range(layer, "CapturedRatio", IsFinite(captured) && captured >= 0, captured, AboveZero, problems);
        Range(layer, "Alpha", IsFinite(written.Alpha), written.Alpha, "finite", problems);
        Range(layer, "Beta", IsFinite(written.Beta), written.Beta, "finite", problems);
        Range(layer, "RehashGrowth", written.RehashGrowth is >= 0 and <= 10, written.RehashGrowth, "from 0 to 10", problems);
        Range(layer, "RehashMovedShare", written.RehashMovedShare is > 0 and <= 1, written.RehashMovedShare, Fraction, problems);
        ValueRules.Size(layer, "Rank", written.Rank, Limits.Rank, problems);
        ValueRules.Size(layer, "Refresh", written.Refresh, int.MaxValue, problems);
        if (written is not { Bits: 0, Tables: 0 })
        {
            ValueRules.Size(layer, "Bits", written.Bits, Limits.HashBits, problems);
            ValueRules.Size(layer, "Tables", written.Tables, Limits.HashTables, problems);
        }

        Optional("BucketSize", written.BucketSize, units);
        Optional("RehashInterval", written.RehashInterval, int.MaxValue);
        ValueRules.Size(layer, "RehashPhase", written.RehashPhase, int.MaxValue, problems);
        ValueRules.Size(layer, "RehashLateInterval", written.RehashLateInterval, int.MaxValue, problems);
        if (units is > 0 and < Limits.LeastSampled)
        {
            problems.Add(new Problem(Descriptors.TooNarrowToSample, layer.LocationOf("Units"), "active nodes", units, "units", Limits.LeastSampled));
        }

        if (written.Scaling == NodeScaling.InverseProbability && NotScalable(written, units, activation) is { } reason)
        {
            problems.Add(new Problem(Descriptors.ScalingNotPossible, layer.LocationOf("Scaling"), reason));
        }
        else if (written is { Inference: NodeInference.Exact, Scaling: NodeScaling.None, Selector: NodeSelector.TopK or NodeSelector.LowRank or NodeSelector.Lsh })
        {
            problems.Add(new Problem(Descriptors.InferenceNotPossible, layer.LocationOf("Inference"), written.Selector));
        }

        if (written.Sharing == NodeSharing.Batch && written.Selector != NodeSelector.Uniform)
        {
            problems.Add(new Problem(Descriptors.SharingNotPossible, layer.LocationOf("Sharing"), written.Selector));
        }

        void Optional(string setting, int value, int limit)
        {
            if (value != 0)
            {
                ValueRules.Size(layer, setting, value, limit, problems);
            }
        }
    }

    /// <summary>Checks what one input-sampled layer says by itself.</summary>
    public static void Check(AttributeReader layer, InputSamplingSpec sampling, List<Problem> problems)
    {
        CheckDependences(layer, sampling, InputDependences, problems);
        Range(layer, "Share", sampling.Share is > 0 and <= 1, sampling.Share, Fraction, problems);
        ValueRules.Size(layer, "Reuse", sampling.Reuse, int.MaxValue, problems);
        Range(layer, "VarianceBudget", IsFinite(sampling.VarianceBudget) && sampling.VarianceBudget >= 0, sampling.VarianceBudget, AboveZero, problems);
    }

    /// <summary>Checks the factor of a residual connection; 0 is none.</summary>
    public static void Residual(AttributeReader layer, float residual, List<Problem> problems) =>
        Range(layer, "Residual", IsFinite(residual) && residual >= 0, residual, AboveZero, problems);

    /// <summary>Checks that the tables of a layer fit into memory.</summary>
    public static void CheckSize(AttributeReader layer, NodeSamplingSpec resolved, int units, List<Problem> problems)
    {
        if (resolved.Selector == NodeSelector.Lsh && !new HashTableSize(resolved.Bits, resolved.Tables, resolved.BucketSize).Fits(units))
        {
            problems.Add(new Problem(
                Descriptors.TablesTooLarge, layer.LocationOf("Bits"), resolved.Tables, 1 << resolved.Bits, Math.Min(units, resolved.BucketSize)));
        }
    }

    /// <summary>Checks how a layer fits its place in the network.</summary>
    /// <param name="layer">The attribute.</param>
    /// <param name="spec">What it says.</param>
    /// <param name="inputs">Units below.</param>
    /// <param name="isFirst">Whether there is no layer below.</param>
    /// <param name="isLast">Whether it is the output layer.</param>
    /// <param name="loss">The network's loss.</param>
    /// <param name="problems">Where problems go.</param>
    public static void CheckPlace(AttributeReader layer, LayerSpec spec, int inputs, bool isFirst, bool isLast, Loss loss, List<Problem> problems)
    {
        if (spec.Residual > 0 && (isLast || inputs != spec.Units))
        {
            var reason = isLast ? "is not possible on the output layer" : $"needs as many units as inputs, but this layer has {Invariant(spec.Units)} and {Invariant(inputs)}";
            problems.Add(new Problem(Descriptors.ResidualNotPossible, layer.LocationOf("Residual"), reason));
        }

        if (spec.Nodes is { Selector: NodeSelector.LowRank } sketch)
        {
            Range(layer, "Rank", sketch.Rank < inputs || sketch.Rank > Limits.Rank, sketch.Rank, $"below the layer's {Invariant(inputs)} inputs", problems);
        }

        if (spec.Inputs is { } sampling)
        {
            // The first layer has no input gradient, so that its units are no inner dimension.
            var (what, narrow) = inputs < Limits.LeastSampled ? ("inputs", inputs) : ("units", spec.Units);
            if (narrow is > 0 and < Limits.LeastSampled && (what == "inputs" || (!isFirst && sampling.Products.HasFlag(SampledProducts.InputGradient))))
            {
                problems.Add(new Problem(Descriptors.TooNarrowToSample, layer.Location, "products", narrow, what, Limits.LeastSampled));
            }

            if (isFirst && spec.Repeat == 1 && sampling.Products == SampledProducts.InputGradient)
            {
                problems.Add(new Problem(Descriptors.NoInputGradient, layer.LocationOf("Products")));
            }
        }

        if (isLast && spec.Nodes is { } nodes)
        {
            if (loss == Loss.MeanSquaredError)
            {
                problems.Add(new Problem(Descriptors.LossNeedsEveryOutput, layer.Location));
            }

            if (nodes.Scaling == NodeScaling.InverseProbability)
            {
                problems.Add(new Problem(Descriptors.ScalingNotPossible, layer.LocationOf("Scaling"), "does not make the loss of an output layer right, which is not linear in its logits"));
            }
        }
    }

    private static string? NotScalable(NodeSamplingSpec sampling, int units, Activation activation) => sampling switch
    {
        _ when activation is Activation.Sigmoid or Activation.Tanh => $"needs an activation that is linear on both sides of 0, which {activation} is not",
        { Selector: NodeSelector.TopK or NodeSelector.LowRank } => $"needs the probability of a node, which {sampling.Selector} does not have",
        { Selector: not NodeSelector.Lsh } => null,
        { Query: not BucketQuery.All } => $"needs the probability of a node, which is known for BucketQuery.All only, not for {sampling.Query}",
        { Family: HashFamily.Dwta } => "needs the probability of a node, which is known for HashFamily.Alsh and SimHash only, not for Dwta",
        { BucketSize: var size } when size != 0 && size < units =>
            $"needs buckets that drop no node, with a BucketSize of 0 (automatic) or all {Invariant(units)} units, not {Invariant(size)}",
        _ => null,
    };

    private static void CheckDependences<TSpec>(AttributeReader layer, TSpec spec, Dependence<TSpec>[] dependences, List<Problem> problems)
    {
        var told = new HashSet<string>();
        foreach (var dependence in dependences.Where(dependence => !dependence.IsRead(spec)))
        {
            foreach (var setting in dependence.Settings.Where(layer.Writes).Where(told.Add))
            {
                problems.Add(new Problem(
                    Descriptors.SettingWithoutEffect, layer.LocationOf(setting), setting, dependence.Readers, dependence.Chooser, dependence.Chosen(spec)));
            }
        }
    }

    private static void Range(AttributeReader layer, string setting, bool isInside, float value, string range, List<Problem> problems)
    {
        if (!isInside)
        {
            problems.Add(new Problem(Descriptors.SettingOutOfRange, layer.LocationOf(setting), setting, value.ToString(CultureInfo.InvariantCulture), range));
        }
    }

    private static bool IsFinite(float value) => !float.IsNaN(value) && !float.IsInfinity(value);

    private static string Invariant(int value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>Settings that are read only after some choice.</summary>
    /// <param name="Chooser">The setting that chooses.</param>
    /// <param name="Chosen">Its value.</param>
    /// <param name="IsRead">Whether it is one after which the others are read.</param>
    /// <param name="Readers">Which values those are, in words.</param>
    /// <param name="Settings">The others.</param>
    private sealed record Dependence<TSpec>(string Chooser, Func<TSpec, object> Chosen, Func<TSpec, bool> IsRead, string Readers, params string[] Settings);
}
