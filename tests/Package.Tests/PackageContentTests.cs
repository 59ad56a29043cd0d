using System.IO.Compression;
using System.Xml.Linq;

namespace Whittle.Package.Tests;

public sealed class PackageContentTests
{
    private readonly string[] entries;
    private readonly XElement metadata;

    public PackageContentTests(PackedLibrary library)
    {
        Assert.SkipWhen(Repository.Root is null, "The tests run outside the repository.");
        using var package = ZipFile.OpenRead(library.PackageFile);
        entries = [.. package.Entries.Select(entry => entry.FullName).Order(StringComparer.Ordinal)];
        using var nuspec = package.GetEntry("Whittle.nuspec")!.Open();
        metadata = XDocument.Load(nuspec).Root!.Elements().Single();
    }

    [Fact]
    public void The_runtime_comes_with_its_documentation() =>
        Assert.Equal(["lib/net10.0/Whittle.dll", "lib/net10.0/Whittle.xml"], Below("lib/"));

    [Fact]
    public void The_generator_is_the_only_analyzer() =>
        Assert.Equal(["analyzers/dotnet/cs/Whittle.Generator.dll"], Below("analyzers/"));

    [Fact]
    public void The_build_files_reach_direct_and_indirect_users()
    {
        Assert.Equal(["build/Whittle.props", "build/Whittle.targets"], Below("build/"));
        Assert.Equal(["buildTransitive/Whittle.props", "buildTransitive/Whittle.targets"], Below("buildTransitive/"));
    }

    [Fact]
    public void The_readme_and_the_licence_are_declared()
    {
        Assert.Contains("README.md", entries);
        Assert.Equal("README.md", Value("readme"));
        Assert.Equal("MIT", Value("license"));
    }

    [Fact]
    public void Pages_to_which_the_readme_and_the_diagnostics_refer_are_in_it()
    {
        var docs = Path.Combine(Repository.Root!, "docs");
        Assert.Equal(
            Directory.EnumerateFiles(docs, "*.md", SearchOption.AllDirectories)
                .Select(page => "docs/" + Path.GetRelativePath(docs, page).Replace('\\', '/'))
                .Order(StringComparer.Ordinal),
            Below("docs/"));
    }

    [Fact]
    public void Only_what_the_runtime_uses_is_a_dependency()
    {
        var dependencies = metadata.Descendants().Where(element => element.Name.LocalName == "dependency");
        Assert.Equal(
            ["CsvHelper", "System.Numerics.Tensors"],
            dependencies.Select(dependency => (string)dependency.Attribute("id")!).Order(StringComparer.Ordinal));
    }

    private string[] Below(string folder) => [.. entries.Where(entry => entry.StartsWith(folder, StringComparison.Ordinal))];

    private string Value(string name) => metadata.Elements().Single(element => element.Name.LocalName == name).Value;
}
