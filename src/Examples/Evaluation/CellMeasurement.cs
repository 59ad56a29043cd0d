namespace Whittle.Examples.Evaluation;

/// <summary>How the layers of a trained network compute in training, on development rows.</summary>
internal static class CellMeasurement
{
    // A sketch has followed the inputs after so many batches; the rest is measured.
    private const int WarmUpBatches = 32;
    private const int Batches = 32;

    // Of any batch size: it is about layers, not about steps.
    private const int BatchSize = 20;

    /// <summary>Measures each hidden layer, in the mean over batches.</summary>
    public static IReadOnlyList<LayerOutcome> Run(CompiledNetwork network, ulong seed, Dataset development)
    {
        using var session = new TrainingSession(network, new StepOptions { Threads = 1, SamplingSeed = seed });
        var rows = new float[BatchSize * development.Features];
        var measured = new List<IReadOnlyList<LayerMeasurement>>();
        var next = 0;
        for (var batch = 0; batch < WarmUpBatches + Batches; batch++)
        {
            for (var row = 0; row < BatchSize; row++)
            {
                development.Row(next).CopyTo(rows.AsSpan(row * development.Features));
                next = (next + 1) % development.Count;
            }

            var layers = session.MeasureLayers(rows);
            if (batch >= WarmUpBatches)
            {
                measured.Add(layers);
            }
        }

        return [.. Enumerable.Range(0, measured[0].Count).Select(layer => Mean([.. measured.Select(batch => batch[layer])]))];
    }

    private static LayerOutcome Mean(IReadOnlyList<LayerMeasurement> batches) => new(
        batches.Average(batch => batch.ActiveShare),
        batches.Average(batch => batch.Recall),
        batches.Average(batch => batch.CapturedRatio),
        batches.Average(batch => batch.RelativeError),
        batches.Average(batch => batch.SumError));
}
