namespace Whittle;

/// <summary>
/// What a step does to the row of a node that it does not touch, in a node-sampled layer: how an optimiser's moments and weights decay
/// where there is no gradient. Rows are caught up on the steps they missed when they are next touched.
/// </summary>
/// <param name="First">Factor of the first moment, from 0 to 1; momentum, or Adam's beta1.</param>
/// <param name="Second">Factor of the second moment, from 0 to 1; Adam's beta2.</param>
/// <param name="Weights">c of a decay that multiplies weights and biases by 1 - r c, r the step's learning rate; at least 0.</param>
public sealed record RowDecay(float First = 1, float Second = 1, float Weights = 0)
{
    /// <summary>Rows that a step does not touch stay as they are.</summary>
    public static RowDecay None { get; } = new();

    /// <summary>Whether moments decay.</summary>
    internal bool OfMoments => First != 1 || Second != 1;

    /// <summary>Whether all settings are within their ranges.</summary>
    internal bool IsValid => First is >= 0 and <= 1 && Second is >= 0 and <= 1 && Weights >= 0 && float.IsFinite(Weights);
}
