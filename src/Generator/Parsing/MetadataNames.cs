namespace Whittle.Generator.Parsing;

/// <summary>The names by which the generator finds the declarations of the runtime.</summary>
internal static class MetadataNames
{
    public const string Namespace = "Whittle";
    public const string Network = "Whittle.NetworkAttribute";
    public const string Dense = "Whittle.DenseAttribute";
    public const string NodeSampled = "Whittle.NodeSampledAttribute";
    public const string InputSampled = "Whittle.InputSampledAttribute";
    public const string DenseAttribute = "DenseAttribute";
    public const string NodeSampledAttribute = "NodeSampledAttribute";
    public const string InputSampledAttribute = "InputSampledAttribute";
    public const string NetworkAttribute = "NetworkAttribute";
    public const string NetworkInterface = "INetwork";
    public const string BaseClass = "CompiledNetwork";
}
