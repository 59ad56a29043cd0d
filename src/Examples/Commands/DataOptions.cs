using System.CommandLine;
using Whittle.Examples.DataSets;

namespace Whittle.Examples.Commands;

/// <summary>The options that choose a data set, shared by commands.</summary>
internal sealed class DataOptions
{
    private readonly Option<string> name = new("--data")
    {
        Description = $"The data set: {string.Join(", ", DataSource.All.Where(source => source.IsTrained).Select(source => source.Name))}.",
        DefaultValueFactory = _ => DataSource.Strokes.Name,
        HelpName = "NAME",
    };

    private readonly Option<string?> path = new("--path")
    {
        Description = "The directory of its files, or one above it; if left out where 'data get' puts them. For csv the file, with a header and a column 'label'.",
        HelpName = "PATH",
    };

    public void AddTo(Command command)
    {
        command.Add(name);
        command.Add(path);
        command.Validators.Add(result =>
        {
            var chosen = DataSource.All.FirstOrDefault(source => source.Name.Equals(result.GetValue(name), StringComparison.OrdinalIgnoreCase));
            if (result.GetResult(path) is not null && string.IsNullOrWhiteSpace(result.GetValue(path)))
            {
                result.AddError("--path is empty; it must be the path of a file or directory.");
            }
            else if (chosen is { NeedsPath: true } && string.IsNullOrEmpty(result.GetValue(path)))
            {
                result.AddError($"--data {chosen.Name} needs --path, the file to read.");
            }
        });
    }

    public DataSource Source(ParseResult parsed) => DataSource.Find(parsed.GetRequiredValue(name));

    public string? Path(ParseResult parsed) => parsed.GetValue(path);
}
