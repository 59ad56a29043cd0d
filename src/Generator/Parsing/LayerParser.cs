using Microsoft.CodeAnalysis;
using Whittle.Generator.Diagnostics;
using Whittle.Generator.Model;

namespace Whittle.Generator.Parsing;

/// <summary>Reads layer attributes and checks what they say, one by one and together.</summary>
internal static class LayerParser
{
    public static LayerSpec Parse(AttributeReader layer, List<Problem> problems)
    {
        var units = layer.Integer("Units", 0);
        var repeat = layer.Integer("Repeat", 1);
        var slope = layer.Single("Slope", Defaults.Slope);
        var activation = ValueRules.Enumeration(layer, "Activation", default(Activation), problems);
        var initialization = ValueRules.Enumeration(layer, "Initialization", default(Initialization), problems);
        ValueRules.Size(layer, "Units", units, Limits.Units, problems);
        ValueRules.Size(layer, "Repeat", repeat, Limits.Layers, problems);
        ValueRules.Slope(layer, activation, slope, problems);
        var residual = layer.Single("Residual", 0);
        SamplingRules.Residual(layer, residual, problems);
        return new LayerSpec(
            units,
            activation,
            activation == Activation.LeakyRelu ? slope : 0,
            initialization,
            repeat,
            residual,
            layer.Name == MetadataNames.NodeSampledAttribute ? SamplingParser.Nodes(layer, units, activation, problems) : null,
            layer.Name == MetadataNames.InputSampledAttribute ? SamplingParser.Inputs(layer, problems) : null);
    }

    /// <summary>Checks what no layer can tell alone: the number of layers, their repetition, their places, the fit of loss and output.</summary>
    public static void CheckTogether(
        INamedTypeSymbol type, AttributeReader network, int inputs, Loss loss, List<AttributeReader> layers, List<LayerSpec> specs, List<Problem> problems)
    {
        var count = specs.Sum(layer => (long)Math.Max(layer.Repeat, 1));
        if (count > Limits.Layers && specs.All(layer => layer.Repeat <= Limits.Layers))
        {
            problems.Add(new Problem(Descriptors.TooManyLayers, network.Location, type.Name, count, Limits.Layers));
        }

        var repeated = specs.FindIndex(layer => layer.Repeat > 1);
        for (var i = repeated + 1; i < specs.Count; i++)
        {
            if (repeated >= 0 && specs[i].Repeat > 1)
            {
                problems.Add(new Problem(Descriptors.SecondRepeat, layers[i].LocationOf("Repeat"), type.Name));
            }
        }

        for (var i = 0; i < specs.Count; i++)
        {
            var units = specs[i].Units;
            var isLast = i == specs.Count - 1;
            var before = problems.Count;
            if (inputs > 0 && units > 0)
            {
                SamplingRules.CheckPlace(layers[i], specs[i], inputs, isFirst: i == 0, isLast, loss, problems);
            }

            if (specs[i].Repeat > 1 && units > 0 && problems.Count == before)
            {
                // Repetitions after the first have the layer's own units as inputs.
                SamplingRules.CheckPlace(layers[i], specs[i], units, isFirst: false, isLast, loss, problems);
            }

            inputs = units;
        }

        if (specs.Count == 0 || specs[specs.Count - 1].Activation is Activation.Identity)
        {
            return;
        }

        var own = loss switch
        {
            Loss.SoftmaxCrossEntropy => "softmax",
            Loss.BinaryCrossEntropy => "sigmoid",
            _ => null,
        };
        var output = specs[specs.Count - 1].Activation;
        if (own is not null && Enum.IsDefined(typeof(Activation), output))
        {
            problems.Add(new Problem(Descriptors.LossNeedsLogits, layers[layers.Count - 1].LocationOf("Activation"), "Loss." + loss, own, output));
        }
    }
}
