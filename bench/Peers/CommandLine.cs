using System.CommandLine;
using Whittle.Bench.Peers.Cases;
using Whittle.Bench.Peers.Contenders;
using Whittle.Bench.Peers.Measurement;
using Whittle.Bench.Peers.Reporting;

namespace Whittle.Bench.Peers;

/// <summary>The program's options. Wrong usage is exit code 2, everything else that goes wrong one line and 1.</summary>
internal sealed class CommandLine
{
    private const int Failed = 1;
    private const int WrongUsage = 2;
    private const int Interrupted = 130;

    // An interrupted run ends when the turn that is being timed has ended.
    private static readonly TimeSpan LongestTurn = TimeSpan.FromMinutes(1);

    private readonly Option<DirectoryInfo?> data = new("--data")
    {
        Description = "Directory with the IDX files of MNIST or a relative, plain or gzip. Default: the built-in drawn digits.",
        HelpName = "DIR",
    };

    private readonly Option<string?> filter = new("--filter")
    {
        Description = "Only cases whose name contains this text or, with * or ?, matches it.",
        HelpName = "TEXT",
    };

    private readonly Option<bool> list = new("--list") { Description = "Print the names of the cases and end." };

    private readonly Option<bool> quick = new("--quick") { Description = "Fewer and shorter rounds: a first look." };

    private readonly Option<bool> smoke = new("--smoke") { Description = "A few cases, once, without peers in other processes: tells that the program works." };

    private readonly Option<FileInfo?> json = new("--json") { Description = "Write the rows of the table to this file.", HelpName = "FILE" };

    private readonly Option<string?> python = new("--python")
    {
        Description = "The Python interpreter that has PyTorch. Default: python3, then /usr/bin/python3.",
        HelpName = "PROGRAM",
    };

    private readonly Option<FileInfo?> torchWorker = new("--torch-worker")
    {
        Description = "The built program of bench/Peers.Torch. Default: the one in its own bin directory.",
        HelpName = "DLL",
    };

    private readonly Option<string?> torchLauncher = new("--torch-launcher")
    {
        Description = "Words to put before the TorchSharp worker's command, to run it where its native library loads.",
        HelpName = "COMMAND",
    };

    private readonly Option<FileInfo?> aotWorker = new("--aot-worker")
    {
        Description = "The published program of bench/Peers.Aot. Default: the one in its own publish directory.",
        HelpName = "PROGRAM",
    };

    /// <summary>Runs a command line.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        var options = new CommandLine();
        var root = new RootCommand(
            "Compares Whittle with ONNX Runtime, TorchSharp, PyTorch on OpenBLAS and generic C#, in turns in one run, on the same weights and batches.")
        {
            options.data, options.filter, options.list, options.quick, options.smoke, options.json, options.python, options.torchWorker, options.torchLauncher, options.aotWorker,
        };
        root.SetAction((parsed, cancellation) => Task.Run(() => options.Run(parsed, cancellation), CancellationToken.None));
        var result = root.Parse(args);
        if (result.Errors.Count > 0)
        {
            foreach (var problem in result.Errors)
            {
                await Console.Error.WriteLineAsync(problem.Message);
            }

            await Console.Error.WriteLineAsync("Run it with --help to see what it takes.");
            return WrongUsage;
        }

        try
        {
            return await result.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = LongestTurn });
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("Interrupted.");
            return Interrupted;
        }
        catch (Exception thrown)
        {
            var exception = thrown;

            // What a static field met, such as an instruction set that does not exist, comes wrapped.
            while (exception is TypeInitializationException { InnerException: { } cause })
            {
                exception = cause;
            }

            await Console.Error.WriteLineAsync($"error: {exception.Message.ReplaceLineEndings(" ")}");
            return Failed;
        }
    }

    private int Run(ParseResult parsed, CancellationToken cancellation)
    {
        var isSmoke = parsed.GetValue(smoke);
        var text = parsed.GetValue(filter);
        var cases = CaseCatalog.Select(isSmoke ? CaseCatalog.Smoke : CaseCatalog.All, text);
        if (cases.Count == 0)
        {
            throw new InvalidOperationException($"No case{(isSmoke ? " of --smoke" : "")} matches '{text}'; --list{(isSmoke ? " --smoke" : "")} prints their names.");
        }

        if (parsed.GetValue(list))
        {
            foreach (var test in cases)
            {
                Console.WriteLine(test.Name);
            }

            return 0;
        }

        var target = parsed.GetValue(json);
        if (target is { Directory.Exists: false })
        {
            throw new InvalidOperationException($"The directory {target.Directory} of --json does not exist; create it first.");
        }

        if (Directory.Exists(target?.FullName))
        {
            throw new InvalidOperationException($"{target.FullName} of --json is a directory; name a file in it.");
        }

        try
        {
            // Now rather than after the run, which leaves no empty file if it is interrupted.
            var exists = target is { Exists: true };
            target?.Open(FileMode.OpenOrCreate, FileAccess.Write).Dispose();
            if (!exists)
            {
                target?.Delete();
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException($"{target!.FullName} of --json cannot be written: {exception.Message}", exception);
        }

        var terminal = new Terminal();
        using var contenders = new ContenderSet(new PeerOptions(parsed.GetValue(python), parsed.GetValue(torchLauncher), parsed.GetValue(torchWorker), parsed.GetValue(aotWorker)));
        var effort = isSmoke ? Effort.Smoke : parsed.GetValue(quick) ? Effort.Quick : Effort.Full;
        var (machine, workloads) = terminal.Wait("measures the machine and reads the data", () => (Machine.Measure(), WorkloadFactory.Create(parsed.GetValue(data))));
        var comparison = new Comparison(contenders, workloads, effort);
        var results = new List<CaseResult>();
        OwnFacts? own = null;
        try
        {
            foreach (var test in cases)
            {
                results.Add(terminal.Wait($"{test.Name} ({results.Count + 1} of {cases.Count})", () => comparison.Run(test, cancellation)));
                terminal.WriteProgress(results[^1]);
            }

            own = terminal.Wait("checks allocation, start and compilation", () => OwnFacts.Measure(effort, cancellation));
            machine = machine.BestOf(terminal.Wait("measures the machine again", Machine.Measure));
        }
        catch (Exception exception) when (results.Count > 0 && (exception is OperationCanceledException || cancellation.IsCancellationRequested))
        {
            // What was measured until then is told; the run still ends as an interrupted one. A terminal interrupts the child processes too, which then fail.
        }

        var report = new Report(machine, [.. contenders.Started.Select(contender => (contender.Name, contender.Version))], results, own);
        report.WriteTable(terminal.Console);
        foreach (var absence in contenders.Absences)
        {
            terminal.WriteLine(absence);
        }

        if (isSmoke)
        {
            terminal.WriteLine("This run only tells that the program works: it measured for an instant, and without warm-up.");
        }

        if (target is not null)
        {
            File.WriteAllText(target.FullName, report.ToJson());
        }

        string[] problems = [.. comparison.Disagreements, .. own?.Problems ?? []];
        foreach (var problem in problems)
        {
            Console.Error.WriteLine($"error: {problem}");
        }

        if (own is null)
        {
            Console.Error.WriteLine($"Interrupted after {results.Count} of {cases.Count} cases.");
            return Interrupted;
        }

        return problems.Length == 0 ? 0 : Failed;
    }
}
