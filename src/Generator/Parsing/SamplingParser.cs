using Whittle.Generator.Diagnostics;
using Whittle.Generator.Model;

namespace Whittle.Generator.Parsing;

/// <summary>Reads how a layer is sampled, and chooses what the declaration leaves to the generator.</summary>
internal static class SamplingParser
{
    // Tables that find every node for certain would be infinitely many.
    private const double LargestAim = 0.999;

    public static NodeSamplingSpec Nodes(AttributeReader layer, int units, Activation activation, List<Problem> problems)
    {
        var before = problems.Count;
        var written = new NodeSamplingSpec(
            ValueRules.Enumeration(layer, "Selector", default(NodeSelector), problems),
            layer.Single("Share", Defaults.NodeShare),
            ValueRules.Enumeration(layer, "Scaling", default(NodeScaling), problems),
            ValueRules.Enumeration(layer, "Inference", default(NodeInference), problems),
            ValueRules.Enumeration(layer, "Sharing", default(NodeSharing), problems),
            layer.Single("Alpha", Defaults.Alpha),
            layer.Single("Beta", Defaults.Beta),
            layer.Integer("Rank", Defaults.Rank),
            layer.Integer("Refresh", Defaults.Refresh),
            ValueRules.Enumeration(layer, "Family", default(HashFamily), problems),
            layer.Integer("Bits", Defaults.Bits),
            layer.Integer("Tables", Defaults.Tables),
            ValueRules.Enumeration(layer, "Query", default(BucketQuery), problems),
            ValueRules.Enumeration(layer, "Policy", default(BucketPolicy), problems),
            layer.Integer("BucketSize", 0),
            ValueRules.Enumeration(layer, "Rehash", default(RehashPolicy), problems),
            layer.Integer("RehashInterval", 0),
            layer.Integer("RehashPhase", Defaults.RehashPhase),
            layer.Integer("RehashLateInterval", Defaults.RehashLateInterval),
            layer.Single("RehashGrowth", Defaults.RehashGrowth),
            layer.Single("RehashMovedShare", Defaults.RehashMovedShare),
            layer.Boolean("BackgroundRehash"));
        SamplingRules.Check(layer, written, units, activation, problems);
        if (problems.Count > before || units < 1)
        {
            return written;
        }

        var resolved = Resolve(written, units);
        SamplingRules.CheckSize(layer, resolved, units, problems);
        return resolved;
    }

    public static InputSamplingSpec Inputs(AttributeReader layer, List<Problem> problems)
    {
        var sampling = new InputSamplingSpec(
            ValueRules.Enumeration(layer, "Estimator", Defaults.Estimator, problems),
            layer.Single("Share", Defaults.InputShare),
            ValueRules.Enumeration(layer, "Products", Defaults.Products, problems),
            layer.Integer("Reuse", 1),
            layer.Single("VarianceBudget", 0));
        SamplingRules.Check(layer, sampling, problems);
        return sampling;
    }

    private static NodeSamplingSpec Resolve(NodeSamplingSpec sampling, int units)
    {
        var automatic = sampling.Selector is NodeSelector.Uniform or NodeSelector.Adaptive ? NodeInference.Exact : NodeInference.Sampled;
        var resolved = sampling with { Inference = sampling.Inference == NodeInference.Automatic ? automatic : sampling.Inference };
        if (sampling.Selector == NodeSelector.Lsh)
        {
            var size = TableSize(sampling, units);
            resolved = resolved with
            {
                Bits = size.Bits,
                Tables = size.Tables,
                BucketSize = size.Capacity,
                RehashInterval = sampling.RehashInterval == 0 ? Defaults.RehashInterval(sampling.Rehash) : sampling.RehashInterval,
            };
        }

        var decides = sampling.Selector == NodeSelector.Adaptive || sampling is { Selector: NodeSelector.Lsh, Query: BucketQuery.All };
        return decides ? resolved with { Share = 1 } : resolved;
    }

    private static HashTableSize TableSize(NodeSamplingSpec sampling, int units)
    {
        var size = sampling switch
        {
            { Bits: not 0 } => new HashTableSize(sampling.Bits, sampling.Tables, HashTableSize.Room(units, sampling.Bits)),
            _ => HashTableSize.Choose(units, Math.Min(sampling.Share, LargestAim)),
        };
        return sampling switch
        {
            { BucketSize: not 0 } => size with { Capacity = sampling.BucketSize },

            // A node that a full bucket drops is found with another probability.
            { Scaling: NodeScaling.InverseProbability } => size with { Capacity = units },
            _ => size,
        };
    }
}
