using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using System.Text.RegularExpressions;

namespace Whittle.Package.Tests;

/// <summary>Publishes tests/Aot.Smoke with NativeAOT and runs it.</summary>
public sealed partial class AheadOfTimeTests(PackedLibrary library)
{
    private const long LargestProgram = 4 * 1024 * 1024;

    [Fact]
    public async Task A_program_compiled_ahead_of_time_is_small_and_trains_in_the_widest_vectors_of_the_processor()
    {
        var root = Repository.Root;
        Assert.SkipWhen(root is null, "The tests run outside the repository.");
        Assert.SkipUnless(
            OperatingSystem.IsLinux() && RuntimeInformation.OSArchitecture == Architecture.X64, "The program is published for x64 Linux only.");
        Assert.SkipUnless(IsInstalled("clang") || IsInstalled("gcc"), "NativeAOT links with clang or gcc, and neither is installed.");

        var target = library.CreateDirectory("published");
        var publish = await ProgramRun.Dotnet(
            root, "publish", "tests/Aot.Smoke", "-c", "Release", "-r", "linux-x64", "--artifacts-path", library.Artifacts, "-o", target, "-p:IlcInstructionSet=native");
        Assert.SkipWhen(CompilerIsMissing().IsMatch(publish.Output), "No feed has the package of NativeAOT's compiler.");
        publish.Succeeded();
        Assert.DoesNotContain("warning", publish.Output);

        var program = new FileInfo(Path.Combine(target, "whittle-aot-smoke"));
        Assert.InRange(program.Length, 1, LargestProgram);
        var output = (await ProgramRun.Start(program.FullName, target)).Succeeded().Output;
        Assert.Contains("compiled ahead of time: True", output);
        Assert.Contains("equal after loading: 200 of 200", output);
        // Some processors have AVX-512 and are better off without.
        Assert.Matches($"(?m)^instruction set: {(Avx512F.IsSupported ? "(Avx512|Avx2)" : Avx2.IsSupported && Fma.IsSupported ? "Avx2" : "Portable")}$", output);
    }

    private static bool IsInstalled(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Any(directory => File.Exists(Path.Combine(directory, program)));

    [GeneratedRegex(@"error NU1\d+: .*ILCompiler", RegexOptions.IgnoreCase)]
    private static partial Regex CompilerIsMissing();
}
