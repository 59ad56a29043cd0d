namespace Whittle.Examples.DataSets;

/// <summary>A data set that the command line knows by name, and how its training and test parts are read.</summary>
/// <param name="Name">The name.</param>
/// <param name="Files">Its files; null if it is drawn, or one file of the user's.</param>
/// <param name="Read">Reads the parts from a directory or file, or draws them from a seed.</param>
internal sealed record DataSource(string Name, PublicSet? Files, Func<string, ulong, (Dataset Train, Dataset Test)> Read)
{
    private const int StrokeTrainingImages = 20_000;
    private const int StrokeTestImages = 5_000;
    private const double CsvTrainingShare = 0.8;
    private const string CsvName = "csv";

    // 96x96 becomes 32x32, which a network of the size used for the other sets takes.
    private const int NorbReduction = 3;

    private static readonly string[] Garments =
        ["T-shirt", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot"];

    private static readonly string[] Kuzushiji = ["o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo"];

    /// <summary>Digits drawn from strokes by this program; needs no files.</summary>
    public static DataSource Strokes { get; } = new("strokes", null, (_, seed) => DrawStrokes(seed));

    /// <summary>Every data set that can be named.</summary>
    public static IReadOnlyList<DataSource> All { get; } =
    [
        Strokes,
        Of("mnist", Mnist) with { Name = "mnist-numbers", Read = ComposeNumbers, IsTrained = false },
        Of("mnist", Mnist),
        Of("fashion-mnist", path => IdxDataset.Load(path, new IdxOptions { ClassNames = Garments })),
        Of("kuzushiji-mnist", path => IdxDataset.Load(path, new IdxOptions { ClassNames = Kuzushiji })),
        Of("emnist-letters", path => IdxDataset.Load(path, IdxOptions.EmnistLetters)),
        Of("norb", path => NorbDataset.Load(path, new NorbOptions { Reduction = NorbReduction })),
        Of("cifar-10", path => CifarDataset.Load(path)),
        Of("cifar-10", path => CifarDataset.Load(path, grey: true)) with { Name = "cifar-10-grey" },
        Of("digits", path => IdxDataset.Load(path, new IdxOptions { Classes = 10, MaximalPixel = 16 })) with { IsEvaluated = false },
        new(CsvName, null, ReadCsv),
    ];

    /// <summary>Whether methods of the evaluation are declared for its shape; of the user's own file only reading tells.</summary>
    public bool IsEvaluated { get; private init; } = true;

    /// <summary>Whether this program declares a network for its shape that 'train' and 'predict' take.</summary>
    public bool IsTrained { get; private init; } = true;

    /// <summary>Whether it cannot be read without a path from the user.</summary>
    public bool NeedsPath => Name == CsvName;

    /// <summary>The data set of that name, or an error that lists those that exist.</summary>
    public static DataSource Find(string name) =>
        All.FirstOrDefault(source => source.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? throw UserErrorException.UnknownName("data set", name, All.Select(source => source.Name));

    /// <summary>Reads or draws it.</summary>
    /// <param name="path">The file or the directory of its files, or a directory that has one of the set's name; null for where sets are kept.</param>
    /// <param name="seed">Of a draw.</param>
    public (Dataset Train, Dataset Test) Load(string? path, ulong seed) => Read(Locate(path), seed);

    /// <summary>Height and width of the rows as images: as the file says, or else square.</summary>
    public static ImageSize? ImageSizeOf(Dataset data)
    {
        var side = (int)Math.Sqrt(data.Features);
        return data.ImageSize ?? (side * side == data.Features ? new ImageSize(side, side) : null);
    }

    private static DataSource Of(string name, Func<string, (Dataset Train, Dataset Test)> read) =>
        new(name, PublicSet.All.Single(set => set.Name == name), (path, _) => read(path));

    private static (Dataset Train, Dataset Test) Mnist(string path) => IdxDataset.Load(path, new IdxOptions { Classes = 10 });

    private static (Dataset Train, Dataset Test) ComposeNumbers(string path, ulong seed)
    {
        var (train, test) = Mnist(path);
        return FourDigitNumbers.Compose(train, test, seed);
    }

    private string Locate(string? path)
    {
        if (Files is null)
        {
            return path ?? "";
        }

        var kept = path ?? DataDirectory.Default;
        var below = Path.Combine(kept, Files.Name);
        if (Directory.Exists(below))
        {
            return below;
        }

        if (path is null)
        {
            throw new UserErrorException($"{below} does not exist; fetch the set with 'data get {Files.Name}', or give the directory of its files with --path.");
        }

        // Sets have files of the same names: one must not be read as another.
        var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(path));
        return PublicSet.All.Any(set => set != Files && set.Name == name)
            ? throw new UserErrorException($"{path} is the directory of another set, by its name, and has none called {Files.Name}; give that of {Files.Name} with --path, or the one that has both.")
            : path;
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
