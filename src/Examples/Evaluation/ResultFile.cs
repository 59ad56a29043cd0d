using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Whittle.Examples.Evaluation;

/// <summary>
/// Results of trainings in a file, one JSON object a line, so that a run that was interrupted goes on where it was. A line that a killed
/// run did not finish is taken off. One process at a time has the file; its methods may be called from many threads.
/// </summary>
internal sealed class ResultFile : IDisposable
{
    // A training that diverges leaves errors that are not finite.
    private static readonly JsonSerializerOptions Json = new()
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    // What every line begins with, so that the part of one that a killed run has left is told from what is no result.
    private static readonly byte[] Beginning = [.. "{\"Settings\":"u8];

    private readonly Dictionary<(CellSettings Settings, bool Tested), CellResult> results = [];
    private readonly Lock gate = new();
    private readonly FileStream stream;

    /// <summary>Opens the file, made if need be, and reads what is there.</summary>
    /// <exception cref="UserErrorException">It cannot be opened, or a whole line is not a result.</exception>
    public ResultFile(string path)
    {
        Path = path;
        if (Directory.Exists(path))
        {
            throw new UserErrorException($"{path} is a directory; remove it, or choose another directory with --output.");
        }

        try
        {
            stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"{path} cannot be opened for writing; another evaluation may be running with the same --output. ({exception.Message})");
        }

        try
        {
            Read();
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Where it is.</summary>
    public string Path { get; }

    /// <summary>Every result, in the order in which they were found.</summary>
    public IReadOnlyList<CellResult> Results
    {
        get
        {
            lock (gate)
            {
                return [.. results.Values];
            }
        }
    }

    /// <summary>The result of a training, if it has run.</summary>
    public CellResult? Find(CellSettings settings, bool tested)
    {
        lock (gate)
        {
            return results.GetValueOrDefault((settings, tested));
        }
    }

    /// <summary>Adds a result, on the disk before it returns.</summary>
    public void Add(CellResult result)
    {
        var line = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(result, Json) + "\n");
        lock (gate)
        {
            stream.Write(line);
            stream.Flush(flushToDisk: true);
            Keep(result);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // Nothing was added, or the run was refused: an empty file would only be in the way.
        var isEmpty = stream.Length == 0;
        stream.Dispose();
        if (isEmpty)
        {
            File.Delete(Path);
        }
    }

    private void Read()
    {
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        // Some editors put a mark before UTF-8.
        var start = bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? Encoding.UTF8.Preamble.Length : 0;
        var whole = Math.Max(start, bytes.AsSpan().LastIndexOf((byte)'\n') + 1);
        var lines = bytes.AsSpan(start, whole - start);
        var number = 0;
        foreach (var range in lines.Split((byte)'\n'))
        {
            number++;
            var line = lines[range];
            if (line.Length > 0)
            {
                Keep(Parse(line) ?? throw NoResult(number));
            }
        }

        var last = bytes.AsSpan(whole);
        var isWhole = false;
        if (last.Length > 0 && Parse(last) is { } result)
        {
            Keep(result);
            isWhole = true;
        }
        else if (!last[..Math.Min(last.Length, Beginning.Length)].SequenceEqual(Beginning.AsSpan(0, Math.Min(last.Length, Beginning.Length))))
        {
            throw NoResult(number);
        }

        stream.SetLength(isWhole ? bytes.Length : whole);
        stream.Seek(0, SeekOrigin.End);
        if (isWhole)
        {
            stream.WriteByte((byte)'\n');
        }
    }

    private UserErrorException NoResult(int line) =>
        new($"Line {line} of {Path} is not a result of 'evaluate'; remove the line, or choose another directory with --output.");

    private static CellResult? Parse(ReadOnlySpan<byte> line)
    {
        try
        {
            return JsonSerializer.Deserialize<CellResult>(line, Json) is { } result && IsSound(result) ? result : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // Members of lists may be null whatever their type says.
    private static bool IsSound(CellResult result) =>
        result.Settings is { Depth: >= 1 and <= Method.MostDepth, BatchSize: >= 1, Epochs: >= 1, Rows: >= 1 }
        && !$"{result.Settings.Data}{result.Settings.Method}{result.Settings.Optimizer}{result.Machine}{result.Runtime}{result.Version}".Any(char.IsControl)
        && result.Epochs.All(epoch => epoch is not null)
        && result.Development is >= 0 and <= 1
        && (result.Outcome is null
            || (result.Outcome is { Test: >= 0 and <= 1, Confusion: not null, PredictedClasses: > 0, Layers.Count: > 0 } outcome
                && outcome.Confusion.All(row => row is not null && row.Count == outcome.Confusion.Count)
                && (outcome.Confusion.Count == 0 || IsOf(outcome.Confusion, outcome.Test, outcome.PredictedClasses))
                && outcome.Layers.All(layer => layer is not null)));

    private static bool IsOf(IReadOnlyList<IReadOnlyList<long>> confusion, double accuracy, int predictedClasses) =>
        Math.Abs(accuracy - (confusion.Select((row, truth) => (double)row[truth]).Sum() / confusion.Sum(row => row.Sum(count => (double)count)))) < 1e-9
        && Enumerable.Range(0, confusion.Count).Count(guess => confusion.Any(row => row[guess] > 0)) == predictedClasses;

    private void Keep(CellResult result) => results[(result.Settings, result.Outcome is not null)] = result;
}
