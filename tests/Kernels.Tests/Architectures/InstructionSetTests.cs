using System.Runtime.InteropServices;
using Whittle.Generator.Isa;
using Whittle.Generator.Scheduling;

namespace Whittle.Kernels.Tests;

/// <summary>The kernels that run are those that the environment and the processor demand.</summary>
public class InstructionSetTests
{
    private static readonly string? Override = Environment.GetEnvironmentVariable(InstructionSets.OverrideVariable);

    [Theory]
    [InlineData("DOTNET_EnableHWIntrinsic", InstructionSet.Portable)]
    [InlineData("DOTNET_EnableAVX2", InstructionSet.Portable)]
    [InlineData("DOTNET_EnableAVX512", InstructionSet.Avx2)]
    public void A_switch_of_the_runtime_limits_the_instruction_set(string variable, InstructionSet most)
    {
        Assert.SkipUnless(IsOff(variable), $"{variable} is not 0 in this run.");
        Assert.True(InstructionSets.Supported <= most, $"{variable}=0 leaves at most {most}, but {InstructionSets.Supported} was chosen.");
    }

    [Fact]
    public void The_instruction_set_is_the_widest_of_the_processor()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64, "Reads the flags of an x64 processor from /proc/cpuinfo.");
        var flags = Flags();
        var hasAvx2 = flags.IsSupersetOf(["avx2", "fma", "bmi1", "bmi2"]) && !IsOff("DOTNET_EnableHWIntrinsic") && !IsOff("DOTNET_EnableAVX2") && !IsOff("DOTNET_EnableAVX");
        var hasAvx512 = hasAvx2 && HasAvx512(flags) && !IsOff("DOTNET_EnableAVX512");
        Assert.Equal(hasAvx512 ? InstructionSet.Avx512 : hasAvx2 ? InstructionSet.Avx2 : InstructionSet.Portable, InstructionSets.Supported);
    }

    [Fact]
    public void The_active_instruction_set_is_the_override_or_else_the_supported_one()
    {
        var wanted = string.IsNullOrWhiteSpace(Override) ? InstructionSets.Supported : Enum.Parse<InstructionSet>(Override, ignoreCase: true);
        Assert.Equal(wanted, InstructionSets.Active);
    }

    [Fact]
    public void Avx512_runs_where_the_processor_has_it()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && HasAvx512(Flags()), "The processor has no AVX-512.");
        Assert.SkipWhen(new[] { "DOTNET_EnableAVX512", "DOTNET_EnableAVX2", "DOTNET_EnableHWIntrinsic" }.Any(IsOff), "AVX-512 is switched off in this run.");
        Assert.SkipUnless(string.IsNullOrWhiteSpace(Override), $"{InstructionSets.OverrideVariable} is set in this run.");
        AssertRuns(InstructionSet.Avx512);
    }

    [Fact]
    public void A_network_says_which_instruction_set_runs_it() => AssertRuns(InstructionSets.Active);

    [Fact]
    public void Generator_and_runtime_agree_on_the_width_of_a_panel() => Assert.All(Enum.GetValues<InstructionSet>(), set =>
        Assert.Equal(InstructionSets.PanelWidth(set), Scheduler.PanelWidth(InstructionTable.Named(set.ToString()))));

    /// <summary>Kernels of every other instruction set throw when they run.</summary>
    private static void AssertRuns(InstructionSet expected)
    {
        using var compiled = new GeneratedNetworks(["using Whittle; [Network(Inputs = 5)] [Dense(3, Activation.Relu)] [Dense(2)] sealed partial class Small : INetwork<Small>;"]);
        using var network = compiled.Create("Small", seed: 1, depth: 0);
        Assert.Equal(expected, network.InstructionSet);
        Assert.Equal(expected, InstructionSets.Active);
        using var session = new TrainingSession(network, new StepOptions { Optimizer = Optimizer.Sgd() });
        Assert.True(double.IsFinite(session.Step([1, 2, 3, 4, 5], [1])));
        Assert.True(double.IsFinite(session.Step([1, 2, 3, 4, 5, 5, 4, 3, 2, 1], [1, 0])));
    }

    private static bool IsOff(string variable) => Environment.GetEnvironmentVariable(variable) == "0";

    /// <summary>What .NET asks for before it uses 512-bit vectors.</summary>
    private static bool HasAvx512(HashSet<string> flags) => flags.IsSupersetOf(["avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"]);

    private static HashSet<string> Flags() =>
        [.. File.ReadLines("/proc/cpuinfo").First(line => line.StartsWith("flags", StringComparison.Ordinal)).Split(':')[1].Split(' ', StringSplitOptions.RemoveEmptyEntries)];
}
