namespace Whittle.Runtime.Tests.Files;

/// <summary>What [Dense(units, activation)] [Dense(5, LeakyRelu, Repeat = 3)] [Dense(2)] on 3 inputs declares.</summary>
internal static class Tiny
{
    public static NetworkDescription Declare(string name, int units, Activation activation, float slope) => new(
        name,
        3,
        4,
        Loss.SoftmaxCrossEntropy,
        [
            new LayerDescription(3, units, activation, 0, Initialization.Default, 0),
            new LayerDescription(units, 5, Activation.LeakyRelu, slope, Initialization.Default, 1),
            new LayerDescription(5, 5, Activation.LeakyRelu, slope, Initialization.Default, 2),
            new LayerDescription(5, 5, Activation.LeakyRelu, slope, Initialization.Default, 2),
            new LayerDescription(5, 2, Activation.Identity, 0, Initialization.Default, 3),
        ],
        1,
        3);

    public static NetworkDescription Change(string name, Func<LayerDescription, LayerDescription> change)
    {
        var network = TinyNetwork.Declaration;
        return network with { Name = name, Layers = [.. network.Layers.Select(change)] };
    }
}

internal sealed class TinyNetwork(ulong seed = 0, int depth = 0) : ReferenceNetwork(Declaration, seed, depth), INetwork<TinyNetwork>
{
    public static NetworkDescription Declaration { get; } = Tiny.Declare("TinyNetwork", 6, Activation.Tanh, 0.2f);

    public static IReadOnlyList<KernelPlan> Kernels => [];

    public static TinyNetwork Create(ulong seed, int depth) => new(seed, depth);
}

internal sealed class OtherActivation(ulong seed = 0, int depth = 0) : ReferenceNetwork(Declaration, seed, depth), INetwork<OtherActivation>
{
    public static NetworkDescription Declaration { get; } = Tiny.Declare("OtherActivation", 6, Activation.Relu, 0.2f);

    public static IReadOnlyList<KernelPlan> Kernels => [];

    public static OtherActivation Create(ulong seed, int depth) => new(seed, depth);
}

internal sealed class OtherSlope(ulong seed = 0, int depth = 0) : ReferenceNetwork(Declaration, seed, depth), INetwork<OtherSlope>
{
    public static NetworkDescription Declaration { get; } = Tiny.Declare("OtherSlope", 6, Activation.Tanh, 0.3f);

    public static IReadOnlyList<KernelPlan> Kernels => [];

    public static OtherSlope Create(ulong seed, int depth) => new(seed, depth);
}

/// <summary>The same network with residual connections around the repeated layers but the first.</summary>
internal sealed class OtherResidual(ulong seed = 0, int depth = 0) : ReferenceNetwork(Declaration, seed, depth), INetwork<OtherResidual>
{
    public static NetworkDescription Declaration { get; } = Tiny.Change("OtherResidual", layer => layer.Kernel == 2 ? layer with { Residual = 0.4f } : layer);

    public static IReadOnlyList<KernelPlan> Kernels => [];

    public static OtherResidual Create(ulong seed, int depth) => new(seed, depth);
}

/// <summary>The same network with sampled layers.</summary>
internal sealed class SampledTiny(ulong seed = 0, int depth = 0) : ReferenceNetwork(Declaration, seed, depth), INetwork<SampledTiny>
{
    public static NetworkDescription Declaration { get; } = Tiny.Change("SampledTiny", layer => layer.Kernel switch
    {
        0 => layer with { NodeSampling = new(NodeSelector.TopK, 0.5f) },
        3 => layer,
        _ => layer with { InputSampling = new() },
    });

    public static IReadOnlyList<KernelPlan> Kernels => [];

    public static SampledTiny Create(ulong seed, int depth) => new(seed, depth);
}

internal sealed class OtherUnits(ulong seed = 0, int depth = 0) : ReferenceNetwork(Declaration, seed, depth), INetwork<OtherUnits>
{
    public static NetworkDescription Declaration { get; } = Tiny.Declare("OtherUnits", 7, Activation.Tanh, 0.2f);

    public static IReadOnlyList<KernelPlan> Kernels => [];

    public static OtherUnits Create(ulong seed, int depth) => new(seed, depth);
}

internal sealed class Shallow(ulong seed = 0) : ReferenceNetwork(Declaration, seed), INetwork<Shallow>
{
    public static NetworkDescription Declaration { get; } = Describe(3, [2]) with { Name = "Shallow" };

    public static IReadOnlyList<KernelPlan> Kernels => [];

    public static Shallow Create(ulong seed, int depth) => new(seed);
}
