using System.CommandLine;
using Spectre.Console;
using Whittle.Examples.DataSets;
using Whittle.Examples.Downloads;
using Whittle.Examples.Rendering;

namespace Whittle.Examples.Commands;

/// <summary>Lists, fetches and checks the data sets that come in files.</summary>
internal static class DataCommand
{
    public static Command Create(Terminal terminal) =>
        new("data", "List, fetch and check data sets.") { CreateList(terminal), CreateGet(terminal), CreateVerify(terminal) };

    private static Command CreateList(Terminal terminal)
    {
        var path = PathOption();
        var command = new Command("list", "Show the data sets, their sizes, and which of them are here.") { path };
        command.SetAction(parsed => List(terminal, Root(parsed, path)));
        return command;
    }

    private static Command CreateGet(Terminal terminal)
    {
        var name = new Argument<string>("name")
        {
            Description = $"The data set: {string.Join(", ", PublicSet.All.Where(set => set.Downloads.Count > 0).Select(set => set.Name))}.",
        };
        var path = PathOption();
        var mirror = AddressOption("--mirror", "Fetch the files from below this address instead of where their authors publish them.");
        var proxy = AddressOption("--proxy", "Fetch through this proxy; if left out, HTTP_PROXY, HTTPS_PROXY and NO_PROXY decide.");
        var command = new Command("get", "Fetch a data set. Ctrl-C stops; the next run goes on from there.") { name, path, mirror, proxy };
        command.SetAction(async (parsed, cancellation) =>
        {
            var options = new DownloadOptions();
            using var client = Downloader.CreateClient(parsed.GetValue(proxy), options.Silence);
            return await GetAsync(terminal, new Downloader(client, options), parsed.GetRequiredValue(name), Root(parsed, path), parsed.GetValue(mirror), cancellation);
        });
        return command;
    }

    private static Command CreateVerify(Terminal terminal)
    {
        var path = PathOption();
        var command = new Command("verify", "Check the data sets that are here: checksums, then whether they can be read.") { path };
        command.SetAction((parsed, cancellation) => Task.Run(() => Verify(terminal, Root(parsed, path), cancellation), CancellationToken.None));
        return command;
    }

    private static int List(Terminal terminal, string root)
    {
        var table = new Table().RoundedBorder().AddColumns("data set");
        foreach (var heading in new[] { "training", "test" })
        {
            table.AddColumn(new TableColumn(heading).RightAligned());
        }

        table.AddColumns("images", "classes");
        table.AddColumn(new TableColumn("to fetch").RightAligned());
        table.AddColumn("here");
        foreach (var set in PublicSet.All)
        {
            var directory = Path.Combine(root, set.Name);
            var present = set.Files.Count(file => file.Find(directory) is not null);
            string[] cells =
            [
                set.Name, FormattableString.Invariant($"{set.Training:N0}"), FormattableString.Invariant($"{set.Test:N0}"), set.Image, $"{set.Classes}",
                set.Downloads.Count == 0 ? "-" : FormattableString.Invariant($"{set.DownloadBytes / 1e6:N0} MB"),
                present == 0 ? "no" : present < set.Files.Count ? $"{present} of {set.Files.Count} files" : "yes",
            ];
            table.AddRow([.. cells.Select(Markup.Escape)]);
        }

        terminal.Console.Write(table);
        terminal.WriteLine($"They are kept in {root}, each in a directory of its name.");
        return 0;
    }

    private static async Task<int> GetAsync(Terminal terminal, Downloader downloader, string name, string root, Uri? mirror, CancellationToken cancellation)
    {
        var set = FindSet(name);
        var directory = Path.Combine(root, set.Name);
        if (set.Downloads.Count == 0)
        {
            throw new UserErrorException($"Nobody publishes {set.Name} in the format that this program reads; put {string.Join(", ", set.Files.Select(file => file.Name))} into {directory}.");
        }

        var download = new SetDownload(downloader, set, directory, mirror is null ? null : [mirror.AbsoluteUri]);
        var missing = await Task.Run(download.Missing, cancellation);
        if (missing.Count > 0)
        {
            await DownloadView.ShowAsync(terminal, missing, progress => download.RunAsync(missing, progress, cancellation));
        }

        terminal.WriteLine($"{set.Name} is in {directory}");
        return 0;
    }

    private static int Verify(Terminal terminal, string root, CancellationToken cancellation)
    {
        var sets = PublicSet.All.Where(set => set.Files.Any(file => file.Find(Path.Combine(root, set.Name)) is not null)).ToArray();
        if (sets.Length == 0)
        {
            throw new UserErrorException($"{root} has no data set in a directory of its name; 'data get NAME' fetches one.");
        }

        var wrong = new List<string>();
        foreach (var set in sets)
        {
            var problems = Problems(terminal, set, Path.Combine(root, set.Name), cancellation);
            terminal.WriteLine($"{set.Name}: {(problems.Count == 0 ? "sound" : string.Join("; ", problems))}");
            wrong.AddRange(problems.Count > 0 ? [set.Name] : []);
        }

        return wrong.Count == 0 ? 0 : throw new UserErrorException($"{string.Join(", ", wrong)} below {root} cannot be trusted as the published set; see above, and fetch it with 'data get'.");
    }

    private static List<string> Problems(Terminal terminal, PublicSet set, string directory, CancellationToken cancellation)
    {
        var problems = new List<string>();
        foreach (var file in set.Files)
        {
            cancellation.ThrowIfCancellationRequested();
            var state = file.Check(directory);
            terminal.WriteLine($"  {set.Name}/{file.Name}: {Describe(state)}");
            if (state is FileState.Missing or FileState.Different)
            {
                problems.Add($"{file.Name} is {(state == FileState.Missing ? "missing" : "not the published file")}");
            }
        }

        if (problems.Count > 0)
        {
            return problems;
        }

        try
        {
            // The last of the sources that read these files takes the least memory.
            var (train, test) = DataSource.All.Last(source => source.Files == set).Read(directory, 0);
            if ((train.Count, test.Count) != (set.Training, set.Test))
            {
                problems.Add(FormattableString.Invariant($"it has {train.Count:N0} and {test.Count:N0} images, not {set.Training:N0} and {set.Test:N0}"));
            }
        }
        catch (DataFormatException exception)
        {
            problems.Add(exception.Message);
        }

        return problems;
    }

    private static string Describe(FileState state) => state switch
    {
        FileState.Missing => "missing",
        FileState.Published => "the published file",
        FileState.Recorded => "as it came out of the published archive",
        FileState.Different => "has another checksum than the published file",
        _ => "no checksum is known for it",
    };

    private static PublicSet FindSet(string name) =>
        DataSource.All.FirstOrDefault(source => source.Name.Equals(name, StringComparison.OrdinalIgnoreCase))?.Files
        ?? throw UserErrorException.UnknownName("data set of files", name, PublicSet.All.Select(set => set.Name));

    private static string Root(ParseResult parsed, Option<DirectoryInfo?> path) => parsed.GetValue(path)?.FullName ?? DataDirectory.Default;

    private static Option<DirectoryInfo?> PathOption() => new("--path")
    {
        Description = "The directory below which each set has one of its name; if left out $WHITTLE_DATA, or else one among your application data.",
        HelpName = "DIR",
    };

    private static Option<Uri?> AddressOption(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "URL",
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https")
            {
                return address;
            }

            result.AddError($"{name} is '{text}'; it must be an address that begins with http:// or https://.");
            return null;
        },
    };
}
