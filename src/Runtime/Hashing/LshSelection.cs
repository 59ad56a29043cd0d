using System.Numerics.Tensors;

namespace Whittle;

/// <summary>Selection by hash tables that are kept up to date while the layer trains.</summary>
internal sealed class LshSelection : NodeSelection
{
    // Sparse projections find a node opposite to the input now and then, of which Gaussian ones, whose probabilities these are, find none.
    private const double LeastProbability = 1.0 / (1 << 24);

    // Tables from the background are used this many steps after they were begun.
    private const int BackgroundDelay = 10;

    private readonly NodeSampling settings;
    private readonly HashFunctions functions;
    private readonly NodeHashing hashing;
    private readonly LshNodes selector;
    private readonly int nodes;
    private readonly bool ownsTables;

    public LshSelection(LayerDescription layer, int index, CompiledNetwork network, ulong hashSeed)
    {
        settings = layer.NodeSampling!;
        nodes = layer.Outputs;
        functions = CompiledHash.Of(HashFunctions.Create(settings.Family, layer.Inputs, settings.Bits, settings.Tables, hashSeed, index), network, layer.Kernel);
        hashing = new NodeHashing(
            functions,
            nodes,
            settings.BucketSize,
            settings.Policy,
            Schedule(settings),
            settings.BackgroundRehash ? BackgroundDelay : 0,
            settings.BackgroundRehash);
        ownsTables = true;
        selector = NewSelector();
    }

    private LshSelection(LshSelection other)
    {
        (settings, nodes, functions, hashing) = (other.settings, other.nodes, other.functions, other.hashing);
        selector = NewSelector();
    }

    /// <inheritdoc/>
    public override bool NeedsNonZero => true;

    /// <inheritdoc/>
    public override bool WeighsByPreactivations => settings.Scaling == NodeScaling.InverseProbability;

    /// <inheritdoc/>
    public override int Capacity => settings.Query == BucketQuery.All ? nodes : settings.Active(nodes);

    /// <inheritdoc/>
    public override ChangedNodes? Changed => hashing.Changed;

    /// <inheritdoc/>
    public override LshQuery? Query => selector.Query;

    /// <summary>The tables.</summary>
    public NodeHashing Hashing => hashing;

    /// <inheritdoc/>
    public override NodeSelection Share() => new LshSelection(this);

    /// <inheritdoc/>
    public override void BeginStep(NodeRows rows, ReadOnlySpan<float> input) => hashing.BuildOnce(rows);

    /// <inheritdoc/>
    public override void StartEpoch() => hashing.StartEpoch();

    /// <inheritdoc/>
    public override void Select(in NodeChoice choice, ref RandomStream random, IndexSample sample) =>
        selector.Select(choice.Input, choice.NonZero, ref random, choice.Forced, sample);

    /// <inheritdoc/>
    public override void Weigh(NodeRows rows, in NodeChoice choice, IndexSample sample)
    {
        var inputLength = TensorPrimitives.Norm(choice.Input);
        for (var entry = 0; entry < sample.Count; entry++)
        {
            var node = sample.Indices[entry];
            if (choice.Forced.Contains(node))
            {
                continue;
            }

            var product = choice.Preactivations[node] - rows.Bias(node);
            var probability = functions.RetrievalProbability(product, inputLength, TensorPrimitives.Norm(rows.Row(node)), hashing.Scale);
            sample.SetWeight(entry, (float)(1 / Math.Max(probability, LeastProbability)));
        }
    }

    /// <inheritdoc/>
    public override void EndStep(NodeRows rows, ReadOnlySpan<int> changed, int samples)
    {
        hashing.Changed.AddRange(changed);
        hashing.Advance(rows, samples);
    }

    /// <inheritdoc/>
    public override void ForgetParameters() => hashing.Forget();

    /// <inheritdoc/>
    public override void Dispose()
    {
        if (ownsTables)
        {
            hashing.Dispose();
        }

        base.Dispose();
    }

    private LshNodes NewSelector() => new(functions, hashing, settings.Query, settings.Active(nodes));

    private static RehashSchedule Schedule(NodeSampling settings) => settings.Rehash switch
    {
        RehashPolicy.Every => RehashSchedule.Every(settings.RehashInterval),
        RehashPolicy.Exponential => RehashSchedule.Exponential(settings.RehashInterval, settings.RehashGrowth),
        RehashPolicy.WhenMoved => RehashSchedule.WhenMoved(settings.RehashInterval, settings.RehashMovedShare),
        _ => RehashSchedule.Phases(settings.RehashInterval, settings.RehashPhase, settings.RehashLateInterval),
    };
}
