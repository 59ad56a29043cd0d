using System.Globalization;
using Whittle.Generator.Model;
using Whittle.Generator.Parsing;

namespace Whittle.Generator.Diagnostics;

/// <summary>Advice on sampled layers that can be compiled and will disappoint.</summary>
internal static class SamplingAdvice
{
    // What is larger is written as a power of ten.
    private const double MostWritten = 1e6;

    // From here on more of a sum is lost than is left.
    private const double SignalLost = 1;

    public static IEnumerable<Problem> Of(NetworkSpec spec, IReadOnlyList<AttributeReader> layers, int cacheKilobytes) =>
    [
        .. LostSignal(spec, layers),
        .. Costs(spec, layers),
        .. Tables(spec, layers, cacheKilobytes),
    ];

    /// <summary>((c + 1) / c)^k - 1, over the layers that leave nodes out in training, unscaled, and compute all of them in a prediction (Ebrahimi et al. 2023).</summary>
    private static IEnumerable<Problem> LostSignal(NetworkSpec spec, IReadOnlyList<AttributeReader> layers)
    {
        var left = 1.0;
        var count = 0;
        var first = -1;
        for (var i = 0; i < layers.Count - 1; i++)
        {
            // A residual connection passes the input of an inactive node on.
            if (spec.Layers[i] is { Nodes: { Inference: NodeInference.ExactUnscaled, Scaling: NodeScaling.None } nodes, Residual: 0 } && ActiveShare(nodes) < 1)
            {
                var stated = layers[i].Single("CapturedRatio", 0);
                if (stated <= 0 && nodes.Selector is (NodeSelector.TopK or NodeSelector.LowRank or NodeSelector.Adaptive))
                {
                    // They find large nodes: what these carry is not what chance gives, and only a measurement can tell.
                    continue;
                }

                var captured = stated > 0 ? stated : ActiveShare(nodes) / (1 - ActiveShare(nodes));
                left *= Math.Pow((captured + 1) / captured, spec.Layers[i].Repeat);
                count += spec.Layers[i].Repeat;
                first = first < 0 ? i : first;
            }
        }

        if (left - 1 > SignalLost)
        {
            yield return new Problem(Descriptors.SignalLost, layers[first].Location, count, Number(left - 1));
        }
    }

    private static IEnumerable<Problem> Costs(NetworkSpec spec, IReadOnlyList<AttributeReader> layers)
    {
        var inputs = spec.Inputs;
        for (var i = 0; i < layers.Count; i++)
        {
            var layer = spec.Layers[i];

            // Of a repeated layer most have its own units as inputs.
            var (below, gradients) = layer.Repeat > 1 ? (layer.Units, 1) : (inputs, i == 0 ? 0 : 1);
            var weights = (double)below * layer.Units;
            var exact = (2 + gradients) * weights;
            var sampled = layer switch
            {
                { Nodes: { } nodes } => OfNodes(nodes, below, layer.Units, gradients, spec.BatchSize),
                { Inputs: { } terms } => OfTerms(terms, below, layer.Units, gradients, spec.BatchSize),
                _ => 0,
            };
            if (sampled >= exact)
            {
                yield return new Problem(Descriptors.SamplingDoesNotPay, layers[i].Location, below, layer.Units, Number(sampled / exact), spec.BatchSize);
            }

            inputs = layer.Units;
        }
    }

    private static IEnumerable<Problem> Tables(NetworkSpec spec, IReadOnlyList<AttributeReader> layers, int cacheKilobytes)
    {
        for (var i = 0; i < layers.Count; i++)
        {
            if (spec.Layers[i].Nodes is { Selector: NodeSelector.Lsh } nodes
                && new HashTableSize(nodes.Bits, nodes.Tables, nodes.BucketSize).Bytes(spec.Layers[i].Units) is var bytes
                && bytes > 1024L * cacheKilobytes)
            {
                yield return new Problem(Descriptors.TablesOutgrowCache, layers[i].LocationOf("Tables"), (bytes + 1023) / 1024, nodes.Tables, 1 << nodes.Bits, cacheKilobytes);
            }
        }
    }

    private static double OfNodes(NodeSamplingSpec nodes, int inputs, int units, int gradients, int rows)
    {
        var weights = (double)inputs * units;
        var share = ActiveShare(nodes);
        if (nodes.Sharing == NodeSharing.Batch)
        {
            return (2 + gradients) * share * weights;
        }

        var listed = SamplingCost.OfListed(rows) * share * weights;
        var selection = nodes.Selector switch
        {
            NodeSelector.LowRank => SamplingCost.Sketch(inputs, units, nodes.Rank, nodes.Refresh, rows),
            NodeSelector.Lsh => SamplingCost.Hashing(inputs, units, share, nodes.Family, nodes.Bits, nodes.Tables, nodes.RehashInterval),
            _ => 0,
        };

        // Those that look at every z compute all of them in tiles; gradients of weights run over what any row needs.
        var forward = nodes.Selector is NodeSelector.Adaptive or NodeSelector.TopK ? weights : listed;
        return forward + (gradients * listed) + (SamplingCost.Touched(share, rows) * weights) + selection;
    }

    private static double OfTerms(InputSamplingSpec terms, int inputs, int units, int gradients, int rows)
    {
        var weights = (double)inputs * units;
        var scored = terms.Estimator == InputEstimator.Uniform ? 0
            : (terms.Products.HasFlag(SampledProducts.Forward) ? 1 : 0) + (terms.Products.HasFlag(SampledProducts.InputGradient) ? gradients : 0);
        var norms = scored * weights / SamplingCost.NormParts / rows;
        return weights * (Part(SampledProducts.Forward, inputs) + (gradients * Part(SampledProducts.InputGradient, units)) + Part(SampledProducts.WeightGradient, rows)) + norms;

        double Part(SampledProducts product, int inner) =>
            terms.Products.HasFlag(product) ? (double)SampleSize.Of(terms.Share, inner) / inner : 1;
    }

    private static double ActiveShare(NodeSamplingSpec nodes) => nodes switch
    {
        { Selector: NodeSelector.Adaptive } => SamplingCost.KeptByStandout(nodes.Beta),
        { Selector: NodeSelector.Lsh, Query: BucketQuery.All } => SamplingCost.FoundByChance(nodes.Bits, nodes.Tables),
        _ => nodes.Share,
    };

    private static string Number(double value) => value.ToString(value < 100 ? "0.0#" : value < MostWritten ? "N0" : "0.###E+0", CultureInfo.InvariantCulture);
}
