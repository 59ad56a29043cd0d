using System.Reflection;
using Whittle.Examples.Measurements;

namespace Whittle.Examples.Evaluation;

/// <summary>Trains and measures one cell: one thread, a cosine schedule.</summary>
internal static class CellTraining
{
    private static readonly string Runtime = $".NET {Environment.Version}, {System.Runtime.InteropServices.RuntimeInformation.OSDescription}";

    /// <summary>Version of this program, with its commit.</summary>
    public static string Version { get; } =
        typeof(CellTraining).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";

    /// <summary>This processor and instruction set.</summary>
    public static string Machine { get; } = $"{ProcessorName.Text} ({InstructionSets.Active})";

    /// <summary>Trains and measures.</summary>
    /// <param name="method">The method.</param>
    /// <param name="settings">Its settings.</param>
    /// <param name="data">The rows to train on, to choose by and, where the result is to be tested, to test on.</param>
    /// <param name="tested">Whether to look at the test rows.</param>
    /// <param name="progress">Told how far the training is.</param>
    /// <param name="cancellation">Gives it up.</param>
    public static CellResult Run(
        Method method, CellSettings settings, EvaluationData data, bool tested, IProgress<TrainingProgress> progress, CancellationToken cancellation)
    {
        using var network = method.Create(data.Train, settings.Depth, settings.Seed);
        network.PredictionThreads = 1;
        var memory = new MemoryWatch();
        var steps = (settings.Rows + settings.BatchSize - 1L) / settings.BatchSize * settings.Epochs;
        var epochs = new List<EpochReport>();
        var options = new TrainingOptions
        {
            Epochs = settings.Epochs,
            BatchSize = settings.BatchSize,
            Seed = settings.Seed,
            SamplingSeed = settings.Seed,
            Threads = 1,
            Optimizer = OptimizerChoice.Named(settings.Optimizer).Create(settings.LearningRate),
            Schedule = LearningRateSchedule.Cosine(),
            ExactFirstSteps = (long)Math.Round(method.ExactStart * steps),
            Validation = data.Development,
            KeepBest = !settings.KeepsLast,
            CollectStatistics = true,
            OnEpoch = report =>
            {
                epochs.Add(report);
                memory.Look();
            },
        };
        var (diverged, kept) = (false, 0);
        try
        {
            var report = Trainer.Fit(network, data.Train.Take(settings.Rows), options, progress, cancellation);
            if (report.End == TrainingEnd.Cancelled)
            {
                throw new OperationCanceledException(cancellation);
            }

            kept = report.KeptEpoch ?? 0;
        }
        catch (TrainingDivergedException exception)
        {
            (diverged, kept) = (true, exception.RestoredEpoch);
        }

        var development = network.Evaluate(data.Development, cancellation).Accuracy!.Value;
        return new CellResult(settings, development, kept, diverged, [.. epochs.Select(Describe)], tested ? Test(network, settings, data, memory, cancellation) : null)
        {
            Machine = Machine,
            Runtime = Runtime,
            Version = Version,
            Fingerprint = data.Fingerprint,
        };
    }

    private static EpochResult Describe(EpochReport report)
    {
        var times = report.Statistics!.Times;
        return new EpochResult(
            report.Loss,
            report.Validation!.Accuracy!.Value,
            report.StepTime.TotalSeconds,
            times.Forward.TotalSeconds,
            times.InputGradient.TotalSeconds,
            times.Update.TotalSeconds,
            times.Choosing.TotalSeconds);
    }

    private static TestOutcome Test(CompiledNetwork network, CellSettings settings, EvaluationData data, MemoryWatch memory, CancellationToken cancellation)
    {
        var confusion = network.Evaluate(data.Test, cancellation).Confusion!;
        var classes = Enumerable.Range(0, confusion.Classes <= TestOutcome.MostClassesShown ? confusion.Classes : 0);
        var cost = network.Architecture.CostOfStep(settings.BatchSize);
        return new TestOutcome(
            confusion.Accuracy,
            [.. classes.Select(truth => (IReadOnlyList<long>)[.. classes.Select(guess => confusion[truth, guess])])],
            confusion.PredictedClasses,
            cost.MultiplyAdds,
            cost.ParameterBytes,
            memory.Largest,
            CellMeasurement.Run(network, settings.Seed, data.Development));
    }

    /// <summary>The largest working set of the process, looked at after each epoch.</summary>
    private sealed class MemoryWatch
    {
        public long Largest { get; private set; } = Environment.WorkingSet;

        public void Look() => Largest = Math.Max(Largest, Environment.WorkingSet);
    }
}
