namespace Whittle.Examples.DataSets;

/// <summary>A data set that the command line knows: its name, and how its training and test parts are read.</summary>
internal sealed record DataSource(string Name, bool NeedsPath, Func<string, ulong, (Dataset Train, Dataset Test)> Read)
{
    private const int StrokeTrainingImages = 20_000;
    private const int StrokeTestImages = 5_000;
    private const double CsvTrainingShare = 0.8;

    private static readonly string[] Garments =
        ["T-shirt", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot"];

    private static readonly string[] Kuzushiji = ["o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo"];

    /// <summary>Digits drawn from strokes by this program; needs no files.</summary>
    public static DataSource Strokes { get; } = new("strokes", false, (_, seed) => DrawStrokes(seed));

    /// <summary>Every data set that can be named.</summary>
    public static IReadOnlyList<DataSource> All { get; } =
    [
        Strokes,
        new("mnist", true, (path, _) => IdxDataset.Load(path, new IdxOptions { Classes = 10 })),
        new("fashion-mnist", true, (path, _) => IdxDataset.Load(path, new IdxOptions { ClassNames = Garments })),
        new("kmnist", true, (path, _) => IdxDataset.Load(path, new IdxOptions { ClassNames = Kuzushiji })),
        new("digits", true, (path, _) => IdxDataset.Load(path, new IdxOptions { Classes = 10, MaximalPixel = 16 })),
        new("csv", true, ReadCsv),
    ];

    /// <summary>The data set of that name, or an error that lists those that exist.</summary>
    public static DataSource Find(string name) =>
        All.FirstOrDefault(source => source.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? throw UserErrorException.UnknownName("data set", name, All.Select(source => source.Name));

    /// <summary>Reads or draws it.</summary>
    public (Dataset Train, Dataset Test) Load(string? path, ulong seed) => Read(path ?? "", seed);

    /// <summary>Height and width of the rows as images: as the file says, or else square.</summary>
    public static ImageSize? ImageSizeOf(Dataset data)
    {
        var side = (int)Math.Sqrt(data.Features);
        return data.ImageSize ?? (side * side == data.Features ? new ImageSize(side, side) : null);
    }

    private static (Dataset Train, Dataset Test) ReadCsv(string path, ulong seed)
    {
        // One file: what it is tested on is drawn from the same rows, each class in proportion.
        var all = CsvFile.Load(path, new CsvOptions { LabelColumn = "label" });
        return all.Count > 1
            ? all.Split(CsvTrainingShare, seed, stratified: true)
            : throw new UserErrorException($"{path} has 1 row; at least 2 are needed, one to train on and one to test.");
    }

    private static (Dataset Train, Dataset Test) DrawStrokes(ulong seed)
    {
        var all = StrokeDigits.Generate(StrokeTrainingImages + StrokeTestImages, seed);
        return all.SplitAt(StrokeTrainingImages);
    }
}
