using System.Reflection;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace Whittle.Bench;

/// <summary>
/// Runs the benchmarks of an assembly with BenchmarkDotNet's own arguments; without any, all of them. With --smoke each
/// runs once, which tells that it works and nothing about its speed.
/// </summary>
internal static class BenchmarkProgram
{
    /// <summary>Runs.</summary>
    /// <returns>The exit code: 0 if every benchmark ran.</returns>
    public static int Run(Assembly assembly, string[] args)
    {
        var smoke = args.Contains("--smoke");
        var arguments = args.Where(argument => argument != "--smoke").ToArray();

        // In this process: no second build, and the code that was tested is the code that is timed.
        var job = (smoke ? Job.Dry : Job.Default).WithToolchain(InProcessEmitToolchain.Instance);
        var config = ManualConfig.Create(DefaultConfig.Instance).AddJob(job).AddDiagnoser(MemoryDiagnoser.Default);
        var summaries = BenchmarkSwitcher.FromAssembly(assembly).Run(arguments.Length == 0 ? ["--filter", "*"] : arguments, config).ToArray();
        var reports = summaries.SelectMany(summary => summary.Reports).ToArray();
        var failed = reports.Count(report => !report.Success) + summaries.Count(summary => summary.HasCriticalValidationErrors);
        Console.WriteLine($"{reports.Length - failed} benchmarks ran, {failed} failed");
        return reports.Length == 0 || failed > 0 ? 1 : 0;
    }
}
