namespace Whittle;

/// <summary>
/// What a hidden layer computes in a training step, compared with exact layers of the same weights: all nodes and all terms, unscaled, as
/// steps of a warm-up compute them. A mini-batch is one measurement.
/// </summary>
/// <remarks>
/// <see cref="Recall"/>, <see cref="CapturedShare"/> and <see cref="CapturedRatio"/> are about this layer alone: its f(z) is computed exactly
/// for the inputs that it had in the step, whatever the layers below left out. <see cref="RelativeError"/> and <see cref="SumError"/>
/// are about the way from the network's inputs to here: a' of the step against a of a pass that is exact in every layer, residual
/// connections included.
/// </remarks>
/// <param name="Layer">Index of the layer.</param>
/// <param name="ActiveShare">Share of the nodes that were active, in the mean over rows; 1 where none is left out.</param>
/// <param name="Recall">
/// Share of the k nodes with the largest exact outputs that were among the k active ones, in the mean over rows; those of exactly 0 do
/// not count, nor do rows where all are. A choice at random has the recall k / n. Null where nodes are not chosen, or every output is 0.
/// </param>
/// <param name="CapturedShare">What active nodes have of the sum of all exact |outputs|, in the mean over rows.</param>
/// <param name="CapturedRatio">
/// c of Ebrahimi et al. 2023: how many times what its inactive nodes would give to a node of the layer above its active ones give. For
/// each row the median over the nodes j above of sum over active i of |w_ji a_i| / sum over inactive i of |w_ji a_i|; rows are averaged
/// by the share c / (1 + c), in which a row whose inactive nodes give nothing counts as 1. Null where no node is left out, or none that gives anything.
/// </param>
/// <param name="RelativeError">|a' - a| / |a|, Euclidean over all nodes and rows; 0 where both are 0.</param>
/// <param name="SumError">
/// (sum a - sum a') / sum a' over all nodes and rows, the error whose growth with depth is ((c + 1) / c)^k - 1 after k layers; null where
/// sum a' is 0.
/// </param>
public readonly record struct LayerMeasurement(
    int Layer, double ActiveShare, double? Recall, double CapturedShare, double? CapturedRatio, double RelativeError, double? SumError);
