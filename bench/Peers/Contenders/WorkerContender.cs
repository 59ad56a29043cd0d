using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Whittle.Bench.Peers.Protocol;

namespace Whittle.Bench.Peers.Contenders;

/// <summary>A contender in another process that speaks as <see cref="WorkerLoop"/> does; it waits while others compute.</summary>
internal sealed class WorkerContender : IContender
{
    private static readonly TimeSpan TimeToEnd = TimeSpan.FromSeconds(5);
    private readonly Process process;
    private readonly Stream input;
    private readonly Stream output;
    private readonly StringBuilder errors = new();

    private WorkerContender(string name, Process process)
    {
        Name = name;
        this.process = process;
        input = process.StandardInput.BaseStream;
        output = process.StandardOutput.BaseStream;
        process.ErrorDataReceived += (_, line) =>
        {
            lock (errors)
            {
                errors.AppendLine(line.Data);
            }
        };
        process.BeginErrorReadLine();
    }

    public string Name { get; }

    public string Version { get; private set; } = "";

    /// <summary>Starts it and waits until it is ready.</summary>
    /// <exception cref="ContenderUnavailableException">It cannot start or says that it cannot work.</exception>
    public static WorkerContender Start(string name, ProcessStartInfo info)
    {
        info.RedirectStandardInput = info.RedirectStandardOutput = info.RedirectStandardError = true;
        WorkerContender worker;
        try
        {
            worker = new WorkerContender(name, Process.Start(info)!);
        }
        catch (Win32Exception exception)
        {
            throw new ContenderUnavailableException($"{name} is left out: {info.FileName} cannot be started ({exception.Message}).", exception);
        }

        try
        {
            worker.Version = worker.Answer("ready");
            return worker;
        }
        catch (InvalidOperationException exception)
        {
            worker.Dispose();
            throw new ContenderUnavailableException($"{name} is left out: {exception.Message}", exception);
        }
    }

    public IContenderRun Start(Workload workload)
    {
        // A copy of some megabytes, so that the process gets it in one piece.
        using var bytes = new MemoryStream();
        bytes.Write("start\n"u8);
        workload.Write(bytes);
        bytes.Position = 0;
        bytes.CopyTo(input);
        input.Flush();
        return new Run(this, Numbers(Answer("values")));
    }

    public void Dispose()
    {
        try
        {
            // The end of its input ends it.
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended already, with its input unread.
        }

        if (!process.WaitForExit(TimeToEnd))
        {
            process.Kill(entireProcessTree: true);
        }

        process.Dispose();
    }

    /// <summary>Reads an answer that begins with a word, and returns the rest.</summary>
    private string Answer(string word)
    {
        var line = RawNumbers.ReadLine(output);
        if (line is null)
        {
            process.WaitForExit(TimeToEnd);
            lock (errors)
            {
                var last = errors.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault();
                throw new InvalidOperationException($"its process ended{(last is null ? "." : $": {last}")}");
            }
        }

        var parts = line.Split(' ', 2);
        return parts[0] == word && parts.Length == 2
            ? parts[1]
            : throw new InvalidOperationException(parts[0] == "error" && parts.Length == 2 ? parts[1] : $"it answered '{line}' instead of '{word} ...'.");
    }

    private static double[] Numbers(string text) =>
        [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(number => double.Parse(number, CultureInfo.InvariantCulture))];

    private sealed class Run(WorkerContender worker, double[] values) : IContenderRun
    {
        public double[] Check() => values;

        public double[] Time(int samples, int passes)
        {
            worker.input.Write(Encoding.ASCII.GetBytes(FormattableString.Invariant($"time {samples} {passes}\n")));
            worker.input.Flush();
            return Numbers(worker.Answer("times"));
        }

        public void Dispose()
        {
            // The next start ends it.
        }
    }
}
