using Whittle.Examples.Evaluation;

namespace Whittle.Examples.Tests.Evaluation;

public class StudyTests
{
    // Batch 20 with sgd at every depth, batch 1 with sgd at odd ones and with adam at the ends.
    private static readonly Study Overnight = Preset.Named("overnight").Study;

    [Theory]
    [InlineData("all", 10)]
    [InlineData("main", 26)]
    [InlineData("wide", 10_000)]
    public void A_group_has_networks_for_the_rows_that_it_is_for(string group, int classes)
    {
        var data = Dataset.FromArrays(new float[784], 784, [0], classes);
        Assert.All(Whittle.Examples.Evaluation.Methods.Named(group), method => method.Check("rows", data));
    }

    [Fact]
    public void A_batch_size_chooses_among_the_parts_and_leaves_their_depths() =>
        Assert.Equal(["1 sgd 1357", "1 adam 17"], Parts(batches: [1]));

    [Fact]
    public void An_update_rule_chooses_among_the_parts_and_leaves_their_depths()
    {
        Assert.Equal(["1 adam 17"], Parts(optimizers: [OptimizerChoice.Adam]));
        Assert.Equal(["20 sgd 1234567", "1 sgd 1357"], Parts(optimizers: [OptimizerChoice.Sgd]));
    }

    [Fact]
    public void What_no_part_has_is_added_with_all_that_there_is()
    {
        Assert.Equal(["5 sgd 1234567", "5 adam 1234567"], Parts(batches: [5]));
        Assert.Equal(["20 momentum 1234567", "1 momentum 1357"], Parts(optimizers: [OptimizerChoice.Momentum]));
        Assert.Equal(["20 adam 1234567"], Parts(batches: [20], optimizers: [OptimizerChoice.Adam]));
    }

    [Fact]
    public void Depths_replace_those_of_every_part() =>
        Assert.Equal(["20 sgd 3", "1 sgd 3", "1 adam 3"], Parts(depths: [3]));

    [Fact]
    public void Where_no_rate_learns_anything_a_shallower_network_tells_which_is_best()
    {
        var group = (Overnight with { Methods = Whittle.Examples.Evaluation.Methods.Named("alsh"), LearningRates = [0.1f, 0.2f, 0.3f] }).Groups("mnist", 55_000)[0];
        var trained = new List<(int Depth, float Rate, bool Tested)>();
        group.Run(chance: 0.12, (_, settings, tested) =>
        {
            trained.Add((settings.Depth, settings.LearningRate, tested));
            var accuracy = settings.Depth == 3 ? 0.1 + (settings.LearningRate == 0.1f ? 0.01 : 0) : 0.5 + (settings.LearningRate == 0.2f ? 0.1 : 0);
            return new CellResult(settings, accuracy, 1, false, [], null);
        });
        Assert.Equal([(3, 0.1f), (3, 0.2f), (3, 0.3f), (2, 0.1f), (2, 0.2f), (2, 0.3f)], trained.Where(training => !training.Tested).Select(training => (training.Depth, training.Rate)));
        Assert.All(trained.Where(training => training.Tested), training => Assert.Equal(0.2f, training.Rate));
    }

    [Fact]
    public void The_best_rate_is_not_known_until_every_trial_that_decides_it_has_run()
    {
        var group = (Overnight with { Methods = Whittle.Examples.Evaluation.Methods.Named("alsh"), LearningRates = [0.1f, 0.2f] }).Groups("mnist", 55_000)[0];
        var accuracies = new Dictionary<(int Depth, float Rate), double> { [(3, 0.1f)] = 0.11 };
        Assert.Null(BestRate());
        accuracies[(3, 0.2f)] = 0.1;
        Assert.Null(BestRate());
        (accuracies[(2, 0.1f)], accuracies[(2, 0.2f)]) = (0.5, 0.6);
        Assert.Equal(0.2f, BestRate());
        accuracies[(3, 0.1f)] = 0.13;
        Assert.Equal(0.1f, BestRate());

        float? BestRate() => group.BestRate(chance: 0.12, trial =>
            accuracies.TryGetValue((trial.Depth, trial.LearningRate), out var accuracy) ? new CellResult(trial, accuracy, 1, false, [], null) : null);
    }

    [Fact]
    public void A_method_has_no_cells_below_its_least_depth()
    {
        var groups = (Overnight with { Methods = Whittle.Examples.Evaluation.Methods.Named("lowrank-5") }).Groups("mnist", 55_000);
        Assert.Equal([[2, 3, 4, 5, 6, 7], [3, 5, 7], [7]], groups.Select(group => group.Cells.Select(cell => cell.Depth)));
        Assert.All(groups, group => Assert.Equal(20_000, group.Trial.Rows));
    }

    private static IEnumerable<string> Parts(int[]? batches = null, OptimizerChoice[]? optimizers = null, int[]? depths = null) =>
        Overnight.PartsOf(batches, optimizers, depths).Select(part => $"{part.BatchSize} {part.Optimizer.Name} {string.Concat(part.Depths)}");
}
