namespace Whittle.Examples.Evaluation;

/// <summary>What a training of the evaluation was given: on the same rows, two trainings of equal settings have the same result, so that one of them need not run.</summary>
/// <param name="Data">Name of the data set.</param>
/// <param name="Method">Name of the method.</param>
/// <param name="Depth">Hidden layers.</param>
/// <param name="BatchSize">Rows of a mini-batch.</param>
/// <param name="Optimizer">Name of the update rule: sgd, momentum or adam.</param>
/// <param name="LearningRate">Learning rate at the start.</param>
/// <param name="Rows">Rows trained on.</param>
/// <param name="Epochs">Passes over them.</param>
/// <param name="Seed">Seed of weights, order and sampling.</param>
/// <param name="KeepsLast">Whether the weights after the last epoch are tested, not those of the epoch with the least loss on the development rows.</param>
internal sealed record CellSettings(
    string Data, string Method, int Depth, int BatchSize, string Optimizer, float LearningRate, int Rows, int Epochs, ulong Seed, bool KeepsLast = false);
