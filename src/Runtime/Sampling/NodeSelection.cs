namespace Whittle;

/// <summary>What a choice of active nodes may look at.</summary>
/// <param name="input">x of the sample.</param>
/// <param name="nonZero">The indices of its elements that are not zero; empty where the selection does not ask for them.</param>
/// <param name="preactivations">z of every node; empty where the selection does not ask for them.</param>
/// <param name="forced">Nodes that are active in any case.</param>
internal readonly ref struct NodeChoice(ReadOnlySpan<float> input, ReadOnlySpan<int> nonZero, ReadOnlySpan<float> preactivations, ReadOnlySpan<int> forced)
{
    /// <summary>x of the sample.</summary>
    public ReadOnlySpan<float> Input { get; } = input;

    /// <summary>The indices of its elements that are not zero.</summary>
    public ReadOnlySpan<int> NonZero { get; } = nonZero;

    /// <summary>z of every node.</summary>
    public ReadOnlySpan<float> Preactivations { get; } = preactivations;

    /// <summary>Nodes that are active in any case.</summary>
    public ReadOnlySpan<int> Forced { get; } = forced;
}

/// <summary>Chooses the active nodes of one node-sampled layer and keeps what it needs for that up to date. Belongs to one thread.</summary>
internal abstract class NodeSelection : IDisposable
{
    /// <summary>Whether choices look at <see cref="NodeChoice.Preactivations"/>: then every z is computed first.</summary>
    public virtual bool NeedsPreactivations => false;

    /// <summary>Whether choices look at <see cref="NodeChoice.NonZero"/>.</summary>
    public virtual bool NeedsNonZero => false;

    /// <summary>Whether weights depend on z of the chosen nodes: then <see cref="Weigh"/> gives them.</summary>
    public virtual bool WeighsByPreactivations => false;

    /// <summary>The most nodes of a set, forced ones apart.</summary>
    public abstract int Capacity { get; }

    /// <summary>Where nodes belong whose weights have changed since the selection last looked at all of them; null for one that keeps no such list.</summary>
    public virtual ChangedNodes? Changed => null;

    /// <summary>The query of hash tables that made the last choice; null for a selection without tables.</summary>
    public virtual LshQuery? Query => null;

    /// <summary>Makes the selection of a layer.</summary>
    /// <param name="layer">A node-sampled layer.</param>
    /// <param name="index">Its index in the network.</param>
    /// <param name="network">The network, whose kernels compute hash codes.</param>
    /// <param name="seed">Seed of everything random in it but hash functions.</param>
    /// <param name="hashSeed">Seed of hash functions.</param>
    public static NodeSelection Create(LayerDescription layer, int index, CompiledNetwork network, ulong seed, ulong hashSeed)
    {
        var settings = layer.NodeSampling!;
        return settings.Selector switch
        {
            NodeSelector.Uniform => new UniformSelection(layer.Outputs, settings.Active(layer.Outputs)),
            NodeSelector.Adaptive => new AdaptiveSelection(layer.Outputs, settings.Alpha, settings.Beta),
            NodeSelector.TopK => new TopSelection(layer.Outputs, settings.Active(layer.Outputs)),
            NodeSelector.LowRank => new LowRankSelection(layer, index, seed),
            NodeSelector.Lsh => new LshSelection(layer, index, network, hashSeed),
            _ => throw new ArgumentOutOfRangeException(nameof(layer), settings.Selector, "There is no such selector."),
        };
    }

    /// <summary>
    /// Makes the selection of a layer's predictions, which depend on the parameters alone: a sketch follows the inputs of a training, so
    /// there the true z is taken.
    /// </summary>
    public static NodeSelection CreateForPrediction(LayerDescription layer, int index, CompiledNetwork network, ulong seed, ulong hashSeed) =>
        layer.NodeSampling!.Selector == NodeSelector.LowRank
            ? new TopSelection(layer.Outputs, layer.NodeSampling.Active(layer.Outputs))
            : Create(layer, index, network, seed, hashSeed);

    /// <summary>
    /// Makes a selection for another thread of the same training, which chooses by itself and shares what is kept about the layer. Dispose of
    /// it first.
    /// </summary>
    public abstract NodeSelection Share();

    /// <summary>Begins a training step.</summary>
    /// <param name="rows">The layer's parameters as they are now.</param>
    /// <param name="input">x of one of the step's samples.</param>
    public virtual void BeginStep(NodeRows rows, ReadOnlySpan<float> input)
    {
    }

    /// <summary>Chooses the active nodes of one sample, or of a mini-batch.</summary>
    /// <param name="choice">What the choice may look at.</param>
    /// <param name="random">The stream to draw from.</param>
    /// <param name="sample">Receives the nodes; room for <see cref="Capacity"/>, or the forced ones if they are more.</param>
    public abstract void Select(in NodeChoice choice, ref RandomStream random, IndexSample sample);

    /// <summary>Gives chosen nodes their weights, 1 / p, once their z are known.</summary>
    /// <param name="rows">The layer's parameters.</param>
    /// <param name="choice">What was chosen from, with z of the chosen nodes.</param>
    /// <param name="sample">The chosen nodes.</param>
    public virtual void Weigh(NodeRows rows, in NodeChoice choice, IndexSample sample)
    {
    }

    /// <summary>Begins an epoch.</summary>
    public virtual void StartEpoch()
    {
    }

    /// <summary>Ends a training step.</summary>
    /// <param name="rows">The layer's parameters after the update.</param>
    /// <param name="changed">Nodes whose parameters the step has changed.</param>
    /// <param name="samples">Samples of the step.</param>
    public virtual void EndStep(NodeRows rows, ReadOnlySpan<int> changed, int samples)
    {
    }

    /// <summary>Forgets what was derived from the parameters: they were replaced.</summary>
    public virtual void ForgetParameters()
    {
    }

    /// <summary>Forgets what was derived from parameters and inputs, as a training that begins here.</summary>
    public virtual void Reset() => ForgetParameters();

    /// <inheritdoc/>
    public virtual void Dispose() => GC.SuppressFinalize(this);

    private sealed class UniformSelection(int nodes, int active) : NodeSelection
    {
        private readonly UniformNodes selector = new(nodes, active);

        public override int Capacity => active;

        public override NodeSelection Share() => new UniformSelection(nodes, active);

        public override void Select(in NodeChoice choice, ref RandomStream random, IndexSample sample) => selector.Select(ref random, choice.Forced, sample);
    }

    private sealed class AdaptiveSelection(int nodes, float alpha, float beta) : NodeSelection
    {
        private readonly AdaptiveNodes selector = new(nodes, alpha, beta);

        public override bool NeedsPreactivations => true;

        public override int Capacity => nodes;

        public override NodeSelection Share() => new AdaptiveSelection(nodes, alpha, beta);

        public override void Select(in NodeChoice choice, ref RandomStream random, IndexSample sample) =>
            selector.Select(choice.Preactivations, ref random, choice.Forced, sample);
    }

    private sealed class TopSelection(int nodes, int active) : NodeSelection
    {
        private readonly TopNodes selector = new(nodes, active);

        public override bool NeedsPreactivations => true;

        public override int Capacity => active;

        public override NodeSelection Share() => new TopSelection(nodes, active);

        public override void Select(in NodeChoice choice, ref RandomStream random, IndexSample sample) =>
            selector.Select(choice.Preactivations, choice.Forced, sample);
    }
}
