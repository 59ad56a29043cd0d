namespace Whittle.Examples.Methods;

/// <summary>What a training was given: two trainings of equal settings have the same result, so that one of them need not run.</summary>
/// <param name="Data">Name of the data set.</param>
/// <param name="Method">Name of the method.</param>
/// <param name="LearningRate">Learning rate at the start.</param>
/// <param name="Rows">Rows trained on.</param>
/// <param name="Epochs">Passes over them.</param>
/// <param name="BatchSize">Rows of a mini-batch.</param>
/// <param name="Seed">Seed of weights, order and sampling.</param>
internal sealed record MethodSettings(string Data, string Method, float LearningRate, int Rows, int Epochs, int BatchSize, ulong Seed);

/// <summary>What came of a training.</summary>
/// <param name="Settings">What it was given.</param>
/// <param name="Development">Accuracy on the development rows; that of chance where the training diverged.</param>
/// <param name="Test">Accuracy on the test rows; null where the training only served to choose a learning rate.</param>
/// <param name="Classes">How many classes were predicted at all, on the test rows where those were asked, else on the development rows.</param>
/// <param name="Recall">Mean over layers of the recall of the true largest nodes; null where the method selects none.</param>
/// <param name="Seconds">How long the training took.</param>
/// <param name="Diverged">Whether it was given up because the loss grew beyond all bounds.</param>
internal sealed record MethodResult(
    MethodSettings Settings, double Development, double? Test, int Classes, double? Recall, double Seconds, bool Diverged);
