using System.Diagnostics;
using System.Globalization;
using Whittle.Bench.Peers.Cases;
using Whittle.Bench.Peers.Contenders;
using Whittle.Bench.Peers.Networks;
using Whittle.Bench.Peers.Protocol;
using Whittle.Examples.Measurements;

namespace Whittle.Bench.Peers.Measurement;

/// <summary>This program run once more with other settings of the runtime: the only argument says what for.</summary>
internal static class ChildProcess
{
    /// <summary>Prints the peak of the multiply-adds in GFLOP/s.</summary>
    public const string Peak = "child-peak";

    /// <summary>Makes the network of the large cases, does one training step, and prints its loss.</summary>
    public const string FirstStep = "child-first-step";

    /// <summary>Does every kind of work of every declared network once.</summary>
    public const string Exercise = "child-exercise";

    /// <summary>Serves as a contender over its standard input and output.</summary>
    public const string Worker = "child-worker";

    /// <summary>Does what a child process is for; false if the arguments are not a child's.</summary>
    public static bool Serve(string[] args)
    {
        switch (args)
        {
            case [Peak]:
                Console.WriteLine(PeakArithmetic.Measure().ToString("R", CultureInfo.InvariantCulture));
                return true;
            case [FirstStep]:
                DoFirstStep();
                return true;
            case [Exercise]:
                DoExercise();
                return true;
            case [Worker]:
                WorkerLoop.Serve(new OwnContender(), Console.OpenStandardInput(), Console.OpenStandardOutput());
                return true;
            default:
                return false;
        }
    }

    /// <summary>How to start it.</summary>
    public static ProcessStartInfo StartInfo(string argument, params ReadOnlySpan<(string Name, string Value)> environment)
    {
        var info = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        // Started as "dotnet program.dll", the path is dotnet's.
        if (Path.GetFileNameWithoutExtension(info.FileName).Equals("dotnet", StringComparison.OrdinalIgnoreCase))
        {
            info.ArgumentList.Add(typeof(ChildProcess).Assembly.Location);
        }

        info.ArgumentList.Add(argument);
        foreach (var (name, value) in environment)
        {
            info.Environment[name] = value;
        }

        return info;
    }

    /// <summary>Runs it to its end and reads the number that it prints.</summary>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public static double Measure(string argument, params ReadOnlySpan<(string Name, string Value)> environment)
    {
        using var process = Process.Start(StartInfo(argument, environment))!;
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync();
        var text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 && double.TryParse(text, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new InvalidOperationException($"The child process '{argument}' failed: {errors.Result.ReplaceLineEndings(" ")}");
    }

    private static void DoFirstStep()
    {
        using var network = new WideBatch20();
        using var session = new TrainingSession(network, new StepOptions { Optimizer = Optimizer.Sgd() });
        var inputs = new float[20 * 784];
        inputs.AsSpan().Fill(0.5f);
        Console.WriteLine(session.Step(inputs, new int[20]).ToString("R", CultureInfo.InvariantCulture));
    }

    private static void DoExercise()
    {
        var workloads = WorkloadFactory.Create(null);
        foreach (var network in DeclaredNetworks.All)
        {
            // Single products are timed of the large network alone.
            var isWide = network.Shape == DeclaredNetworks.Wide;
            foreach (var work in Enum.GetValues<Work>().Where(work => isWide || work is not (Work.InputGradient or Work.WeightGradient)))
            {
                var input = isWide ? InputKind.Images : InputKind.Dense;
                var test = new BenchmarkCase(network.ClassName, network.Shape, work, network.BatchSize, input, ContenderKind.Own, []);
                using var contender = new OwnContender();
                using var run = contender.Start(workloads.Create(test));
                run.Time(1, 1);
            }
        }

        Console.WriteLine(DeclaredNetworks.All.Count);
    }
}
