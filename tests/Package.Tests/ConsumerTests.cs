using System.Globalization;
using System.Text.RegularExpressions;

namespace Whittle.Package.Tests;

/// <summary>A project that has the package from a feed and sets nothing else.</summary>
public sealed partial class ConsumerTests(PackedLibrary library)
{
    private const string Program = """
        using Whittle;

        var train = StrokeDigits.Generate(500, seed: 1);
        using var network = new SmallDigits(seed: 2);
        var before = network.Evaluate(train).Loss;
        Trainer.Fit(network, train, new TrainingOptions { Epochs = 3, Optimizer = Optimizer.Adam(2e-3f) });
        Console.WriteLine(FormattableString.Invariant($"loss {before:R} then {network.Evaluate(train).Loss:R}"));
        Console.WriteLine($"runs in {network.InstructionSet}");

        [Network(Inputs = 784, BatchSize = 20)]
        [Dense(32, Activation.Relu)]
        [Dense(10)]
        internal sealed partial class SmallDigits : INetwork<SmallDigits>;
        """;

    [Fact]
    public async Task A_project_with_nothing_but_the_package_builds_without_a_warning_and_trains()
    {
        var project = CreateProject("consumer");
        (await Build(project, "-warnaserror")).Succeeded();

        var output = (await ProgramRun.Start(Path.Combine(project, "out", "Consumer"), project)).Succeeded().Output;
        var losses = Losses().Match(output);
        Assert.True(losses.Success, output);
        Assert.InRange(Number(losses.Groups[2]), 0, 0.7 * Number(losses.Groups[1]));
        Assert.Matches("(?m)^runs in (Portable|Avx2|Avx512)$", output);
    }

    [Fact]
    public async Task With_the_generator_switched_off_the_build_fails()
    {
        var build = await Build(CreateProject("without-generator"), "-p:DisableWhittleSourceGenerator=true");

        Assert.NotEqual(0, build.ExitCode);
        // The declaration itself is wrong then, not only its uses: SmallDigits is no CompiledNetwork and implements nothing.
        Assert.Matches(@"error CS0(311|535): .*SmallDigits.*INetwork", build.Output);
    }

    [Fact]
    public async Task What_is_wrong_with_a_declaration_is_told_by_the_build()
    {
        var project = CreateProject("flawed");
        File.WriteAllText(Path.Combine(project, "Flawed.cs"), """
            using Whittle;

            [Network(Inputs = 784), Dense(0)]
            internal sealed partial class NoUnits : INetwork<NoUnits>;

            [Network(Inputs = 784), Dense(10)]
            internal sealed class NotPartial : INetwork<NotPartial>;

            [Dense(10)]
            internal sealed partial class NoNetwork : INetwork<NoNetwork>;
            """);
        var build = await Build(project, "-p:WarningLevel=9999");

        Assert.NotEqual(0, build.ExitCode);
        Assert.Matches(@"Flawed\.cs\(3,31\): error WHT0011: Units is 0, .*docs/diagnostics/WHT0011\.md", build.Output);
        Assert.Matches(@"Flawed\.cs\(7,23\): error WHT0001: .*NotPartial", build.Output);
        Assert.Matches(@"Flawed\.cs\(9,2\): error WHT0009: .*NoNetwork", build.Output);
    }

    private string CreateProject(string name)
    {
        Assert.SkipWhen(Repository.Root is null, "The tests run outside the repository.");
        var project = library.CreateDirectory(name);
        File.WriteAllText(Path.Combine(project, "Program.cs"), Program);
        File.WriteAllText(Path.Combine(project, "Consumer.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <OutputType>Exe</OutputType>
                <ImplicitUsings>enable</ImplicitUsings>
                <Nullable>enable</Nullable>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="Whittle" Version="{library.Version}" />
              </ItemGroup>
            </Project>
            """);

        // The machine's feeds stay; what it has restored before is not downloaded again.
        File.WriteAllText(Path.Combine(project, "nuget.config"), $"""
            <configuration>
              <packageSources>
                <add key="packed" value="{library.Feed}" />
              </packageSources>
              <fallbackPackageFolders>
                <add key="restored" value="{RestoredPackages()}" />
              </fallbackPackageFolders>
            </configuration>
            """);
        return project;
    }

    private static Task<ProgramRun> Build(string project, string option) => ProgramRun.Dotnet(
        project, "build", "-c", "Release", "-o", "out", $"-p:RestorePackagesPath={Path.Combine(project, "packages")}", "-p:NuGetAudit=false", option);

    private static string RestoredPackages() => Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } given
        ? given
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    private static double Number(Group group) => double.Parse(group.Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^loss (\S+) then (\S+)$", RegexOptions.Multiline)]
    private static partial Regex Losses();
}
