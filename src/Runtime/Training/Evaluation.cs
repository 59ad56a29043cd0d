namespace Whittle;

/// <summary>How a network does on a data set.</summary>
/// <param name="Count">Rows.</param>
/// <param name="Loss">The mean loss.</param>
/// <param name="Accuracy">Share of the rows classified rightly, or of the outputs on the right side of one half for several labels per row; null where outputs are no classes.</param>
/// <param name="Confusion">What was classified as what; null where rows have no class.</param>
public sealed record Evaluation(int Count, double Loss, double? Accuracy, ConfusionMatrix? Confusion);
