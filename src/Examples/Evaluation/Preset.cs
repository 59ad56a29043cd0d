namespace Whittle.Examples.Evaluation;

/// <summary>A study that has a name.</summary>
/// <param name="Name">The name.</param>
/// <param name="Description">What it is for and how long it takes.</param>
/// <param name="Study">The study.</param>
internal sealed record Preset(string Name, string Description, Study Study)
{
    private static readonly int[] EveryDepth = [1, 2, 3, 4, 5, 6, 7];
    private static readonly int[] OddDepths = [1, 3, 5, 7];
    private static readonly int[] Ends = [1, 7];

    /// <summary>Every preset; the first is the default.</summary>
    public static IReadOnlyList<Preset> All { get; } =
    [
        new(
            "quick",
            "drawn digits, the main methods, about 5 minutes on 2 cores",
            new Study(
                [DataSets.DataSource.Strokes.Name],
                Methods.Named("main"),
                [new(20, OptimizerChoice.Sgd, [1, 3, 5, 7]), new(1, OptimizerChoice.Sgd, [3])],
                [1],
                Epochs: 2,
                Rows: 4000,
                TrialDepth: 3,
                TrialRows: 2000,
                TrialEpochs: 1,
                LearningRates: null)),
        new(
            "paper",
            "the published setting: six data sets, batch 1 and 20, Adam, 50 epochs; weeks",
            new Study(
                ["mnist", "kuzushiji-mnist", "fashion-mnist", "emnist-letters", "norb", "cifar-10-grey"],
                Methods.Named("paper"),
                [new(20, OptimizerChoice.Adam, EveryDepth), new(1, OptimizerChoice.Adam, EveryDepth)],
                [1],
                Epochs: 50,
                Rows: 0,
                TrialDepth: 3,
                TrialRows: 0,
                TrialEpochs: 1,
                LearningRates: null)),
        new(
            "overnight",
            "MNIST and Fashion-MNIST, the main methods, 3 epochs, batch 20 at every depth and batch 1 at odd ones; by estimate a day of one core",
            new Study(
                ["mnist", "fashion-mnist"],
                Methods.Named("main"),
                [new(20, OptimizerChoice.Sgd, EveryDepth), new(1, OptimizerChoice.Sgd, OddDepths), new(1, OptimizerChoice.Adam, Ends)],
                [1],
                Epochs: 3,
                Rows: 0,
                TrialDepth: 3,
                TrialRows: 20_000,
                TrialEpochs: 1,
                LearningRates: null)),
    ];

    /// <summary>The preset of that name, or an error that lists them.</summary>
    public static Preset Named(string name) =>
        All.FirstOrDefault(preset => preset.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? throw UserErrorException.UnknownName("preset", name, All.Select(preset => preset.Name));
}
