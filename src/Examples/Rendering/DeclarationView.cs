using System.Globalization;

namespace Whittle.Examples.Rendering;

/// <summary>Writes a network as it was declared.</summary>
internal static class DeclarationView
{
    public static void Write(Terminal terminal, NetworkDescription network)
    {
        terminal.WriteLine($"[Network(Inputs = {network.Inputs}, BatchSize = {network.BatchSize})]");
        foreach (var layer in network.Layers)
        {
            terminal.WriteLine($"[{Attribute(layer)}]");
        }

        var name = network.Name[(network.Name.LastIndexOf('.') + 1)..];
        terminal.WriteLine($"public sealed partial class {name} : INetwork<{name}>;");
        terminal.WriteLine();
    }

    /// <summary>The attribute that declares a layer, settings that its selector does not read left out.</summary>
    public static string Attribute(LayerDescription layer)
    {
        var arguments = new List<string> { $"{layer.Outputs}" };
        if (layer.Activation != Activation.Identity)
        {
            arguments.Add($"Activation.{layer.Activation}");
        }

        arguments.AddRange(layer.NodeSampling is { } nodes ? Settings(nodes) : layer.InputSampling is { } inputs ? Settings(inputs) : []);
        if (layer.Residual != 0)
        {
            arguments.Add($"Residual = {Text(layer.Residual)}");
        }

        return $"{Kind(layer)}({string.Join(", ", arguments)})";
    }

    /// <summary>The name of the attribute that declares a layer.</summary>
    public static string Kind(LayerDescription layer) => layer.NodeSampling is not null ? "NodeSampled" : layer.InputSampling is not null ? "InputSampled" : "Dense";

    private static IEnumerable<string> Settings(NodeSampling nodes)
    {
        yield return $"Selector = NodeSelector.{nodes.Selector}";
        if (nodes.Selector != NodeSelector.Adaptive)
        {
            yield return $"Share = {Text(nodes.Share)}";
        }

        if (nodes.Scaling != NodeScaling.None)
        {
            yield return $"Scaling = NodeScaling.{nodes.Scaling}";
        }

        if (nodes.Sharing != NodeSharing.Sample)
        {
            yield return $"Sharing = NodeSharing.{nodes.Sharing}";
        }

        switch (nodes.Selector)
        {
            case NodeSelector.Adaptive:
                yield return $"Alpha = {Text(nodes.Alpha)}, Beta = {Text(nodes.Beta)}";
                break;
            case NodeSelector.LowRank:
                yield return $"Rank = {nodes.Rank}, Refresh = {nodes.Refresh}";
                break;
            case NodeSelector.Lsh:
                yield return $"Family = HashFamily.{nodes.Family}, Bits = {nodes.Bits}, Tables = {nodes.Tables}, Query = BucketQuery.{nodes.Query}";
                break;
        }

        yield return $"Inference = NodeInference.{nodes.Inference}";
    }

    private static IEnumerable<string> Settings(InputSampling inputs)
    {
        yield return $"Estimator = InputEstimator.{inputs.Estimator}";
        yield return $"Share = {Text(inputs.Share)}";
        yield return $"Products = SampledProducts.{inputs.Products}";
        if (inputs.Reuse > 1)
        {
            yield return $"Reuse = {inputs.Reuse}";
        }
    }

    private static string Text(float value) => value.ToString(CultureInfo.InvariantCulture);
}
