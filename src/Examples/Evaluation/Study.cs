namespace Whittle.Examples.Evaluation;

/// <summary>Trainings of one batch size and update rule.</summary>
/// <param name="BatchSize">Rows of a mini-batch.</param>
/// <param name="Optimizer">The update rule.</param>
/// <param name="Depths">Numbers of hidden layers.</param>
internal sealed record StudyPart(int BatchSize, OptimizerChoice Optimizer, IReadOnlyList<int> Depths);

/// <summary>What an evaluation compares: every method on every data set, in several parts.</summary>
/// <param name="Data">Names of the data sets.</param>
/// <param name="Methods">The methods.</param>
/// <param name="Parts">Batch sizes, update rules and depths.</param>
/// <param name="Seeds">Seeds of weights, order and sampling; the first also chooses learning rates.</param>
/// <param name="Epochs">Passes over the training rows.</param>
/// <param name="Rows">Rows trained on; 0 for all but the development rows.</param>
/// <param name="TrialDepth">Hidden layers of the trainings that choose a learning rate.</param>
/// <param name="TrialRows">Rows of those trainings; 0 for as many as <paramref name="Rows"/>.</param>
/// <param name="TrialEpochs">Epochs of those trainings.</param>
/// <param name="LearningRates">Learning rates to choose from; null for those of the update rule.</param>
/// <param name="KeepsLast">Whether the weights after the last epoch are tested, not those of the epoch with the least loss on the development rows.</param>
internal sealed record Study(
    IReadOnlyList<string> Data,
    IReadOnlyList<Method> Methods,
    IReadOnlyList<StudyPart> Parts,
    IReadOnlyList<ulong> Seeds,
    int Epochs,
    int Rows,
    int TrialDepth,
    int TrialRows,
    int TrialEpochs,
    IReadOnlyList<float>? LearningRates,
    bool KeepsLast = false)
{
    /// <summary>What is trained on one data set, in units that can run side by side.</summary>
    /// <param name="name">Name of the data set.</param>
    /// <param name="rows">Training rows that it has.</param>
    public IReadOnlyList<CellGroup> Groups(string name, int rows)
    {
        var used = RowsOf(rows);
        return
        [
            .. from part in Parts
               from method in Methods
               where part.Depths.Any(depth => depth >= method.LeastDepth)
               select new CellGroup(
                   method,
                   Rates(part),
                   new CellSettings(name, method.Name, Math.Max(TrialDepth, method.LeastDepth), part.BatchSize, part.Optimizer.Name, 0, Least(TrialRows, used), TrialEpochs, Seeds[0]),
                   [
                       .. from depth in part.Depths
                          where depth >= method.LeastDepth
                          from seed in Seeds
                          select new CellSettings(name, method.Name, depth, part.BatchSize, part.Optimizer.Name, 0, used, Epochs, seed, KeepsLast),
                   ]),
        ];
    }

    /// <summary>How many rows are trained on, of those that there are.</summary>
    public int RowsOf(int rows) => Least(Rows, rows);

    /// <summary>Refuses a data set for which a method has no network.</summary>
    /// <exception cref="UserErrorException">There is none.</exception>
    public void CheckShapes(string name, Dataset data)
    {
        foreach (var method in Methods)
        {
            method.Check(name, data);
        }
    }

    /// <summary>The parts of this study that have one of some batch sizes and update rules, with other depths if any are given.</summary>
    /// <param name="batches">Batch sizes; null for any.</param>
    /// <param name="optimizers">Update rules; null for any.</param>
    /// <param name="depths">Numbers of hidden layers; null for those of the part, of a part of the same batch size, or of the first.</param>
    /// <returns>For a batch size or an update rule that no part has, new parts with every update rule or batch size that there is.</returns>
    public IReadOnlyList<StudyPart> PartsOf(IReadOnlyList<int>? batches, IReadOnlyList<OptimizerChoice>? optimizers, IReadOnlyList<int>? depths)
    {
        var combinations = (batches, optimizers) switch
        {
            (null, null) => Parts.Select(part => (part.BatchSize, part.Optimizer)),
            (not null, null) => batches.SelectMany(batch => With(part => part.BatchSize == batch).Select(part => (batch, part.Optimizer))),
            (null, not null) => optimizers.SelectMany(optimizer => With(part => part.Optimizer == optimizer).Select(part => (part.BatchSize, optimizer))),
            _ => batches.SelectMany(batch => optimizers.Select(optimizer => (batch, optimizer))),
        };
        return [.. combinations.Distinct().Select(combination => new StudyPart(combination.Item1, combination.Item2, depths ?? DepthsOf(combination.Item1, combination.Item2)))];

        IEnumerable<StudyPart> With(Func<StudyPart, bool> isMeant) => Parts.Any(isMeant) ? Parts.Where(isMeant) : Parts;
    }

    private IReadOnlyList<int> DepthsOf(int batch, OptimizerChoice optimizer) => (
        Parts.FirstOrDefault(part => part.BatchSize == batch && part.Optimizer == optimizer)
        ?? Parts.FirstOrDefault(part => part.BatchSize == batch)
        ?? Parts[0]).Depths;

    private IReadOnlyList<float> Rates(StudyPart part) => LearningRates ?? part.Optimizer.LearningRates(part.BatchSize);

    private static int Least(int wanted, int available) => wanted == 0 ? available : Math.Min(wanted, available);
}

/// <summary>One method with one batch size and update rule: a learning rate is chosen, then every depth and seed trained with it.</summary>
/// <param name="Method">The method.</param>
/// <param name="LearningRates">Learning rates to choose from; a single one needs no choice.</param>
/// <param name="Trial">The training that is repeated with each of them.</param>
/// <param name="Cells">The trainings that are told, without their learning rate.</param>
internal sealed record CellGroup(Method Method, IReadOnlyList<float> LearningRates, CellSettings Trial, IReadOnlyList<CellSettings> Cells)
{
    /// <summary>The trainings that choose a learning rate.</summary>
    public IEnumerable<CellSettings> Trials => LearningRates.Count > 1 ? LearningRates.Select(rate => Trial with { LearningRate = rate }) : [];

    /// <summary>Trains what has not been trained yet: trials, then with the rate that did best on the development rows every cell.</summary>
    /// <param name="chance">The accuracy up to which a trial may have learnt nothing.</param>
    /// <param name="train">Returns the result of a training; whether it is to be tested.</param>
    public void Run(double chance, Func<Method, CellSettings, bool, CellResult> train)
    {
        var best = BestRate(chance, trial => train(Method, trial, false))!.Value;
        foreach (var cell in Cells)
        {
            train(Method, cell with { LearningRate = best }, true);
        }
    }

    /// <summary>The learning rate that did best in the trials.</summary>
    /// <param name="chance">The accuracy up to which a trial may have learnt nothing.</param>
    /// <param name="result">What came of a trial; null if it has not run.</param>
    /// <returns>Null if a trial is missing that decides it.</returns>
    /// <remarks>Where no rate learns anything at the depth of the trials, the best of them would be chosen by noise: a shallower network tells.</remarks>
    public float? BestRate(double chance, Func<CellSettings, CellResult?> result)
    {
        var (best, accuracy) = (LearningRates[0], double.NegativeInfinity);
        for (var depth = Trial.Depth; depth >= Method.LeastDepth && accuracy <= chance; depth--)
        {
            (best, accuracy) = (LearningRates[0], double.NegativeInfinity);
            foreach (var trial in Trials)
            {
                if (result(trial with { Depth = depth }) is not { } found)
                {
                    return null;
                }

                if (found.Development > accuracy)
                {
                    (best, accuracy) = (trial.LearningRate, found.Development);
                }
            }
        }

        return best;
    }
}
