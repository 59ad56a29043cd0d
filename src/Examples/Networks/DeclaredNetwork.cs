namespace Whittle.Examples.Networks;

/// <summary>A network class of this program, for commands that choose one at run time.</summary>
public abstract class DeclaredNetwork
{
    /// <summary>Every network class of this program.</summary>
    public static IReadOnlyList<DeclaredNetwork> All { get; } =
    [
        new DeclaredNetwork<Digits>("digits"),
        new DeclaredNetwork<NodeSampledDigits>("node-sampled-digits"),
        new DeclaredNetwork<InputSampledDigits>("input-sampled-digits"),
        new DeclaredNetwork<SmallDigits>("small-digits"),
        new DeclaredNetwork<Letters>("letters"),
        new DeclaredNetwork<Toys>("toys"),
        new DeclaredNetwork<GreyPhotographs>("grey-photographs"),
        new DeclaredNetwork<Photographs>("photographs"),
    ];

    /// <summary>The name that the command line takes.</summary>
    public required string Name { get; init; }

    /// <summary>What was declared.</summary>
    public abstract NetworkDescription Declaration { get; }

    /// <summary>Whether it has a layer that is sampled.</summary>
    public bool IsSampled => Declaration.Layers.Any(layer => layer.NodeSampling is not null || layer.InputSampling is not null);

    /// <summary>What was compiled.</summary>
    public abstract IReadOnlyList<KernelPlan> Kernels { get; }

    /// <summary>Makes a network with fresh weights.</summary>
    public abstract CompiledNetwork Create(ulong seed);

    /// <summary>Reads a network from a model file.</summary>
    public abstract CompiledNetwork Load(string path);

    /// <summary>The network of that name, or an error that lists those that exist.</summary>
    public static DeclaredNetwork Find(string name) =>
        All.FirstOrDefault(network => network.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? throw UserErrorException.UnknownName("network", name, All.Select(network => network.Name));

    /// <summary>
    /// The network of that name, or without one the exact network that takes the rows of a data set and has the fewest outputs for its
    /// classes; or an error that says what networks there are.
    /// </summary>
    public static DeclaredNetwork For(Dataset data, string? name = null) =>
        All.Where(network => network.Declaration.Inputs == data.Features && network.Declaration.Outputs >= data.Classes)
            .Where(network => name is null ? !network.IsSampled : network == Find(name))
            .MinBy(network => network.Declaration.Outputs)
        ?? throw new UserErrorException(
            $"The data has rows of {data.Features} values and {data.Classes} classes; {(name is null ? "this program has networks" : $"the network {name} is")} for "
            + string.Join(", ", All.Where(network => name is null ? !network.IsSampled : network == Find(name)).Select(network => $"{network.Declaration.Inputs} values and {network.Declaration.Outputs} classes"))
            + ". Declare one of your own for it.");
}

/// <inheritdoc/>
public sealed class DeclaredNetwork<TNetwork> : DeclaredNetwork
    where TNetwork : CompiledNetwork, INetwork<TNetwork>
{
    [System.Diagnostics.CodeAnalysis.SetsRequiredMembers]
    public DeclaredNetwork(string name) => Name = name;

    /// <inheritdoc/>
    public override NetworkDescription Declaration => TNetwork.Declaration;

    /// <inheritdoc/>
    public override IReadOnlyList<KernelPlan> Kernels => TNetwork.Kernels;

    /// <inheritdoc/>
    public override CompiledNetwork Create(ulong seed) => TNetwork.Create(seed, 0);

    /// <inheritdoc/>
    public override CompiledNetwork Load(string path) => ModelFile.Load<TNetwork>(path);
}
