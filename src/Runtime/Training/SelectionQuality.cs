namespace Whittle;

/// <summary>How well a node-sampled layer chose its active nodes, averaged over the rows of a batch.</summary>
/// <param name="Layer">Index of the layer.</param>
/// <param name="ActiveShare">Share of the nodes that were active.</param>
/// <param name="Recall">
/// Share of the k nodes with the largest exact outputs that were among the k active ones; outputs of exactly 0 do not count. A choice at
/// random has the recall k / n.
/// </param>
/// <param name="CapturedShare">What active nodes have of the sum of all exact |outputs|.</param>
public readonly record struct SelectionQuality(int Layer, double ActiveShare, double Recall, double CapturedShare);
