namespace Whittle.Examples.Evaluation;

/// <summary>A way to train that the evaluation compares: one class of network for each shape of data.</summary>
/// <param name="Name">Its name on the command line and in reports.</param>
/// <param name="Description">What it does.</param>
/// <param name="LeastDepth">Hidden layers that it has at the least.</param>
/// <param name="ExactStart">Share of the steps, at the start, that compute every layer exactly.</param>
/// <param name="Networks">Its networks, by shape.</param>
internal sealed record Method(string Name, string Description, int LeastDepth, double ExactStart, IReadOnlyList<MethodNetwork> Networks)
{
    /// <summary>The most hidden layers.</summary>
    public const int MostDepth = 7;

    // Outputs beyond so many for each class would be nearly all of the work and tell of nothing.
    private const int MostOutputsPerClass = 16;

    /// <summary>Multiply-adds and bytes of parameters of a training step for each sample at a depth, about: what its time is in proportion to.</summary>
    public double Work(Dataset data, int depth, int batchSize)
    {
        var cost = For(data).Declaration.CostOfStep(batchSize);
        return (cost.MultiplyAdds + cost.ParameterBytes) * depth / MostDepth;
    }

    /// <summary>Makes a network; equal seeds give equal weights in layers of equal shape, whatever the method.</summary>
    public CompiledNetwork Create(Dataset data, int depth, ulong seed) => For(data).Create(seed, depth - LeastDepth + 1);

    /// <summary>Refuses a data set for which it has no network.</summary>
    /// <exception cref="UserErrorException">There is none.</exception>
    public void Check(string name, Dataset data)
    {
        if (Find(data) is null)
        {
            throw new UserErrorException(
                $"{name} has rows of {data.Features} values and {data.Classes} classes; {Name} is declared for "
                + string.Join(", ", Networks.Select(network => $"{network.Declaration.Inputs} values and {network.Declaration.Outputs} classes")) + "."
                + (Methods.All.Where(method => method.Find(data) is not null).Select(method => method.Name).ToArray() is { Length: > 0 } others ? $" Declared for {name} are {string.Join(", ", others)}: name some with --methods." : ""));
        }
    }

    private MethodNetwork For(Dataset data) => Find(data) ?? throw new ArgumentException($"{Name} has no network for rows of {data.Features} values.", nameof(data));

    /// <summary>The network for the rows of a data set: that with the fewest outputs for its classes.</summary>
    private MethodNetwork? Find(Dataset data) =>
        Networks.Where(network => network.Declaration.Inputs == data.Features && network.Declaration.Outputs >= data.Classes && network.Declaration.Outputs <= MostOutputsPerClass * data.Classes)
            .MinBy(network => network.Declaration.Outputs);
}

/// <summary>A class of network as values.</summary>
/// <param name="Declaration">What was declared.</param>
/// <param name="Create">Makes one from a seed and how many of its repeated layers it has.</param>
internal sealed record MethodNetwork(NetworkDescription Declaration, Func<ulong, int, CompiledNetwork> Create)
{
    /// <summary>A class of network.</summary>
    public static MethodNetwork Of<TNetwork>()
        where TNetwork : CompiledNetwork, INetwork<TNetwork> => new(TNetwork.Declaration, TNetwork.Create);
}
