namespace Whittle;

/// <summary>A sum of losses and the weight to divide it by, so that batches can be joined into one mean.</summary>
internal readonly record struct LossValue(double Sum, double Weight)
{
    /// <summary>The mean loss.</summary>
    public double Mean => Weight == 0 ? 0 : Sum / Weight;

    public static LossValue operator +(LossValue left, LossValue right) => new(left.Sum + right.Sum, left.Weight + right.Weight);
}

/// <summary>Computes a loss and writes its gradient with respect to the outputs of the last layer.</summary>
internal abstract class LossFunction
{
    /// <summary>Whether the truth is one class per row rather than a target per output.</summary>
    public virtual bool UsesLabels => false;

    /// <summary>Whether it is being computed, by code of the caller that might begin another step.</summary>
    public virtual bool IsRunning => false;

    /// <summary>Makes the loss that a network trains with.</summary>
    /// <param name="loss">The declared loss.</param>
    /// <param name="outputs">Outputs of the network.</param>
    /// <param name="classWeights">Weight of each class, or null for equal ones.</param>
    public static LossFunction Create(Loss loss, int outputs, IReadOnlyList<float>? classWeights) => loss switch
    {
        Loss.SoftmaxCrossEntropy => new SoftmaxCrossEntropy(Checked(classWeights, outputs)),
        _ when classWeights is not null => throw new ArgumentException(
            $"Class weights need the loss SoftmaxCrossEntropy, but the network is declared with {loss}."),
        Loss.MeanSquaredError => new MeanSquaredError(),
        Loss.BinaryCrossEntropy => new BinaryCrossEntropy(),
        _ => throw new ArgumentOutOfRangeException(nameof(loss), loss, "Not a loss."),
    };

    /// <summary>Writes dL/dlogits of every row, L being the weighted mean over the rows, and returns the parts of L.</summary>
    public abstract LossValue Compute(LossBatch batch);

    private static float[]? Checked(IReadOnlyList<float>? weights, int classes)
    {
        if (weights is null)
        {
            return null;
        }

        if (weights.Count != classes)
        {
            throw new ArgumentException($"The network has {classes} classes, but {weights.Count} class weights are given.");
        }

        foreach (var weight in weights)
        {
            if (!(weight >= 0 && float.IsFinite(weight)))
            {
                throw new ArgumentException($"A class weight is {weight}; it must be a finite number of at least 0.");
            }
        }

        return [.. weights];
    }
}
