using Microsoft.CodeAnalysis;
using Whittle.Generator.Diagnostics;
using Whittle.Generator.Model;

namespace Whittle.Generator.Parsing;

/// <summary>
/// Reads a class with its attributes. Generator and analyzer both stand on it.
/// </summary>
internal static class NetworkParser
{
    public static ParsedNetwork Parse(INamedTypeSymbol type, CancellationToken cancellation)
    {
        AttributeReader? network = null;
        var layers = new List<AttributeReader>();
        foreach (var attribute in type.GetAttributes())
        {
            if (Is(attribute.AttributeClass, MetadataNames.DenseAttribute)
                || Is(attribute.AttributeClass, MetadataNames.NodeSampledAttribute)
                || Is(attribute.AttributeClass, MetadataNames.InputSampledAttribute))
            {
                layers.Add(new AttributeReader(attribute, cancellation));
            }
            else if (Is(attribute.AttributeClass, MetadataNames.NetworkAttribute))
            {
                if (network is not null)
                {
                    // The compiler reports the second one.
                    return ParsedNetwork.None;
                }

                network = new AttributeReader(attribute, cancellation);
            }
        }

        if (network is null)
        {
            return layers.Count == 0
                ? ParsedNetwork.None
                : new(null, [new Problem(Descriptors.NotANetwork, layers[0].Location, type.Name)], []);
        }

        var problems = new List<Problem>();
        ClassRules.Check(type, network, layers, problems, cancellation);
        if (layers.Count == 0)
        {
            problems.Add(new Problem(Descriptors.NoLayers, network.Location, type.Name));
        }

        foreach (var layer in layers)
        {
            if (layer.Declaration != network.Declaration)
            {
                problems.Add(new Problem(Descriptors.SplitLayers, layer.Location, type.Name));
            }
        }

        if (!network.IsComplete || network.Value("Inputs") is not int inputs || layers.Any(layer => !layer.IsComplete))
        {
            return new(null, problems, []);
        }

        var batchSize = network.Integer("BatchSize", Defaults.BatchSize);
        var loss = ValueRules.Enumeration(network, "Loss", default(Loss), problems);
        ValueRules.Size(network, "Inputs", inputs, Limits.Inputs, problems);
        ValueRules.Size(network, "BatchSize", batchSize, Limits.BatchSize, problems);
        var specs = layers.ConvertAll(layer => LayerParser.Parse(layer, problems));
        LayerParser.CheckTogether(type, network, inputs, loss, layers, specs, problems);
        if (problems.Count > 0)
        {
            return new(null, problems, []);
        }

        var spec = new NetworkSpec(
            SourceNames.Namespace(type),
            SourceNames.ContainingTypes(type),
            SourceNames.Identifier(type.Name),
            SourceNames.Modifiers(type),
            inputs,
            batchSize,
            loss,
            specs.ToEquatableArray());
        return new(spec, [], layers);
    }

    private static bool Is(INamedTypeSymbol? attribute, string name) =>
        attribute is { ContainingNamespace: { Name: MetadataNames.Namespace, ContainingNamespace.IsGlobalNamespace: true } }
        && attribute.Name == name;
}
