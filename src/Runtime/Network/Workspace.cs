namespace Whittle;

/// <summary>
/// The working memory of one run: the activations of every layer and, for training, their gradients. Belongs to one
/// thread at a time; parameters are elsewhere and shared.
/// </summary>
internal sealed unsafe class Workspace : IDisposable
{
    private readonly AlignedMemory memory;
    private readonly nuint[] activations;
    private readonly nuint[] gradients;
    private readonly nuint[] nonZero;
    private readonly nuint[] strides;
    private readonly nuint[] outputs;
    private readonly nuint[] outputGradients;
    private readonly nuint packedInputs;
    private readonly nuint packedGradients;
    private readonly float[] nodeValues;
    private readonly uint[] inputBits;
    private readonly nuint inputBlocks;
    private readonly nuint transposed;
    private readonly nuint transposedLength;
    private readonly int mostThreads;
    private int threads;

    /// <summary>Makes the working memory.</summary>
    /// <param name="layout">The network's layout.</param>
    /// <param name="rows">Most rows of a batch.</param>
    /// <param name="training">Whether every layer gets gradients; otherwise only the output does, for losses.</param>
    /// <param name="threads">Most threads that a large product is split over.</param>
    /// <param name="keeps">Parameters that must not be freed before this memory, so that runs need no lease of them; null for none.</param>
    public Workspace(ParameterLayout layout, int rows, bool training, int threads, AlignedMemory? keeps = null)
    {
        Rows = rows;
        var layers = layout.Layers;
        activations = new nuint[layers.Length + 1];
        strides = new nuint[layers.Length + 1];
        gradients = new nuint[layers.Length];
        nonZero = new nuint[layers.Length];
        outputs = new nuint[layers.Length];
        outputGradients = new nuint[layers.Length];
        nuint length = 0;
        for (var index = 0; index <= layers.Length; index++)
        {
            strides[index] = layout.Stride(index == 0 ? layers[0].Inputs : layers[index - 1].Outputs);
            activations[index] = Reserve((nuint)rows, strides[index]);
        }

        for (var index = 0; index < layers.Length; index++)
        {
            nonZero[index] = Reserve(1, strides[index]);
        }

        // One after the other, as the activations are, for kernels of whole networks.
        for (var index = 0; index < layers.Length; index++)
        {
            if (training || index == layers.Length - 1)
            {
                gradients[index] = Reserve((nuint)rows, strides[index + 1]);
            }
        }

        for (var index = 0; index < layers.Length; index++)
        {
            var isResidual = layout.Architecture.Layers[index].Residual != 0;
            outputs[index] = isResidual ? Reserve((nuint)rows, strides[index + 1]) : activations[index + 1];
            outputGradients[index] = isResidual && training ? Reserve((nuint)rows, strides[index + 1]) : 0;
        }

        var skipsZeros = layout.SkipsZeros(0);
        UsedInputs = skipsZeros ? new IndexSample(layers[0].Inputs + ZeroSkipping.MostPadding) : null;
        inputBits = new uint[skipsZeros ? layers[0].Inputs : 0];
        var isSampled = layout.Architecture.Layers.Any(layer => layer.InNodeRows || layer.InputSampling is not null);
        if (isSampled || skipsZeros)
        {
            packedInputs = Reserve((nuint)rows, skipsZeros ? nuint.Max(strides.Max(), layout.ListedStride) : strides.Max());
        }

        if (isSampled)
        {
            packedGradients = Reserve((nuint)rows, strides.Max());
        }

        var mostNodes = layout.MostNodesInRows;
        nodeValues = new float[mostNodes];
        NodesWithGradient = new IndexSample(mostNodes);

        if (training && layout.MostInputBlocks is > 0 and var blocks)
        {
            inputBlocks = Reserve((nuint)blocks, (nuint)(GradientPacking.Height(layout.Width) * rows));
        }

        // Products are split by panels: for more threads than there are panels there is nothing to do.
        this.threads = mostThreads = (int)Math.Min((nuint)threads, strides.Max() / (nuint)layout.Width);
        transposedLength = (nuint)layout.Width * nuint.Max(strides.Max() + 1, (nuint)rows);
        transposed = training || mostNodes > 0 ? Reserve((nuint)mostThreads, transposedLength) : 0;
        NonZeroCounts = new int[layers.Length];
        memory = AlignedMemory.Allocate(length, $"the activations of {rows} rows", keeps);

        // Layers that sample their nodes choose no inputs.
        SparseGradients = new SparseGradients(mostNodes, (int*)PackedInputs, PackedGradients);

        nuint Reserve(nuint count, nuint stride)
        {
            var start = length;
            length = checked(length + AlignedMemory.Align(count * stride));
            return start;
        }
    }

    /// <summary>Most rows of a batch.</summary>
    public int Rows { get; }

    /// <summary>Threads that a large product is split over: at most those it was made for, and as many as the widest row has panels.</summary>
    public int Threads
    {
        get => threads;
        set => threads = Math.Min(value, mostThreads);
    }

    /// <summary>How many inputs of each layer are not zero, for a run over one row.</summary>
    public int[] NonZeroCounts { get; }

    /// <summary>Floats per row of a workspace, to choose how many rows fit into a budget.</summary>
    public static nuint FloatsPerRow(ParameterLayout layout)
    {
        var sum = layout.Stride(layout.Layers[0].Inputs);
        foreach (var layer in layout.Layers)
        {
            sum += layout.Stride(layer.Outputs);
        }

        return sum + layout.Stride(layout.Layers[^1].Outputs);
    }

    /// <summary>The sampling of predictions in this memory; null where all layers predict exactly, and in training.</summary>
    public SampledLayers? Sampling { get; init; }

    /// <summary>Takes note of what a training's steps do in this memory; null where nobody asked.</summary>
    public StepRecorder? Recorder { get; init; }

    /// <summary>
    /// Whether steps of one sample may walk pairs of active inputs and nodes: with moments, which lie in memory of their own, whole rows
    /// come from there faster.
    /// </summary>
    public bool WalksPairs { get; init; }

    /// <summary>Keeps the memory until the lease is disposed.</summary>
    public AlignedMemory.Lease Use() => memory.Use();

    /// <summary>Floats from one row of activations to the next; level 0 are the network's inputs, level l + 1 the outputs of layer l.</summary>
    public nuint Stride(int level) => strides[level];

    /// <summary>Activations, [rows][stride].</summary>
    public float* Activations(int level) => memory.Pointer + activations[level];

    /// <summary>f(z) of a layer, [rows][stride of level layer + 1]: its activations, unless a residual connection is added to it.</summary>
    public float* Outputs(int layer) => memory.Pointer + outputs[layer];

    /// <summary>dL/da of a layer with a residual connection, [rows][stride of level layer + 1].</summary>
    public float* OutputGradients(int layer) => memory.Pointer + outputGradients[layer];

    /// <summary>
    /// Inputs of the network that are not zero in every row of the batch, as the first forward product has listed them: none where it ran over all; null where it never lists any.
    /// </summary>
    public IndexSample? UsedInputs { get; }

    /// <summary>Room for the bits of the network's inputs, those of all rows taken together.</summary>
    public Span<uint> InputBits => inputBits;

    /// <summary>Room for rows of inputs of any layer, chosen or weighed for a sampled product.</summary>
    public float* PackedInputs => memory.Pointer + packedInputs;

    /// <summary>Room for rows of gradients of any layer, chosen or weighed for a sampled product.</summary>
    public float* PackedGradients => memory.Pointer + packedGradients;

    /// <summary>Room for the gradients of samples with active nodes of their own; lies in <see cref="PackedInputs"/> and <see cref="PackedGradients"/>.</summary>
    public SparseGradients SparseGradients { get; }

    /// <summary>Room for a list of nodes of any layer.</summary>
    public IndexSample NodesWithGradient { get; }

    /// <summary>Room for a value of each node of any layer with a row of parameters for each.</summary>
    public Span<float> NodeValues => nodeValues;

    /// <summary>dL/dz of a layer, [rows][stride of level layer + 1].</summary>
    public float* Gradients(int layer) => memory.Pointer + gradients[layer];

    /// <summary>Indices of the non-zero inputs of a layer, for a run over one row.</summary>
    public int* NonZero(int layer) => (int*)(memory.Pointer + nonZero[layer]);

    /// <summary>Room for the inputs of any layer in blocks: <see cref="InputPacking"/>.</summary>
    public float* InputBlocks => memory.Pointer + inputBlocks;

    /// <summary>Room for a panel of W of any layer turned round, or of the gradients of all rows, for one of the threads.</summary>
    public float* Transposed(int thread) => memory.Pointer + transposed + ((nuint)thread * transposedLength);

    /// <summary>One row of activations without its padding.</summary>
    public Span<float> Row(int level, int row, int units) => new(Activations(level) + ((nuint)row * strides[level]), units);

    /// <summary>One row of activations with its padding.</summary>
    public Span<float> PaddedRow(int level, int row) => new(Activations(level) + ((nuint)row * strides[level]), (int)strides[level]);

    /// <summary>Copies rows of <paramref name="width"/> inputs to level 0.</summary>
    public void CopyInputs(ReadOnlySpan<float> inputs, int width, int rows)
    {
        for (var row = 0; row < rows; row++)
        {
            inputs.Slice(row * width, width).CopyTo(Row(0, row, width));
        }
    }

    /// <summary>What a loss reads and writes: the outputs of the first <paramref name="rows"/> rows and the gradients to write.</summary>
    public LossBatch Batch(int rows, int outputs, ReadOnlySpan<int> labels, ReadOnlySpan<float> targets)
    {
        var stride = (int)strides[^1];
        var length = checked(rows * stride);
        return new LossBatch(
            rows,
            outputs,
            stride,
            new ReadOnlySpan<float>(Activations(strides.Length - 1), length),
            new Span<float>(Gradients(gradients.Length - 1), length),
            labels,
            targets);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Sampling?.Dispose();
        memory.Dispose();
    }
}
