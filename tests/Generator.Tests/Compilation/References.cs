using Microsoft.CodeAnalysis;

namespace Whittle.Generator.Tests.Compilation;

/// <summary>What a consumer's project refers to: the framework of this process and the runtime library.</summary>
internal static class References
{
    public static IReadOnlyList<MetadataReference> All { get; } = Find();

    private static List<MetadataReference> Find()
    {
        var framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        return ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Where(path => Path.GetDirectoryName(path) == framework)
            .Append(typeof(NetworkAttribute).Assembly.Location)
            .Select(path => (MetadataReference)MetadataReference.CreateFromFile(path))
            .ToList();
    }
}
