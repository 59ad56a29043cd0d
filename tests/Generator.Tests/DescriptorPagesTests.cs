using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Whittle.Generator.Diagnostics;
using Whittle.Generator.Tests.Compilation;

namespace Whittle.Generator.Tests;

public sealed class DescriptorPagesTests
{
    private static readonly string Repository = Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", "..");

    private static readonly string Pages = Path.Combine(Repository, "docs", "diagnostics");

    private static readonly IReadOnlyList<DiagnosticDescriptor> All = typeof(Descriptors)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => field.GetValue(null))
        .OfType<DiagnosticDescriptor>()
        .ToList();

    [Fact]
    public void Every_descriptor_has_a_page_and_every_page_a_descriptor() => Assert.Equal(
        All.Select(descriptor => descriptor.Id + ".md").Append("README.md").Order(StringComparer.Ordinal),
        Directory.EnumerateFiles(Pages).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));

    [Fact]
    public void A_page_names_its_diagnostic_and_tells_cause_example_and_fix()
    {
        foreach (var descriptor in All)
        {
            var page = File.ReadAllText(Path.Combine(Pages, descriptor.Id + ".md"));
            Assert.StartsWith($"# {descriptor.Id}: {descriptor.Title}\n", page, StringComparison.Ordinal);
            Assert.Contains("\n## Cause\n", page);
            Assert.Contains("\n## Example\n", page);
            Assert.Contains("\n## Fix\n", page);
            Assert.Equal(page, File.ReadAllText(Path.Combine(Repository, descriptor.HelpLinkUri)));
        }
    }

    [Fact]
    public void The_example_of_a_page_is_told_of_and_its_fix_is_not()
    {
        foreach (var descriptor in All.Where(descriptor => descriptor.DefaultSeverity >= DiagnosticSeverity.Warning))
        {
            var code = File.ReadAllText(Path.Combine(Pages, descriptor.Id + ".md")).Split("```csharp\n").Skip(1).Select(part => part.Split("\n```")[0]).ToList();
            if (code.Count == 2)
            {
                Assert.Equal([descriptor.Id], Told(code[0], descriptor.Id));
                Assert.Empty(Told(code[1], descriptor.Id));
            }
        }

        // A fix may be one of which there is other advice.
        static IEnumerable<string> Told(string code, string id) => GeneratorRun.Of("using Whittle;\n" + code).Analyze()
            .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error || diagnostic.Id == id)
            .Select(diagnostic => diagnostic.Id)
            .Distinct();
    }

    [Fact]
    public void The_index_lists_every_diagnostic_once()
    {
        var index = File.ReadAllText(Path.Combine(Pages, "README.md"));
        Assert.All(All, descriptor => Assert.Single(
            index.Split('\n'),
            line => line.Contains($"[{descriptor.Id}]({descriptor.Id}.md)", StringComparison.Ordinal) && line.Contains(descriptor.Title.ToString(), StringComparison.Ordinal)));
    }

    [Fact]
    public void Ids_are_unique() => Assert.Equal(All.Count, All.Select(descriptor => descriptor.Id).Distinct().Count());

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
