namespace Whittle;

/// <summary>What the steps of a training did and where their time went, since it began or since <see cref="TrainingSession.ResetStatistics"/>.</summary>
/// <param name="Steps">Steps, exact ones and a last one with an infinite loss included.</param>
/// <param name="Rows">Rows of these steps.</param>
/// <param name="Duration">Time within steps, from the truth that is checked to the updated parameters; that of all threads where several do steps.</param>
/// <param name="Layers">Each layer from input to output.</param>
public sealed record TrainingStatistics(long Steps, long Rows, TimeSpan Duration, IReadOnlyList<LayerStatistics> Layers)
{
    /// <summary>The time of all layers.</summary>
    public LayerTimes Times => Layers.Aggregate(default(LayerTimes), (sum, layer) => sum + layer.Times);

    /// <summary>The rest of <see cref="Duration"/>: the loss, and what belongs to no layer.</summary>
    public TimeSpan Other => Duration - Times.Total;
}

/// <summary>Where the time of steps in one or more layers went. The parts do not overlap.</summary>
/// <param name="Choosing">
/// What to compute: draws, hash queries, selection, 1 / p, and keeping up hash tables (but for what a background thread does), sketches
/// and norms.
/// </param>
/// <param name="Forward">Forward products, with activation functions and residual connections.</param>
/// <param name="InputGradient">Gradients of the layer below.</param>
/// <param name="Update">
/// Gradients of the parameters and their update, which are one kernel, with the decay that rows catch up on and clipping. At batch 1
/// exact layers whose rule leaves alone what has no gradient compute their input gradient in the same kernel: it counts here.
/// </param>
public readonly record struct LayerTimes(TimeSpan Choosing, TimeSpan Forward, TimeSpan InputGradient, TimeSpan Update)
{
    /// <summary>All parts.</summary>
    public TimeSpan Total => Choosing + Forward + InputGradient + Update;

    /// <summary>Adds part by part.</summary>
    public static LayerTimes operator +(LayerTimes left, LayerTimes right) => Add(left, right);

    /// <summary>Adds part by part.</summary>
    public static LayerTimes Add(LayerTimes left, LayerTimes right) => new(
        left.Choosing + right.Choosing, left.Forward + right.Forward, left.InputGradient + right.InputGradient, left.Update + right.Update);
}

/// <summary>What the steps of a training did in one layer.</summary>
/// <param name="Layer">Index of the layer.</param>
/// <param name="Times">Its time.</param>
/// <param name="ActiveShare">Share of its nodes that were active, in the mean over rows, those of exact steps included; 1 where none is left out.</param>
/// <param name="Queries">What queries of its hash tables found; null without tables.</param>
/// <param name="Buckets">How full its hash tables are now; null without tables.</param>
/// <param name="Forward">Its forward products that were estimated; null if there were none.</param>
/// <param name="InputGradient">Its input gradients that were estimated; null if there were none.</param>
/// <param name="WeightGradient">Its weight gradients that were estimated; null if there were none.</param>
public sealed record LayerStatistics(
    int Layer,
    LayerTimes Times,
    double ActiveShare,
    QueryStatistics? Queries,
    BucketStatistics? Buckets,
    ProductStatistics? Forward,
    ProductStatistics? InputGradient,
    ProductStatistics? WeightGradient);

/// <summary>What queries of a layer's hash tables found.</summary>
/// <param name="Queries">Queries, one for each row or, where rows share a set, each batch.</param>
/// <param name="Candidates">Nodes in the buckets that were looked into, each counted in every bucket.</param>
/// <param name="Duplicates">Those of them that were chosen or counted already, from another table or as a label.</param>
/// <param name="Retrieved">Nodes that became active because a bucket had them.</param>
/// <param name="Filled">Nodes that became active at random because the buckets had too few.</param>
public readonly record struct QueryStatistics(long Queries, long Candidates, long Duplicates, long Retrieved, long Filled)
{
    /// <summary>Adds count by count.</summary>
    public static QueryStatistics operator +(QueryStatistics left, QueryStatistics right) => Add(left, right);

    /// <summary>Adds count by count.</summary>
    public static QueryStatistics Add(QueryStatistics left, QueryStatistics right) => new(
        left.Queries + right.Queries,
        left.Candidates + right.Candidates,
        left.Duplicates + right.Duplicates,
        left.Retrieved + right.Retrieved,
        left.Filled + right.Filled);

    /// <summary>Duplicates among the candidates.</summary>
    public double DuplicateShare => Candidates == 0 ? 0 : (double)Duplicates / Candidates;
}

/// <summary>Products of one kind that were estimated from some of their terms.</summary>
/// <param name="Products">How many.</param>
/// <param name="Draws">How often terms were drawn; fewer than <paramref name="Products"/> where they are reused.</param>
/// <param name="TermsShare">Share of the terms that were used, each distinct one counted once, in the mean over products.</param>
/// <param name="RelativeSquaredError">
/// E|error|^2 by the formula of the estimator and the probabilities of the draw, in the mean over the products for which scores were
/// computed. Relative to (sum of |a_i||b_i|)^2, the largest |C|^2 that the product C could have; |C|^2, which is not known, counts as 0 in the
/// formula. So it is an upper bound in that unit, which the variance budget has too. For <see cref="InputEstimator.TopK"/>, which has no variance, the
/// largest possible error. Null for <see cref="InputEstimator.Uniform"/>, which computes no scores.
/// </param>
public readonly record struct ProductStatistics(long Products, long Draws, double TermsShare, double? RelativeSquaredError);
