namespace Whittle;

/// <summary>What a loss sees of one batch: the logits and the truth of each row, and the gradient that it writes.</summary>
public readonly ref struct LossBatch
{
    private readonly int stride;
    private readonly ReadOnlySpan<float> logits;
    private readonly Span<float> gradients;
    private readonly ReadOnlySpan<float> targets;

    internal LossBatch(
        int rows,
        int outputs,
        int stride,
        ReadOnlySpan<float> logits,
        Span<float> gradients,
        ReadOnlySpan<int> labels,
        ReadOnlySpan<float> targets)
    {
        Rows = rows;
        Outputs = outputs;
        this.stride = stride;
        this.logits = logits;
        this.gradients = gradients;
        Labels = labels;
        this.targets = targets;
    }

    /// <summary>Rows of the batch.</summary>
    public int Rows { get; }

    /// <summary>Outputs of the network.</summary>
    public int Outputs { get; }

    /// <summary>The class of each row; empty where targets are given.</summary>
    public ReadOnlySpan<int> Labels { get; }

    /// <summary>The outputs of the last layer for one row, [outputs].</summary>
    public ReadOnlySpan<float> Logits(int row) => logits.Slice(row * stride, Outputs);

    /// <summary>The target values of one row, [outputs]; empty where labels are given.</summary>
    public ReadOnlySpan<float> Target(int row) => targets.IsEmpty ? default : targets.Slice(row * Outputs, Outputs);

    /// <summary>Where dL/dlogits of one row is written, [outputs]; already divided by the number of rows if the loss is their mean.</summary>
    public Span<float> Gradient(int row) => gradients.Slice(row * stride, Outputs);

    /// <summary>The outputs of one row and what follows them in memory, which may be anything.</summary>
    internal ReadOnlySpan<float> PaddedLogits(int row) => logits.Slice(row * stride, stride);

    /// <summary>The gradient of one row and the padding that follows it, which must stay zero.</summary>
    internal Span<float> PaddedGradient(int row) => gradients.Slice(row * stride, stride);

    /// <summary>The target values of some rows, [count, outputs].</summary>
    internal ReadOnlySpan<float> Targets(int row, int count) => targets.Slice(row * Outputs, count * Outputs);
}

/// <summary>A loss of one's own, as a function of the outputs of the last layer (its activation's derivative is applied afterwards).</summary>
/// <param name="batch">
/// Logits and truth; every element of every <see cref="LossBatch.Gradient"/> row must be written with dL/dlogits. The logit of an output that a
/// node-sampled output layer did not compute is -infinity, and its gradient is not used.
/// </param>
/// <returns>L, the loss of the batch.</returns>
public delegate double CustomLoss(LossBatch batch);
