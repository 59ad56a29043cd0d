using Whittle.Package.Tests;

[assembly: AssemblyFixture(typeof(PackedLibrary))]

namespace Whittle.Package.Tests;

/// <summary>The library, built and packed once for all tests, apart from the repository's own output directories.</summary>
public sealed class PackedLibrary : IAsyncLifetime
{
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("whittle-package-");

    /// <summary>Version of the package: none that a feed has.</summary>
    public string Version { get; } = $"999.9.{Random.Shared.Next(1, int.MaxValue)}";

    /// <summary>Builds go here; what is built already is not built again.</summary>
    public string Artifacts => Path.Combine(directory.FullName, "artifacts");

    /// <summary>A local feed with nothing but the package.</summary>
    public string Feed => Path.Combine(directory.FullName, "feed");

    /// <summary>The package's file.</summary>
    public string PackageFile => Path.Combine(Feed, $"Whittle.{Version}.nupkg");

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        if (Repository.Root is { } root)
        {
            var pack = await ProgramRun.Dotnet(
                root, "pack", "src/Runtime", "-c", "Release", $"-p:PackageVersion={Version}", "--artifacts-path", Artifacts, "-o", Feed);
            pack.Succeeded();
        }
    }

    /// <summary>Makes an empty directory that is deleted after the tests.</summary>
    public string CreateDirectory(string name) => directory.CreateSubdirectory(name).FullName;

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        directory.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }
}
