using System.Diagnostics;
using Whittle.Examples.Evaluation.Report;

namespace Whittle.Examples.Evaluation;

/// <summary>Runs what of a study has not run yet, several trainings side by side.</summary>
internal sealed class EvaluationRun
{
    private readonly Stopwatch clock = new();
    private readonly Lock gate = new();
    private readonly Study study;
    private readonly ResultFile file;
    private readonly int jobs;
    private readonly (EvaluationData Data, CellGroup Group)[] work;
    private readonly HashSet<(CellSettings Settings, bool Tested)> pending = [];
    private double left;
    private double done;

    /// <summary>Prepares a run.</summary>
    /// <param name="study">The study.</param>
    /// <param name="sets">Its data sets by name.</param>
    /// <param name="file">What has run, and where results go.</param>
    /// <param name="jobs">Trainings side by side, each on one thread.</param>
    /// <exception cref="UserErrorException">There is nothing to train, or the file has results of other rows.</exception>
    public EvaluationRun(Study study, IReadOnlyDictionary<string, EvaluationData> sets, ResultFile file, int jobs)
    {
        (this.study, this.file, this.jobs) = (study, file, jobs);
        work = [.. sets.SelectMany(set => study.Groups(set.Key, set.Value.Train.Count).Select(group => (set.Value, group)))];
        if (work.Length == 0)
        {
            throw new UserErrorException($"None of the methods can be as shallow as --depths says: {string.Join(", ", study.Methods.Select(method => $"{method.Name} has at least {method.LeastDepth} hidden layers"))}.");
        }

        if (sets.GroupBy(set => set.Value.Fingerprint).FirstOrDefault(same => same.Count() > 1) is { } same)
        {
            throw new UserErrorException($"{string.Join(" and ", same.Select(set => set.Key))} are the same rows; --path must be a directory that has a directory for each of them.");
        }

        foreach (var (name, data) in sets)
        {
            var rows = study.RowsOf(data.Train.Count);
            if (study.Parts.FirstOrDefault(part => part.BatchSize > rows) is { } part)
            {
                throw new UserErrorException($"--batch has {part.BatchSize}, but {name} has {rows} rows to train on{(rows < data.Train.Count ? " with this --train-rows" : "")}.");
            }

            if (file.Results.Any(result => result.Settings.Data == name && result.Fingerprint.Length > 0 && result.Fingerprint != data.Fingerprint))
            {
                throw new UserErrorException($"{file.Path} has results of other rows that were also called {name}; choose another directory with --output.");
            }
        }
    }

    /// <summary>What a report tells of this run.</summary>
    public ReportSettings Report(string command)
    {
        return new ReportSettings(command, DateTimeOffset.Now, work.Sum(item => item.Group.Cells.Count), work.Sum(item => Missing(item.Data, item.Group).Count()), jobs);
    }

    /// <summary>Runs it.</summary>
    /// <param name="view">Told what happens.</param>
    /// <param name="cancellation">Gives it up after what has been finished.</param>
    public void Run(IEvaluationView view, CancellationToken cancellation)
    {
        foreach (var (data, group) in work)
        {
            foreach (var trial in group.Trials.Where(trial => file.Find(trial, tested: false) is null))
            {
                Expect(data, group.Method, trial, isTested: false);
            }

            foreach (var cell in Missing(data, group))
            {
                Expect(data, group.Method, cell, isTested: true);
            }
        }

        view.Planned(work.Sum(item => item.Group.Trials.Count()), work.Sum(item => item.Group.Cells.Count), study.Methods.Count, jobs);
        clock.Start();

        // What fails is told at once, not after hours of what would have gone on beside it.
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        try
        {
            // In order: what takes long last would leave one core alone, but a reader wants the first set first.
            Parallel.ForEach(
                System.Collections.Concurrent.Partitioner.Create(work, System.Collections.Concurrent.EnumerablePartitionerOptions.NoBuffering),
                new ParallelOptions { MaxDegreeOfParallelism = jobs },
                item => Run(item.Data, item.Group, view, stop));
        }
        catch (AggregateException exception)
        {
            cancellation.ThrowIfCancellationRequested();
            var cause = exception.InnerExceptions.FirstOrDefault(inner => inner is not OperationCanceledException) ?? exception.InnerExceptions[0];
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Capture(cause).Throw();
        }
    }

    private void Run(EvaluationData data, CellGroup group, IEvaluationView view, CancellationTokenSource stop)
    {
        try
        {
            group.Run(data.Chance, (method, settings, tested) => Train(view, data, method, settings, tested, stop.Token));
        }
        catch
        {
            stop.Cancel();
            throw;
        }
    }

    /// <summary>Cells that have not run at the learning rate that the trials chose; all, while it is not known.</summary>
    private IEnumerable<CellSettings> Missing(EvaluationData data, CellGroup group)
    {
        var rate = group.BestRate(data.Chance, trial => file.Find(trial, tested: false));
        return group.Cells.Where(cell => rate is null || file.Find(cell with { LearningRate = rate.Value }, tested: true) is null);
    }

    private void Expect(EvaluationData data, Method method, CellSettings settings, bool isTested)
    {
        if (pending.Add((settings, isTested)))
        {
            left += Work(data, method, settings);
        }
    }

    private static double Work(EvaluationData data, Method method, CellSettings settings) =>
        (double)settings.Rows * settings.Epochs * method.Work(data.Train, settings.Depth, settings.BatchSize);

    private CellResult Train(IEvaluationView view, EvaluationData data, Method method, CellSettings settings, bool tested, CancellationToken cancellation)
    {
        if (file.Find(settings, tested) is { } before)
        {
            return before;
        }

        cancellation.ThrowIfCancellationRequested();
        var result = view.Watch(settings, progress => CellTraining.Run(method, settings, data, tested, progress, cancellation));
        file.Add(result);
        view.Finished(result, Count(Work(data, method, settings), (tested ? settings with { LearningRate = 0 } : settings, tested)));
        return result;
    }

    // How long what is left will take, told from what has run.
    private TimeSpan Count(double amount, (CellSettings Settings, bool Tested) training)
    {
        lock (gate)
        {
            // Trials at a lower depth than planned were not expected.
            left -= pending.Remove(training) ? amount : 0;
            done += amount;
            return done > 0 ? TimeSpan.FromSeconds(Math.Max(0, Math.Round(clock.Elapsed.TotalSeconds / done * left))) : TimeSpan.Zero;
        }
    }
}

/// <summary>Shows how far an evaluation is; called from many threads.</summary>
internal interface IEvaluationView
{
    /// <summary>Everything has been read and training begins.</summary>
    /// <param name="trials">Trainings that choose learning rates.</param>
    /// <param name="cells">Trainings that are tested.</param>
    /// <param name="methods">Methods that are compared.</param>
    /// <param name="jobs">Trainings side by side.</param>
    void Planned(int trials, int cells, int methods, int jobs);

    /// <summary>Runs a training while showing how far it is.</summary>
    CellResult Watch(CellSettings settings, Func<IProgress<TrainingProgress>, CellResult> run);

    /// <summary>A training has finished.</summary>
    /// <param name="result">What came of it.</param>
    /// <param name="remaining">About how long the rest will take.</param>
    void Finished(CellResult result, TimeSpan remaining);
}
