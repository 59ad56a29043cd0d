namespace Whittle;

/// <summary>The sampling of all layers of a network in one training, or of its sampled predictions. Belongs to one thread.</summary>
internal sealed class SampledLayers : IDisposable
{
    /// <summary>Seed of the hash functions of every network: what a training learns with them, predictions need them for.</summary>
    private const ulong HashSeed = 0;

    private readonly LayerSampling?[] layers;
    private readonly int outputs;
    private readonly ulong seed;
    private int[] forced = [];
    private int[] forcedStarts = [0];
    private int forcedRows;
    private long parameterVersion;

    private SampledLayers(LayerSampling?[] layers, int outputs, ulong seed)
    {
        this.layers = layers;
        this.outputs = outputs;
        this.seed = seed;
    }

    /// <summary>Steps begun so far.</summary>
    public long Step { get; private set; }

    /// <summary>Samples of these steps.</summary>
    public long Samples { get; private set; }

    /// <summary>The sampling of a layer; null for an exact one.</summary>
    public LayerSampling? this[int layer] => layers[layer];

    /// <summary>Prepares a training.</summary>
    /// <param name="network">The network.</param>
    /// <param name="seed">Seed of its draws.</param>
    /// <param name="hashSeed">Seed of its hash functions; predictions know the default alone.</param>
    /// <returns>Null if no layer is sampled.</returns>
    public static SampledLayers? ForTraining(CompiledNetwork network, ulong seed, ulong hashSeed = HashSeed) => Create(
        network,
        seed,
        layer => layer.NodeSampling is not null || layer.InputSampling is not null,
        (layer, index) => NodeSelection.Create(layer, index, network, seed, hashSeed));

    /// <summary>Prepares another thread of this training: it shares what is kept about the parameters and draws from streams of its own.</summary>
    /// <param name="member">Number of the thread, from 1.</param>
    public SampledLayers Share(int member) =>
        new([.. layers.Select(layer => layer?.Share())], outputs, unchecked(seed + ((ulong)member * 0x9E3779B97F4A7C15)));

    /// <summary>Prepares predictions.</summary>
    /// <returns>Null if no layer predicts from a sample.</returns>
    public static SampledLayers? ForPrediction(CompiledNetwork network) => Create(
        network,
        seed: 0,
        layer => layer.NodeSampling is { Inference: NodeInference.Sampled },
        (layer, index) => NodeSelection.CreateForPrediction(layer, index, network, seed: 0, HashSeed));

    /// <summary>The nodes of the output layer that are active in any case for a row; for -1 those of all rows.</summary>
    public ReadOnlySpan<int> Forced(int layer, int row)
    {
        if (layer != layers.Length - 1 || forcedRows == 0)
        {
            return default;
        }

        return row < 0 ? forced.AsSpan(0, forcedStarts[forcedRows]) : forced.AsSpan(forcedStarts[row]..forcedStarts[row + 1]);
    }

    /// <summary>Begins a batch: makes room for its rows and takes note of the outputs that its truth needs.</summary>
    /// <param name="rows">Rows of the batch.</param>
    /// <param name="labels">A label for each row, or none.</param>
    /// <param name="targets">Targets for each row, or none; those above 0 need their output.</param>
    public void BeginBatch(int rows, ReadOnlySpan<int> labels, ReadOnlySpan<float> targets)
    {
        foreach (var layer in layers)
        {
            layer?.Active?.Reserve(rows);
        }

        if (layers[^1]?.Active is not null)
        {
            TakeTruth(rows, labels, targets);
        }
    }

    /// <summary>Begins a batch of predictions: what a row's choice draws depends on its place in the batch alone.</summary>
    /// <param name="version">Version of the network's parameters; another one than before makes what was derived from them void.</param>
    /// <param name="rows">Rows of the batch.</param>
    public void BeginPrediction(long version, int rows)
    {
        if (version != parameterVersion)
        {
            ForgetParameters();
            parameterVersion = version;
        }

        BeginBatch(rows, default, default);
    }

    /// <summary>The random numbers of the choice for one row of the current batch; for a set that all rows share, row 0.</summary>
    public RandomStream NodeStream(int layer, int row) => new(seed, RandomStreams.NodeSelection(layer, Samples + row));

    /// <summary>The random numbers of a product in the current batch.</summary>
    public RandomStream ProductStream(int layer, KernelProduct product) => new(seed, RandomStreams.InputSampling(layer, (int)product / 2, Step));

    /// <summary>Ends a batch.</summary>
    public void EndBatch(int rows)
    {
        Samples += rows;
        Step++;
    }

    /// <summary>Begins an epoch.</summary>
    public void StartEpoch()
    {
        foreach (var layer in layers)
        {
            layer?.Selection?.StartEpoch();
        }
    }

    /// <summary>Continues after so many steps and samples of another training.</summary>
    public void ContinueAfter(long steps, long samples) => (Step, Samples) = (steps, samples);

    /// <summary>Forgets what was derived from the parameters: they were replaced.</summary>
    public void ForgetParameters()
    {
        foreach (var layer in layers)
        {
            layer?.ForgetParameters();
        }
    }

    /// <summary>Forgets what was derived from parameters and inputs, as a training that begins here.</summary>
    public void Reset()
    {
        foreach (var layer in layers)
        {
            layer?.Reset();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var layer in layers)
        {
            layer?.Dispose();
        }
    }

    private static SampledLayers? Create(
        CompiledNetwork network,
        ulong seed,
        Func<LayerDescription, bool> isSampled,
        Func<LayerDescription, int, NodeSelection> selection)
    {
        var architecture = network.Architecture;
        var layers = architecture.Layers
            .Select((layer, index) => isSampled(layer)
                ? new LayerSampling(layer, network.Layout.Layers[index], layer.NodeSampling is null ? null : selection(layer, index), index == architecture.Layers.Count - 1)
                : null)
            .ToArray();
        return layers.Any(layer => layer is not null) ? new SampledLayers(layers, architecture.Outputs, seed) : null;
    }

    private void TakeTruth(int rows, ReadOnlySpan<int> labels, ReadOnlySpan<float> targets)
    {
        if (forcedStarts.Length <= rows)
        {
            forcedStarts = new int[rows + 1];
        }

        forcedRows = rows;
        var count = 0;
        for (var row = 0; row < rows; row++)
        {
            forcedStarts[row] = count;
            if (!labels.IsEmpty)
            {
                Append(labels[row], ref count);
                continue;
            }

            for (var output = 0; output < outputs && !targets.IsEmpty; output++)
            {
                if (targets[(row * outputs) + output] > 0)
                {
                    Append(output, ref count);
                }
            }
        }

        forcedStarts[rows] = count;
    }

    private void Append(int output, ref int count)
    {
        if (count == forced.Length)
        {
            Array.Resize(ref forced, Math.Max(64, forced.Length * 2));
        }

        forced[count++] = output;
    }
}
