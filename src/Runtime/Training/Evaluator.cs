namespace Whittle;

/// <summary>Measures a network on a data set.</summary>
internal static class Evaluator
{
    /// <summary>Computes loss, accuracy and confusion matrix.</summary>
    /// <param name="network">The network.</param>
    /// <param name="data">The rows.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="threads">Threads that large products are split over; 0 for one per processor.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="DataFormatException">The data does not fit the network.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static Evaluation Evaluate(CompiledNetwork network, Dataset data, LossFunction loss, int threads, CancellationToken cancellation)
    {
        var reader = new BatchReader(network, data, loss);
        var architecture = network.Architecture;
        var classes = architecture.Outputs == 1 ? 2 : architecture.Outputs;
        var confusion = reader.HasLabels && data.Classes <= classes ? new ConfusionMatrix(classes) : null;
        var total = default(LossValue);
        long right = 0;
        var order = new int[data.Count];
        for (var row = 0; row < order.Length; row++)
        {
            order[row] = row;
        }

        var workspace = network.Workspaces.Rent();
        try
        {
            for (var start = 0; start < data.Count; start += workspace.Rows)
            {
                cancellation.ThrowIfCancellationRequested();
                var rows = order.AsSpan(start, Math.Min(workspace.Rows, data.Count - start));
                using var lease = workspace.Use();
                reader.Read(rows, workspace);
                network.RunForward(workspace, rows.Length, threads);
                var batch = workspace.Batch(rows.Length, architecture.Outputs, reader.LossLabels, reader.LossTargets);
                total += loss.Compute(batch);
                for (var row = 0; row < rows.Length; row++)
                {
                    if (confusion is not null)
                    {
                        confusion.Add(reader.Labels[row], CompiledNetwork.ClassOf(batch.Logits(row)));
                    }
                    else if (loss is BinaryCrossEntropy)
                    {
                        right += CountRight(batch.Logits(row), batch.Target(row));
                    }
                }
            }
        }
        finally
        {
            network.Workspaces.Return(workspace);
        }

        double? accuracy = confusion is not null ? confusion.Accuracy
            : loss is BinaryCrossEntropy ? (double)right / ((long)data.Count * architecture.Outputs)
            : null;
        return new Evaluation(data.Count, total.Mean, accuracy, confusion);
    }

    private static int CountRight(ReadOnlySpan<float> logits, ReadOnlySpan<float> targets)
    {
        var right = 0;
        for (var output = 0; output < logits.Length; output++)
        {
            right += logits[output] > 0 == targets[output] > 0.5f ? 1 : 0;
        }

        return right;
    }
}
