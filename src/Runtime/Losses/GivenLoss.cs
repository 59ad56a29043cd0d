namespace Whittle;

/// <summary>A loss that the user wrote.</summary>
internal sealed class GivenLoss(CustomLoss loss) : LossFunction
{
    /// <inheritdoc/>
    public override LossValue Compute(LossBatch batch) => new(loss(batch) * batch.Rows, batch.Rows);
}
