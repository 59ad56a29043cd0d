using System.Globalization;
using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Whittle.Generator.Diagnostics;

namespace Whittle.Generator.Tests.Compilation;

/// <summary>
/// One run of the generator over sources, as the compiler would do it, under a hostile culture. Every run also checks
/// that no exception escaped and that a second run of the same input is answered from the cache.
/// </summary>
internal sealed class GeneratorRun
{
    public const string Embedded = "Microsoft.CodeAnalysis.EmbeddedAttribute.cs";

    /// <summary>Every input grows from this one, so that the references are read once.</summary>
    private static readonly CSharpCompilation Empty = ReadReferences(CSharpCompilation.Create(
        "Consumer",
        references: References.All,
        options: new CSharpCompilationOptions(
            OutputKind.DynamicallyLinkedLibrary, warningLevel: 9999, nullableContextOptions: NullableContextOptions.Enable)));

    private readonly GeneratorDriver driver;

    private GeneratorRun(CSharpCompilation input, GeneratorDriver driver, CSharpCompilation output)
    {
        Input = input;
        Output = output;
        this.driver = driver;
        Result = driver.GetRunResult().Results.Single();
        Assert.Null(Result.Exception);
    }

    /// <summary>What the user wrote.</summary>
    public CSharpCompilation Input { get; }

    /// <summary>The same with the generated files.</summary>
    public CSharpCompilation Output { get; }

    public GeneratorRunResult Result { get; }

    /// <summary>The generated files by their names, without the attribute that every project gets.</summary>
    public SortedDictionary<string, string> Files => new(
        Result.GeneratedSources.Where(source => source.HintName != Embedded).ToDictionary(source => source.HintName, source => source.SourceText.ToString()),
        StringComparer.Ordinal);

    public static GeneratorRun Of(params string[] sources) => Of(new NetworkGenerator(), LanguageVersion.Latest, [], sources);

    public static GeneratorRun Of(NetworkGenerator generator, LanguageVersion language, (string Key, string Value)[] options, params string[] sources)
    {
        // Documentation is read too: a malformed comment in generated code would be the consumer's warning.
        var parse = new CSharpParseOptions(language, DocumentationMode.Diagnose);
        var input = Empty.AddSyntaxTrees(sources.Select((source, i) =>
            CSharpSyntaxTree.ParseText(source, parse, path: $"Source{i}.cs", encoding: System.Text.Encoding.UTF8)).ToArray());
        GeneratorDriver driver = CSharpGeneratorDriver.Create(
            [generator.AsSourceGenerator()],
            optionsProvider: new BuildOptions(options),
            parseOptions: parse,
            driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));
        var run = Next(driver, input);
        IncrementalCache.AssertUnchanged(Next(run.driver, (CSharpCompilation)run.Input.Clone()).Result);
        IncrementalCache.AssertValuesOnly(run.Result);
        return run;
    }

    /// <summary>Runs the same generator over the input with one source replaced or added, as an editor would.</summary>
    public GeneratorRun After(int source, string text)
    {
        var old = source < Input.SyntaxTrees.Length ? Input.SyntaxTrees[source] : null;
        var tree = CSharpSyntaxTree.ParseText(text, (CSharpParseOptions)Input.SyntaxTrees[0].Options, path: $"Source{source}.cs");
        return Next(driver, old is null ? Input.AddSyntaxTrees(tree) : Input.ReplaceSyntaxTree(old, tree));
    }

    /// <summary>What generator and analyzer say about the user's sources; the analyzer sees the generated parts of networks too.</summary>
    /// <param name="options">MSBuild properties as the analyzer sees them.</param>
    public IReadOnlyList<Diagnostic> Analyze(params (string Key, string Value)[] options)
    {
        // It looks at declarations only; without the kernels there is less to bind.
        var analyzers = Output.RemoveSyntaxTrees(Output.SyntaxTrees.Where(IsKernel)).WithAnalyzers([new NetworkAnalyzer()], new AnalyzerOptions([], new BuildOptions(options)));
        var diagnostics = HostileCulture.Run(() => analyzers.GetAnalyzerDiagnosticsAsync().GetAwaiter().GetResult());
        Assert.DoesNotContain(diagnostics, diagnostic => diagnostic.Id == "AD0001");
        return [.. Result.Diagnostics, .. diagnostics];
    }

    /// <summary>Errors of the compiler about all but the kernels, which depend on shapes only.</summary>
    public IReadOnlyList<Diagnostic> DeclarationErrors() => Output.SyntaxTrees
        .Where(tree => !IsKernel(tree))
        .SelectMany(tree => Output.GetSemanticModel(tree).GetDiagnostics())
        .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)
        .ToList();

    /// <summary>Errors and warnings of the compiler; missing documentation counts in generated files only.</summary>
    public IReadOnlyList<Diagnostic> CompilerDiagnostics() => Output.GetDiagnostics()
        .Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning)
        .Where(diagnostic => diagnostic.Id != "CS1591" || !IsInput(diagnostic))
        .ToList();

    /// <summary>Whether the diagnostic is about what the user wrote.</summary>
    public bool IsInput(Diagnostic diagnostic) => diagnostic.Location.SourceTree is { } tree && Input.SyntaxTrees.Contains(tree);

    /// <summary>Asserts that everything compiles without a warning, and shows the sources where it does not.</summary>
    public GeneratorRun AssertCompiles()
    {
        Assert.Empty(Result.Diagnostics);
        var diagnostics = CompilerDiagnostics();
        if (diagnostics.Count > 0)
        {
            var sources = diagnostics.Select(diagnostic => diagnostic.Location.SourceTree).Where(tree => tree is not null).Distinct();
            Assert.Fail(string.Join('\n', diagnostics.Take(20).Select(diagnostic => diagnostic.ToString()))
                + "\n" + string.Join('\n', sources.Select(tree => tree!.FilePath + "\n" + Numbered(tree.ToString()))));
        }

        return this;
    }

    /// <summary>Compiles and loads the assembly.</summary>
    public Assembly Load()
    {
        AssertCompiles();
        using var image = new MemoryStream();
        var emitted = Output.Emit(image);
        Assert.True(emitted.Success, string.Join('\n', emitted.Diagnostics));
        image.Position = 0;
        return new AssemblyLoadContext(null, isCollectible: true).LoadFromStream(image);
    }

    private static GeneratorRun Next(GeneratorDriver driver, CSharpCompilation input) => HostileCulture.Run(() =>
    {
        var next = driver.RunGeneratorsAndUpdateCompilation(input, out var output, out _);
        return new GeneratorRun(input, next, (CSharpCompilation)output);
    });

    private static CSharpCompilation ReadReferences(CSharpCompilation compilation)
    {
        Assert.Empty(compilation.GetDiagnostics());
        return compilation;
    }

    private static bool IsKernel(SyntaxTree tree) => Path.GetFileName(tree.FilePath).StartsWith("Whittle.", StringComparison.Ordinal);

    private static string Numbered(string text) =>
        string.Join('\n', text.Split('\n').Select((line, i) => string.Create(CultureInfo.InvariantCulture, $"{i + 1,5}: {line}")));

    private sealed class BuildOptions((string Key, string Value)[] options) : AnalyzerConfigOptionsProvider
    {
        public override AnalyzerConfigOptions GlobalOptions { get; } = new Values(options);

        public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => GlobalOptions;

        public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) => GlobalOptions;

        private sealed class Values((string Key, string Value)[] options) : AnalyzerConfigOptions
        {
            public override bool TryGetValue(string key, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out string? value)
            {
                value = options.FirstOrDefault(option => option.Key == key).Value;
                return value is not null;
            }
        }
    }
}
