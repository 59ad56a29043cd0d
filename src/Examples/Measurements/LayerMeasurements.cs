namespace Whittle.Examples.Measurements;

/// <summary>What the hidden layers of a trained network lose against exact ones.</summary>
internal static class LayerMeasurements
{
    // A sketch follows the inputs of the batches before; by then it knows them.
    private const int BatchesBefore = 64;
    private const int MeasuredRows = 200;

    /// <summary>Measures one large batch of the training rows, after smaller ones from which sketches learn.</summary>
    public static IReadOnlyList<LayerMeasurement> Of(CompiledNetwork network, Dataset train, ulong seed)
    {
        using var session = new TrainingSession(network, new StepOptions { SamplingSeed = seed });
        var next = 0;
        for (var batch = 0; batch < BatchesBefore; batch++)
        {
            _ = session.MeasureLayers(NextRows(network.Architecture.BatchSize));
        }

        return session.MeasureLayers(NextRows(Math.Min(MeasuredRows, train.Count)));

        float[] NextRows(int count)
        {
            var rows = new float[count * train.Features];
            for (var row = 0; row < count; row++)
            {
                train.Row(next).CopyTo(rows.AsSpan(row * train.Features));
                next = (next + 1) % train.Count;
            }

            return rows;
        }
    }
}
