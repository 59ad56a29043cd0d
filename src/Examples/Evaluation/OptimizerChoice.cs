namespace Whittle.Examples.Evaluation;

/// <summary>An update rule that the evaluation knows by name.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Create">Makes it for a learning rate.</param>
/// <param name="Rates">Learning rates to choose from in mini-batches.</param>
/// <param name="SingleRates">Learning rates to choose from with a batch of 1.</param>
internal sealed record OptimizerChoice(
    string Name, Func<float, Optimizer> Create, IReadOnlyList<float> Rates, IReadOnlyList<float> SingleRates)
{
    /// <summary>Plain descent.</summary>
    public static OptimizerChoice Sgd { get; } = new("sgd", rate => Optimizer.Sgd(rate), [0.005f, 0.015f, 0.05f, 0.15f, 0.5f], [0.0003f, 0.001f, 0.003f, 0.01f, 0.03f]);

    /// <summary>Descent with momentum 0.9.</summary>
    public static OptimizerChoice Momentum { get; } = new("momentum", rate => Optimizer.Sgd(rate, 0.9f), [0.003f, 0.01f, 0.03f, 0.1f], [0.0001f, 0.0003f, 0.001f, 0.003f]);

    /// <summary>Adam.</summary>
    public static OptimizerChoice Adam { get; } = new("adam", rate => Optimizer.Adam(rate), [0.0001f, 0.0003f, 0.001f, 0.003f], [0.00003f, 0.0001f, 0.0003f, 0.001f]);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<OptimizerChoice> All { get; } = [Sgd, Momentum, Adam];

    /// <summary>The update rule of that name, or an error that lists them.</summary>
    public static OptimizerChoice Named(string name) =>
        All.FirstOrDefault(choice => choice.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? throw UserErrorException.UnknownName("optimizer", name, All.Select(choice => choice.Name));

    /// <summary>Learning rates to choose from.</summary>
    public IReadOnlyList<float> LearningRates(int batchSize) => batchSize == 1 ? SingleRates : Rates;
}
