namespace Whittle.Examples.Methods;

/// <summary>What all methods of a table have in common.</summary>
/// <param name="Data">Name of the data set.</param>
/// <param name="LearningRates">Learning rates to choose from.</param>
/// <param name="GridRows">Rows of a training that serves to choose.</param>
/// <param name="GridEpochs">Its epochs.</param>
/// <param name="Rows">Rows of the training that is told.</param>
/// <param name="Epochs">Its epochs.</param>
/// <param name="BatchSize">Rows of a mini-batch.</param>
/// <param name="Seed">Seed of weights, order and sampling.</param>
internal sealed record MethodStudy(
    string Data, IReadOnlyList<float> LearningRates, int GridRows, int GridEpochs, int Rows, int Epochs, int BatchSize, ulong Seed)
{
    /// <summary>Samples that all trainings of a method see.</summary>
    public long SamplesOfMethod => ((long)LearningRates.Count * GridRows * GridEpochs) + SamplesOfFinal;

    private long SamplesOfFinal => (long)Rows * Epochs;

    /// <summary>
    /// Trains a method with every learning rate, chooses the one that did best on the development rows, and trains with that again,
    /// longer, to be tested once.
    /// </summary>
    /// <param name="method">The method.</param>
    /// <param name="file">What has run already, and where results go.</param>
    /// <param name="run">Runs a training, with the test rows or without.</param>
    /// <param name="done">Told how many samples are done, whether they have run now or before.</param>
    public MethodResult Run(Method method, ResultFile file, Func<Method, MethodSettings, bool, MethodResult> run, Action<long, bool> done)
    {
        var best = LearningRates.Select(rate => Result(Settings(method, rate, GridRows, GridEpochs), false)).MaxBy(result => result.Development)!;
        return Result(Settings(method, best.Settings.LearningRate, Rows, Epochs), true);

        MethodResult Result(MethodSettings settings, bool withTest)
        {
            var before = file.Find(settings, withTest);
            var result = before ?? run(method, settings, withTest);
            if (before is null)
            {
                file.Add(result);
            }

            done((long)settings.Rows * settings.Epochs, before is null);
            return result;
        }
    }

    private MethodSettings Settings(Method method, float rate, int rows, int epochs) => new(Data, method.Name, rate, rows, epochs, BatchSize, Seed);
}
