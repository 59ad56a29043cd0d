using System.Globalization;

namespace Whittle.Examples.Evaluation;

/// <summary>The tested results as comma-separated values, for spreadsheets and plots.</summary>
internal static class ResultTable
{
    private const string Header =
        "data,method,depth,batch,optimizer,learning_rate,rows,epochs,seed,keeps_last,test_accuracy,development_accuracy,best_epoch,diverged,predicted_classes,"
        + "seconds_per_epoch,forward_seconds,backward_seconds,update_seconds,selection_seconds,multiply_adds,parameter_bytes,peak_memory,active_share,"
        + "captured_ratio,last_relative_error,last_sum_error,machine";

    /// <summary>Writes the table; a reader sees the old one or the new one, never a part.</summary>
    public static void Write(string path, IEnumerable<CellResult> results)
    {
        var part = path + ".part";
        File.WriteAllLines(part, [Header, .. results.Where(result => result.Outcome is not null).Select(Line)]);
        File.Move(part, path, overwrite: true);
    }

    private static string Line(CellResult result)
    {
        var (settings, outcome) = (result.Settings, result.Outcome!);
        return string.Join(',', new object?[]
        {
            settings.Data, settings.Method, settings.Depth, settings.BatchSize, settings.Optimizer, settings.LearningRate, settings.Rows, settings.Epochs, settings.Seed, settings.KeepsLast,
            outcome.Test, result.Development, result.BestEpoch, result.Diverged, outcome.PredictedClasses,
            Mean(epoch => epoch.Seconds), Mean(epoch => epoch.ForwardSeconds), Mean(epoch => epoch.BackwardSeconds), Mean(epoch => epoch.UpdateSeconds), Mean(epoch => epoch.SelectionSeconds),
            outcome.MultiplyAdds, outcome.ParameterBytes, outcome.PeakMemory,
            outcome.Layers.Count == 0 ? null : outcome.Layers.Average(layer => layer.ActiveShare),
            outcome.Layers.Average(layer => layer.CapturedRatio),
            outcome.Layers.Count == 0 ? null : outcome.Layers[^1].RelativeError,
            outcome.Layers.Count == 0 ? null : outcome.Layers[^1].SumError,
            result.Machine,
        }.Select(Field));

        double? Mean(Func<EpochResult, double> value) => result.Epochs.Count == 0 ? null : result.Epochs.Average(value);
    }

    private static string Field(object? value)
    {
        var text = Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
        return text.AsSpan().ContainsAny(",\"\n\r") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
    }
}
