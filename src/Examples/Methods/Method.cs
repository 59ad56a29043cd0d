using Whittle.Examples.Methods.Networks;

namespace Whittle.Examples.Methods;

/// <summary>A way to train that the table of methods has a row for: one network of 784-1000-1000-1000-10 units.</summary>
/// <param name="Name">Its name.</param>
/// <param name="ExactStart">Share of the steps, at the start, that compute every layer exactly.</param>
/// <param name="Create">Makes the network; equal seeds give equal weights, whatever the method.</param>
/// <param name="Declaration">What was declared.</param>
internal sealed record Method(string Name, double ExactStart, Func<ulong, CompiledNetwork> Create, NetworkDescription Declaration)
{
    // Sets of largest nodes are hard to leave once weights have grown around them.
    private const double WarmUp = 0.1;

    /// <summary>Every method, in the order of the table.</summary>
    public static IReadOnlyList<Method> All { get; } =
    [
        Of<Exact>("exact"),
        Of<ExactResidual>("exact, residual"),
        Of<LowRankResidual5>("LowRank 5 %, residual, first layer exact", WarmUp),
        Of<LowRankResidual10>("LowRank 10 %, residual, first layer exact", WarmUp),
        Of<TopK10>("TopK nodes 10 %", WarmUp),
        Of<MeProp10>("meProp 10 % (TopK, input gradient)"),
        Of<WtaCrsWeight30>("WtaCrs 30 %, weight gradient"),
        Of<Dropout5>("Dropout, keeps 5 %"),
        Of<Dropout50>("Dropout, keeps 50 %"),
        Of<Adaptive>("Adaptive"),
        Of<TopK5>("TopK nodes 5 %", WarmUp),
        Of<LowRank5>("LowRank 5 %", WarmUp),
        Of<LowRank10>("LowRank 10 %", WarmUp),
        Of<LshPaper>("Lsh 5 %, K 6, L 5, exact inference"),
        Of<LshSampled>("Lsh 5 %, K 6, L 5", WarmUp),
        Of<LshCount50>("Lsh 5 %, K 6, L 50, by count", WarmUp),
        Of<LshSimHash50>("Lsh 5 %, SimHash, K 6, L 50, by count", WarmUp),
        Of<TopKBackward10>("TopK 10 %, backward"),
        Of<TopKBackward30>("TopK 30 %, backward"),
        Of<WtaCrsBackward10>("WtaCrs 10 %, backward"),
        Of<WtaCrsBackward30>("WtaCrs 30 %, backward"),
        Of<CrsBackward10>("Crs 10 %, backward"),
        Of<CrsBackward30>("Crs 30 %, backward"),
        Of<BernoulliBackward10>("Bernoulli 10 %, backward"),
        Of<BernoulliBackward30>("Bernoulli 30 %, backward"),
        Of<UniformBackward10>("Uniform 10 %, backward"),
        Of<UniformBackward30>("Uniform 30 %, backward"),
        Of<TopKForward10>("TopK 10 %, forward"),
        Of<TopKForward30>("TopK 30 %, forward"),
        Of<WtaCrsForward10>("WtaCrs 10 %, forward"),
        Of<WtaCrsForward30>("WtaCrs 30 %, forward"),
        Of<CrsForward10>("Crs 10 %, forward"),
        Of<CrsForward30>("Crs 30 %, forward"),
        Of<BernoulliForward10>("Bernoulli 10 %, forward"),
        Of<BernoulliForward30>("Bernoulli 30 %, forward"),
        Of<UniformForward10>("Uniform 10 %, forward"),
        Of<UniformForward30>("Uniform 30 %, forward"),
    ];

    /// <summary>Whether it chooses nodes, so that one can ask how well.</summary>
    public bool SelectsNodes => Declaration.Layers.Any(layer => layer.NodeSampling is not null);

    /// <summary>The methods whose name contains a text, or an error that lists the names.</summary>
    public static IReadOnlyList<Method> Matching(string? text)
    {
        var found = All.Where(method => method.Name.Contains(text ?? "", StringComparison.OrdinalIgnoreCase)).ToArray();
        return found.Length > 0 ? found : throw UserErrorException.UnknownName("method", text!, All.Select(method => method.Name));
    }

    private static Method Of<TNetwork>(string name, double exactStart = 0)
        where TNetwork : CompiledNetwork, INetwork<TNetwork> =>
        new(name, exactStart, seed => TNetwork.Create(seed, 0), TNetwork.Declaration);
}
