using System.Diagnostics;
using Whittle.Examples.DataSets;
using Whittle.Examples.Evaluation.Report;

namespace Whittle.Examples.Evaluation;

/// <summary>Runs what of a study has not run yet, several trainings side by side.</summary>
/// <param name="study">The study.</param>
/// <param name="file">What has run, and where results go.</param>
/// <param name="jobs">Trainings side by side, each on one thread.</param>
internal sealed class EvaluationRun(Study study, ResultFile file, int jobs)
{
    private readonly Stopwatch clock = new();
    private readonly Lock gate = new();
    private (EvaluationData Data, CellGroup Group)[] work = [];
    private double left;
    private double done;

    /// <summary>Reads the data sets, all of them: one that is missing is told before hours have been spent on another.</summary>
    /// <param name="read">Reads a data set.</param>
    public void Load(Func<DataSource, EvaluationData> read)
    {
        var sets = study.Data.Select(name => (Name: name, Data: read(DataSource.Find(name)))).ToArray();
        work = [.. sets.SelectMany(set => study.Groups(set.Name, set.Data.Train.Count).Select(group => (set.Data, group)))];
    }

    /// <summary>What a report tells of this run.</summary>
    public ReportSettings Report(string command)
    {
        // A learning rate is known only after its trials: a cell counts whatever the rate.
        var tested = file.Results.Where(result => result.Outcome is not null).Select(result => result.Settings with { LearningRate = 0 }).ToHashSet();
        var cells = work.SelectMany(item => item.Group.Cells).ToArray();
        return new ReportSettings(command, DateTimeOffset.Now, cells.Length, cells.Count(cell => !tested.Contains(cell)));
    }

    /// <summary>Runs it.</summary>
    /// <param name="view">Told what happens.</param>
    /// <param name="cancellation">Gives it up after what has been finished.</param>
    public void Run(IEvaluationView view, CancellationToken cancellation)
    {
        left = work.Sum(item => Trainings(item.Group).Sum(settings => Work(item.Data, item.Group.Method, settings)));
        view.Planned(work.Sum(item => item.Group.Trials.Count()), work.Sum(item => item.Group.Cells.Count), study.Methods.Count, jobs);
        clock.Start();
        try
        {
            // In order: what takes long last would leave one core alone, but a reader wants the first set first.
            Parallel.ForEach(
                System.Collections.Concurrent.Partitioner.Create(work, System.Collections.Concurrent.EnumerablePartitionerOptions.NoBuffering),
                new ParallelOptions { MaxDegreeOfParallelism = jobs, CancellationToken = cancellation },
                item => item.Group.Run((method, settings, tested) => Train(view, item.Data, method, settings, tested, cancellation)));
        }
        catch (AggregateException exception)
        {
            cancellation.ThrowIfCancellationRequested();
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Capture(exception.InnerExceptions[0]).Throw();
        }
    }

    private static IEnumerable<CellSettings> Trainings(CellGroup group) => group.Trials.Concat(group.Cells);

    private static double Work(EvaluationData data, Method method, CellSettings settings) =>
        (double)settings.Rows * settings.Epochs * method.Work(data.Train, settings.Depth, settings.BatchSize);

    private CellResult Train(IEvaluationView view, EvaluationData data, Method method, CellSettings settings, bool tested, CancellationToken cancellation)
    {
        var amount = Work(data, method, settings);
        if (file.Find(settings, tested) is { } before)
        {
            Count(amount, ran: false);
            return before;
        }

        cancellation.ThrowIfCancellationRequested();
        var result = view.Watch(settings, progress => CellTraining.Run(method, settings, data, tested, progress, cancellation));
        file.Add(result);
        view.Finished(result, Count(amount, ran: true));
        return result;
    }

    // How long what is left will take, told from what has run.
    private TimeSpan Count(double amount, bool ran)
    {
        lock (gate)
        {
            left -= amount;
            done += ran ? amount : 0;
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
