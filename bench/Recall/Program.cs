using System.CommandLine;
using Whittle;
using Whittle.Bench.Recall;

var data = new Option<DirectoryInfo?>("--data")
{
    Description = "Directory with the IDX files of MNIST or a relative for the trained network. Default: the built-in drawn digits.",
    HelpName = "DIR",
};
var plot = new Option<FileInfo?>("--plot") { Description = "Draw the curves to this PNG file.", HelpName = "FILE" };
var smoke = new Option<bool>("--smoke") { Description = "A few sizes and inputs: tells that the program works." };
var root = new RootCommand("Measures how many of a layer's largest nodes hash tables find, by family, bits and tables, on random and on trained weights.")
{
    data, plot, smoke,
};
root.SetAction(parsed =>
{
    const ulong Seed = 1;
    if (parsed.GetValue(plot) is { Directory.Exists: false } target)
    {
        throw new DirectoryNotFoundException($"The directory of {target.FullName} does not exist; make it, or name another file for --plot.");
    }

    var small = parsed.GetValue(smoke);
    var samples = small ? 5 : 200;
    var (train, unseen) = parsed.GetValue(data) is { } directory
        ? IdxDataset.Load(directory.FullName)
        : (StrokeDigits.Generate(small ? 200 : 10_000, Seed), StrokeDigits.Generate(samples, Seed + 1));
    Console.Error.WriteLine($"training on {Math.Min(train.Count, 20_000):N0} images");
    StudiedLayer[] layers =
    [
        StudiedLayer.Random(samples, Seed),
        StudiedLayer.Trained(train.Take(Math.Min(train.Count, 20_000)), unseen, small ? 1 : 5, samples, Seed),
    ];
    var measurements = new List<RecallMeasurement>();
    foreach (var layer in layers)
    {
        foreach (var family in Enum.GetValues<HashFamily>())
        {
            Console.Error.WriteLine($"{family}, {layer.Name} weights");
            foreach (var bits in small ? (int[])[6] : [4, 6, 9])
            {
                foreach (var tables in small ? (int[])[5, 10] : [5, 10, 20, 50, 100, 200])
                {
                    measurements.Add(RecallMeasurement.Of(layer, family, bits, tables, Seed));
                }
            }
        }
    }

    RecallReport.WriteTable(Console.Out, measurements);
    if (parsed.GetValue(plot) is { } file)
    {
        RecallReport.Plot(file.FullName, measurements);
    }
});
try
{
    return root.Parse(args).Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (Exception exception) when (exception is DataFormatException or IOException or UnauthorizedAccessException)
{
    Console.Error.WriteLine($"error: {exception.Message}");
    return 1;
}
