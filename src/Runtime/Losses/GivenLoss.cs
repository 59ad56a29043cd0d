namespace Whittle;

/// <summary>A loss that the user wrote.</summary>
internal sealed class GivenLoss(CustomLoss loss) : LossFunction
{
    private bool isRunning;

    /// <inheritdoc/>
    public override bool IsRunning => isRunning;

    /// <inheritdoc/>
    public override LossValue Compute(LossBatch batch)
    {
        isRunning = true;
        try
        {
            return new LossValue(loss(batch) * batch.Rows, batch.Rows);
        }
        finally
        {
            isRunning = false;
        }
    }
}
