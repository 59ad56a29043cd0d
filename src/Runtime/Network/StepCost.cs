namespace Whittle;

/// <summary>
/// What a training step costs for each sample, as expected from the declaration: multiply-adds by product, and bytes of parameters
/// that are read or written.
/// </summary>
/// <remarks>
/// Every input counts, also those that happen to be zero and are skipped; a node-sampled layer counts its active nodes with all of
/// their inputs. Sets of different samples are taken to be independent: of B sets of share s a share 1 - (1 - s)^B of the nodes is
/// touched. <see cref="NodeSelector.Adaptive"/> counts the share that it keeps at z = 0, <see cref="BucketQuery.All"/> the one that finds nodes
/// unrelated to the input. Moments of an optimiser, activations, drawing
/// and sorting are not counted.
/// </remarks>
/// <param name="Forward">Multiply-adds of xW.</param>
/// <param name="InputGradient">Multiply-adds of d W^T, which the first layer does not have.</param>
/// <param name="WeightGradient">Multiply-adds of x^T d.</param>
/// <param name="Selection">
/// Multiply-adds that choose: z of every node where the selector looks at it (those beyond the active ones), scores of a sketch and its
/// refreshes, hash codes of inputs and of changed nodes, norms of rows and columns.
/// </param>
/// <param name="ParameterBytes">Bytes of parameters read by the products and read and written by the update.</param>
public readonly record struct StepCost(double Forward, double InputGradient, double WeightGradient, double Selection, double ParameterBytes)
{
    /// <summary>All multiply-adds.</summary>
    public double MultiplyAdds => Forward + InputGradient + WeightGradient + Selection;

    /// <summary>The cost of two parts of a network.</summary>
    public static StepCost operator +(StepCost left, StepCost right) => new(
        left.Forward + right.Forward,
        left.InputGradient + right.InputGradient,
        left.WeightGradient + right.WeightGradient,
        left.Selection + right.Selection,
        left.ParameterBytes + right.ParameterBytes);

    /// <summary>The cost of one layer.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="isFirst">Whether it is the first, which has no input gradient.</param>
    /// <param name="rows">Rows of a mini-batch.</param>
    internal static StepCost Of(LayerDescription layer, bool isFirst, int rows)
    {
        var weights = (double)layer.Inputs * layer.Outputs;
        var gradient = isFirst ? 0 : 1;
        if (layer.NodeSampling is { } nodes)
        {
            return OfNodes(layer, nodes, gradient, rows);
        }

        var (forward, input, weight) = (1.0, 1.0, 1.0);
        var selection = 0.0;
        if (layer.InputSampling is { } inputs)
        {
            // Scores of a product with the weights need a part of their norms renewed.
            var scores = inputs.Estimator == InputEstimator.Uniform ? 0 : 1;
            var norms = weights / SamplingCost.NormParts / rows;
            if (inputs.Products.HasFlag(SampledProducts.Forward))
            {
                forward = (double)inputs.Count(layer.Inputs) / layer.Inputs;
                selection += scores * (layer.Inputs + norms);
            }

            if (inputs.Products.HasFlag(SampledProducts.InputGradient))
            {
                input = (double)inputs.Count(layer.Outputs) / layer.Outputs;
                selection += scores * gradient * (layer.Outputs + norms);
            }

            if (inputs.Products.HasFlag(SampledProducts.WeightGradient) && inputs.Count(rows) < rows)
            {
                weight = (double)inputs.Count(rows) / rows;
                selection += scores * (layer.Inputs + layer.Outputs);
            }
        }

        var bytes = ((forward + (gradient * input)) / rows) + (2.0 / rows);
        return new StepCost(weights * forward, weights * input * gradient, weights * weight, selection, bytes * weights * sizeof(float));
    }

    private static StepCost OfNodes(LayerDescription layer, NodeSampling nodes, int gradient, int rows)
    {
        var weights = (double)layer.Inputs * layer.Outputs;
        var share = nodes switch
        {
            { Selector: NodeSelector.Adaptive } => SamplingCost.KeptByStandout(nodes.Beta),
            { Selector: NodeSelector.Lsh, Query: BucketQuery.All } => SamplingCost.FoundByChance(nodes.Bits, nodes.Tables),
            _ => (double)nodes.Active(layer.Outputs) / layer.Outputs,
        };
        var isShared = nodes.Sharing == NodeSharing.Batch;
        var looksAtAll = nodes.Selector is NodeSelector.Adaptive or NodeSelector.TopK;
        var touched = isShared ? share : SamplingCost.Touched(share, rows);
        var selection = nodes.Selector switch
        {
            NodeSelector.Adaptive or NodeSelector.TopK => (1 - share) * weights,
            NodeSelector.LowRank => SamplingCost.Sketch(layer.Inputs, layer.Outputs, nodes.Rank, nodes.Refresh, rows),
            NodeSelector.Lsh => SamplingCost.Hashing(layer.Inputs, layer.Outputs, share, nodes.Family, nodes.Bits, nodes.Tables, nodes.RehashInterval),
            _ => 0,
        };
        var passes = isShared ? share / rows : share;
        var bytes = (looksAtAll ? 1.0 / rows : passes) + (gradient * passes) + (2 * touched / rows);
        return new StepCost(share * weights, gradient * share * weights, share * weights, selection, bytes * weights * sizeof(float));
    }
}
