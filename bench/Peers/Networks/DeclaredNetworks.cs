using Whittle.Bench.Peers.Protocol;

namespace Whittle.Bench.Peers.Networks;

/// <summary>The declared networks by shape and batch size.</summary>
internal static class DeclaredNetworks
{
    /// <summary>Images into one of ten classes: the network of the large cases.</summary>
    public static NetworkShape Wide { get; } = new([784, 1000, 1000, 1000, 10], Objective.CrossEntropy);

    /// <summary>As <see cref="Wide"/>, with seven hidden layers.</summary>
    public static NetworkShape Deep { get; } = new([784, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 10], Objective.CrossEntropy);

    /// <summary>Odd sizes: nothing fills its vectors.</summary>
    public static NetworkShape Odd { get; } = new([37, 113, 5], Objective.CrossEntropy);

    /// <summary>One value from 64.</summary>
    public static NetworkShape Regression { get; } = new([64, 32, 32, 1], Objective.SquaredError);

    /// <summary>A few dozen weights.</summary>
    public static NetworkShape Tiny { get; } = new([8, 7, 3], Objective.CrossEntropy);

    /// <summary>All of them, with the names of their kernels.</summary>
    public static IReadOnlyList<DeclaredNetwork> All { get; } =
    [
        Declare<WideBatch1>(Wide, 1), Declare<WideBatch20>(Wide, 20), Declare<WideBatch128>(Wide, 128), Declare<WideBatch512>(Wide, 512),
        Declare<DeepBatch1>(Deep, 1),
        Declare<OddBatch1>(Odd, 1), Declare<OddBatch20>(Odd, 20),
        Declare<RegressionBatch1>(Regression, 1), Declare<RegressionBatch20>(Regression, 20),
        Declare<TinyBatch1>(Tiny, 1), Declare<TinyBatch20>(Tiny, 20),
    ];

    /// <summary>Networks with sampled layers.</summary>
    public static IReadOnlyList<DeclaredNetwork> Sampled { get; } =
    [
        Declare<LshBatch1>(Wide, 1), Declare<LowRankBatch1>(Wide, 1), Declare<DeepLowRankBatch1>(Deep, 1),
        Declare<InputSampledBatch20>(Wide, 20), Declare<InputSampledBatch128>(Wide, 128), Declare<UniformBatch20>(Wide, 20), Declare<OwnUniformBatch20>(Wide, 20),
    ];

    /// <summary>The network of that shape that is tiled for that batch size.</summary>
    /// <exception cref="InvalidOperationException">None is declared.</exception>
    public static DeclaredNetwork Find(NetworkShape shape, int batchSize) =>
        All.FirstOrDefault(network => network.Shape == shape && network.BatchSize == batchSize)
        ?? throw new InvalidOperationException($"No network {shape} is declared for batches of {batchSize}; add one to bench/Peers/Networks.");

    private static DeclaredNetwork Declare<TNetwork>(NetworkShape shape, int batchSize)
        where TNetwork : CompiledNetwork, INetwork<TNetwork> =>
        new(shape, batchSize, typeof(TNetwork).Name, seed => TNetwork.Create(seed, 0));
}

/// <summary>A declared network.</summary>
/// <param name="Shape">Its layers.</param>
/// <param name="BatchSize">The batch that it is tiled for.</param>
/// <param name="ClassName">Name of the declared class.</param>
/// <param name="Create">Makes one with the initial weights of a seed.</param>
internal sealed record DeclaredNetwork(NetworkShape Shape, int BatchSize, string ClassName, Func<ulong, CompiledNetwork> Create);
