namespace Whittle.Examples.Evaluation.Report;

/// <summary>
/// A method's published row: MNIST, batch 1, 50 epochs, 1 to 7 hidden layers of 1000 (Ebrahimi, Advani, Asudeh, arXiv 2306.09293,
/// supplement of March 2023; times on an i9-9920X with 12 cores, PyTorch).
/// </summary>
/// <param name="Title">Its name there.</param>
/// <param name="Method">The method here that is declared as it was meant.</param>
/// <param name="Accuracies">Test accuracy in percent, by number of hidden layers.</param>
/// <param name="Seconds">Training time of all epochs.</param>
internal sealed record PublishedResults(string Title, string Method, IReadOnlyList<double> Accuracies, IReadOnlyList<double> Seconds)
{
    /// <summary>The data set.</summary>
    public const string Data = "mnist";

    /// <summary>Passes over the training rows.</summary>
    public const int Epochs = 50;

    /// <summary>All rows.</summary>
    public static IReadOnlyList<PublishedResults> All { get; } =
    [
        new("Standard", "standard", [98.01, 95.83, 96.05, 95.89, 94.86, 94.36, 93.85], [8337.3, 13058.6, 19161.5, 26828.4, 34859.2, 42076.3, 50520.5]),
        new("Dropout", "dropout-5", [17.99, 93.16, 90.21, 78.35, 49.90, 42.01, 43.54], [11830.9, 17077.2, 56473.3, 108273.7, 40951.1, 153658.0, 164810.9]),
        new("Adaptive-Dropout", "adaptive-dropout", [97.68, 97.95, 98.06, 98.00, 97.75, 98.02, 98.36], [12156.1, 15463.1, 25292.1, 103041.4, 120156.6, 155359.0, 170182.9]),
        new("ALSH-approx", "alsh", [94.51, 90.33, 94.15, 88.74, 70.07, 21.26, 25.14], [9845.7, 24840.4, 40375.1, 59389.0, 88268.9, 158226.1, 486321.3]),
        new("MC-approx", "mc-10", [92.71, 98.13, 98.10, 98.22, 98.36, 97.69, 97.64], [1210.5, 1912.5, 1740.0, 2283.9, 25794.2, 31894.5, 11493.1]),
    ];

    /// <summary>Why the published figures and these differ, as far as the authors' released code tells.</summary>
    public static IReadOnlyList<string> Differences { get; } =
    [
        "Standard had sigmoid units, weights drawn from N(0, 1) and a learning rate of 0.0001; here every method has ReLU, He initialisation and a learning rate chosen from the same grid. Its decline with depth is very likely that set-up's.",
        "The hidden layers of Dropout and Adaptive-Dropout were kept in a plain list, so that the optimiser never saw them; Dropout stayed on while accuracy was measured, and the mask of Adaptive-Dropout, relu(0.5 z + 1), is at least 1 for every active unit, so that next to nothing was dropped. Here all layers train, and nodes are kept with probability sigmoid(z), as Ba and Frey have it.",
        "ALSH computed the full product and masked it, and went forward twice; no arithmetic was saved and Adam moved every weight. Here inactive nodes are neither computed nor touched. Both train on about 5 % of the nodes unscaled and predict from all of them.",
        "MC-approx counted the output layer as one of its layers, so that its column is one hidden layer short, and its committed default keeps 90 % of the terms of the backward pass. Here it keeps 10 %.",
        "For NORB the training archive served as the test set, and the loader of CIFAR-10 returned the test set of Fashion-MNIST; neither set is in the table above, and here each has its own.",
        "Published trainings ran for 50 epochs with Adam; the epochs and the optimiser here are told with each table.",
    ];
}
