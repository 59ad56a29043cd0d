namespace Whittle;

/// <summary>A loss that the user wrote.</summary>
internal sealed class GivenLoss(CustomLoss loss) : LossFunction
{
    private bool runs;

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The loss has trained with the session that calls it: its batch is no longer there.</exception>
    public override LossValue Compute(LossBatch batch)
    {
        if (runs)
        {
            throw new InvalidOperationException("A custom loss must not train with the session, or the trainer, that calls it; compute the loss of the batch that it is given.");
        }

        runs = true;
        try
        {
            return new LossValue(loss(batch) * batch.Rows, batch.Rows);
        }
        finally
        {
            runs = false;
        }
    }
}
