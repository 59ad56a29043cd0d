using System.Text.Json;

namespace Whittle.Examples.Methods;

/// <summary>Results of trainings in a file, one JSON object a line, so that a run that was interrupted goes on where it was.</summary>
internal sealed class ResultFile
{
    private readonly Dictionary<(MethodSettings Settings, bool WithTest), MethodResult> results = [];
    private readonly string? path;

    /// <summary>Reads what is there.</summary>
    /// <param name="path">The file, made if need be; null to keep results in memory only.</param>
    /// <exception cref="UserErrorException">A line is not a result.</exception>
    public ResultFile(string? path)
    {
        this.path = path;
        if (path is null || !File.Exists(path))
        {
            return;
        }

        var number = 0;
        foreach (var line in File.ReadLines(path))
        {
            number++;
            MethodResult? result;
            try
            {
                result = JsonSerializer.Deserialize<MethodResult>(line);
            }
            catch (JsonException)
            {
                result = null;
            }

            Keep(result is { Settings: not null } ? result : throw new UserErrorException(
                $"Line {number} of {path} is not a result of 'methods'; remove the line, or choose another file with --output."));
        }
    }

    /// <summary>The result of a training, if it has run.</summary>
    public MethodResult? Find(MethodSettings settings, bool withTest) => results.GetValueOrDefault((settings, withTest));

    /// <summary>Adds a result, on the disk before it returns.</summary>
    public void Add(MethodResult result)
    {
        Keep(result);
        if (path is not null)
        {
            File.AppendAllText(path, JsonSerializer.Serialize(result) + "\n");
        }
    }

    private void Keep(MethodResult result) => results[(result.Settings, result.Test is not null)] = result;
}
