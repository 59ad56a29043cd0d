namespace Whittle;

/// <summary>The base of every network that the generator compiles: its parameters, prediction and files.</summary>
/// <remarks>
/// Predictions are safe from any number of threads, also while one thread trains; each sees parameters of before or
/// after some step, possibly mixed. Disposing frees the parameters as soon as no run uses them.
/// </remarks>
public abstract partial class CompiledNetwork : IDisposable
{
    private readonly AlignedMemory parameters;
    private readonly bool[] awaitsWeights;
    private long parameterVersion;
    private volatile bool ready;
    private volatile bool disposed;
    private volatile Scaling? inputScaling;
    private volatile int predictionThreads;

    /// <summary>Called by generated constructors.</summary>
    /// <param name="declaration">What was declared.</param>
    /// <param name="seed">Seed of the initial weights.</param>
    /// <param name="depth">How many of the repeated layers this instance has; 0 for all.</param>
    /// <exception cref="ArgumentOutOfRangeException">The depth is not one that the declaration allows.</exception>
    protected CompiledNetwork(NetworkDescription declaration, ulong seed, int depth)
    {
        ArgumentNullException.ThrowIfNull(declaration);
        Architecture = declaration.WithDepth(depth);
        InstructionSet = InstructionSets.Active;
        Layout = new ParameterLayout(Architecture, InstructionSet);
        Runner = new LayerRunner(this, Layout);
        Workspaces = new WorkspacePool(this);
        awaitsWeights = [.. Architecture.Layers.Select(layer => layer.Initialization == Initialization.Given)];
        ready = !awaitsWeights.Contains(true);
        parameters = AlignedMemory.Allocate(Layout.Length, $"the parameters of {Architecture.Name}");
        InitializeWeights(seed);
    }

    /// <summary>The architecture of this instance.</summary>
    public NetworkDescription Architecture { get; }

    /// <summary>The instruction set whose kernels run this network.</summary>
    public InstructionSet InstructionSet { get; }

    /// <summary>
    /// What <see cref="Predict"/>, <see cref="Logits"/> and Classify apply to their inputs first, so that callers pass
    /// values as they were before the training set was scaled. Null for nothing. Training on a scaled data set sets it;
    /// it is saved with the network. Steps of a <see cref="TrainingSession"/> take inputs that are already scaled.
    /// </summary>
    /// <exception cref="ArgumentException">The scaling is for another number of inputs.</exception>
    public Scaling? InputScaling
    {
        get => inputScaling;
        set
        {
            if (value is { IsGlobal: false } && value.Offsets.Length != Architecture.Inputs)
            {
                throw new ArgumentException($"The scaling is for {value.Offsets.Length} features, but {Architecture.Name} takes {Architecture.Inputs} inputs.", nameof(value));
            }

            inputScaling = value;
        }
    }

    /// <summary>
    /// Threads that <see cref="Predict"/>, <see cref="Logits"/>, Classify and <see cref="Evaluate"/> split large products of several rows over; 0, the
    /// default, for one per processor. The bits are the same for any number. Calls that find the threads busy run on their own one.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    public int PredictionThreads
    {
        get => predictionThreads;
        set
        {
            predictionThreads = value >= 0
                ? value
                : throw new ArgumentOutOfRangeException(nameof(value), value, $"{nameof(PredictionThreads)} must be at least 1, or 0 for all processors.");
        }
    }

    /// <summary>Where the parameters lie.</summary>
    internal ParameterLayout Layout { get; }

    /// <summary>Runs the layers.</summary>
    internal LayerRunner Runner { get; }

    /// <summary>Working memory for predictions.</summary>
    internal WorkspacePool Workspaces { get; }

    /// <summary>The parameters; use only while a lease is held.</summary>
    internal AlignedMemory Parameters => parameters;

    /// <summary>Whether the network was disposed.</summary>
    internal bool IsDisposed => disposed;

    /// <summary>Counts the changes of the parameters, for whoever keeps something derived from them.</summary>
    internal long ParameterVersion => Interlocked.Read(ref parameterVersion);

    /// <summary>Saves the network as a safetensors file, in full or not at all.</summary>
    /// <param name="path">The file, replaced if it exists.</param>
    /// <exception cref="ModelFileException">The file cannot be written.</exception>
    /// <exception cref="InvalidOperationException">A layer with <see cref="Initialization.Given"/> has no weights yet.</exception>
    /// <exception cref="ObjectDisposedException">The network was disposed.</exception>
    public void Save(string path) => ModelFile.Save(path, this, null);

    /// <summary>Frees the parameters once no running prediction or step uses them. Later use is an error.</summary>
    public void Dispose()
    {
        disposed = true;
        parameters.Dispose();
        Workspaces.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Whether each pass over all layers is one kernel: the weights stay in the first cache, and calls would cost more than the arithmetic.</summary>
    protected virtual bool IsFused => false;

    /// <summary>Computes the activations of all layers of a network that <see cref="IsFused"/>.</summary>
    /// <param name="pass">Reads Input and Parameters, writes Activations.</param>
    protected virtual void ForwardFused(scoped ref readonly NetworkPass pass) => throw NotFused();

    /// <summary>Computes the gradients of all layers and parameters of a network that <see cref="IsFused"/>, and updates weights, biases and moments.</summary>
    /// <param name="rule">The update rule of this step.</param>
    /// <param name="pass">Reads Input, Activations and the last layer's Gradients, writes the other Gradients and Scratch, updates Parameters and moments.</param>
    protected virtual void BackwardFused<TRule>(scoped ref readonly TRule rule, scoped ref readonly NetworkPass pass)
        where TRule : struct, IUpdateRule => throw NotFused();

    /// <summary>Computes a = f(xW + b) of one compiled layer for the rows and panels of <paramref name="pass"/>.</summary>
    /// <param name="kernel">Index of the compiled layer.</param>
    /// <param name="pass">Reads Input and Parameters, writes Output.</param>
    protected abstract void Forward(int kernel, scoped ref readonly LayerPass pass);

    /// <summary>As <see cref="Forward"/> from some inputs, which are listed and whose values lie side by side in that order.</summary>
    /// <param name="kernel">Index of the compiled layer.</param>
    /// <param name="pass">Reads Input, NonZero and Parameters, writes Output.</param>
    /// <exception cref="ArgumentOutOfRangeException">The layer has no such kernel.</exception>
    protected virtual void ForwardListed(int kernel, scoped ref readonly LayerPass pass) => throw NotListed(kernel);

    /// <summary>As <see cref="Forward"/> for a single row whose non-zero inputs are listed.</summary>
    /// <param name="kernel">Index of the compiled layer.</param>
    /// <param name="pass">Reads Input, NonZero and Parameters, writes Output.</param>
    protected abstract void ForwardSingle(int kernel, scoped ref readonly LayerPass pass);

    /// <summary>
    /// Computes (d W^T) * f'(a) where a and f are the output and the activation of the layer below: that layer's dL/dz.
    /// </summary>
    /// <param name="kernel">Index of the compiled layer.</param>
    /// <param name="pass">Reads OutputGradient, Parameters and Input, writes InputGradient from input Begin to End.</param>
    protected abstract void InputGradient(int kernel, scoped ref readonly LayerPass pass);

    /// <summary>As <see cref="InputGradient"/> for a single row, of a layer with a row of parameters for each node.</summary>
    /// <param name="kernel">Index of the compiled layer.</param>
    /// <param name="pass">Reads OutputGradient, Parameters, Nodes and Input, writes InputGradient.</param>
    protected abstract void InputGradientSingle(int kernel, scoped ref readonly LayerPass pass);

    /// <summary>Computes dL/dW = x^T d and dL/db, and updates weights, biases and moments with them, for the panels of <paramref name="pass"/>.</summary>
    /// <param name="kernel">Index of the compiled layer.</param>
    /// <param name="rule">The update rule of this step.</param>
    /// <param name="pass">Reads Input and OutputGradient, updates Parameters and moments.</param>
    protected abstract void WeightGradient<TRule>(int kernel, scoped ref readonly TRule rule, scoped ref readonly LayerPass pass)
        where TRule : struct, IUpdateRule;

    /// <summary>
    /// As <see cref="WeightGradient"/> for some inputs, which are listed in whole tiles of 12 where w is 32, else 6, and whose values lie side by side in that order, in
    /// rows of nIn + 12 values; nIn stands for the biases and has the value 1. A list for rules whose <see cref="IUpdateRule.SkipsZeroGradient"/> is true is filled up with
    /// nIn of the value 0. A layer has either this kernel or that of <see cref="WeightGradient"/>.
    /// </summary>
    /// <param name="kernel">Index of the compiled layer.</param>
    /// <param name="rule">The update rule of this step.</param>
    /// <param name="pass">Reads Input or PackedInput, NonZero and OutputGradient, updates Parameters and moments.</param>
    /// <exception cref="ArgumentOutOfRangeException">The layer has no such kernel.</exception>
    protected virtual void WeightGradientListed<TRule>(int kernel, scoped ref readonly TRule rule, scoped ref readonly LayerPass pass)
        where TRule : struct, IUpdateRule => throw NotListed(kernel);

    /// <summary>
    /// As <see cref="WeightGradient"/> of the first layer for a single row whose non-zero inputs are listed, for rules whose
    /// <see cref="IUpdateRule.SkipsZeroGradient"/> is true: only the rows of W with an input are touched.
    /// </summary>
    /// <param name="kernel">Index of the compiled layer.</param>
    /// <param name="rule">The update rule of this step.</param>
    /// <param name="pass">Reads Input, NonZero and OutputGradient, updates Parameters and moments.</param>
    protected abstract void WeightGradientSingle<TRule>(int kernel, scoped ref readonly TRule rule, scoped ref readonly LayerPass pass)
        where TRule : struct, IUpdateRule;

    /// <summary>As <see cref="WeightGradient"/> for one node of a layer whose samples have active nodes of their own: only samples with a gradient there are read.</summary>
    /// <param name="kernel">Index of the compiled layer.</param>
    /// <param name="rule">The update rule of this step.</param>
    /// <param name="pass">Reads Input of the listed Samples and their OutputGradient, updates Parameters and moments, which are those of the node's row.</param>
    /// <exception cref="ArgumentOutOfRangeException">The layer has no such kernel.</exception>
    protected virtual void WeightGradientSparse<TRule>(int kernel, scoped ref readonly TRule rule, scoped ref readonly LayerPass pass)
        where TRule : struct, IUpdateRule =>
        throw new ArgumentOutOfRangeException(nameof(kernel), kernel, "The layer has no kernel for gradients of samples at nodes of their own.");

    /// <summary>
    /// As <see cref="InputGradient"/> and then <see cref="WeightGradient"/> of a layer above the first, for a single row whose
    /// non-zero inputs are listed, for rules whose <see cref="IUpdateRule.SkipsZeroGradient"/> is true: each weight is read,
    /// used and changed once. Gradients of inputs that are not listed keep what they have.
    /// </summary>
    /// <param name="kernel">Index of the compiled layer.</param>
    /// <param name="rule">The update rule of this step.</param>
    /// <param name="pass">Reads Input, NonZero and OutputGradient, writes InputGradient, updates Parameters and moments.</param>
    protected abstract void BackwardSingle<TRule>(int kernel, scoped ref readonly TRule rule, scoped ref readonly LayerPass pass)
        where TRule : struct, IUpdateRule;

    /// <summary>Computes the hash codes of an input for one compiled layer that finds its nodes in hash tables.</summary>
    /// <param name="kernel">Index of the compiled layer.</param>
    /// <param name="pass">Reads Input, NonZero and the projections, or the coordinates of bins; writes Codes.</param>
    /// <exception cref="ArgumentOutOfRangeException">The layer has no such kernel.</exception>
    protected virtual void HashInput(int kernel, scoped ref readonly HashPass pass) =>
        throw new ArgumentOutOfRangeException(nameof(kernel), kernel, "The layer has no kernel for hash codes.");

    /// <summary>As <see cref="HashInput"/> for the weights of listed nodes.</summary>
    /// <param name="kernel">Index of the compiled layer.</param>
    /// <param name="pass">Reads Parameters, Nodes and the projections, or the coordinates of bins; writes Codes.</param>
    /// <exception cref="ArgumentOutOfRangeException">The layer has no such kernel.</exception>
    protected virtual void HashNodes(int kernel, scoped ref readonly HashPass pass) =>
        throw new ArgumentOutOfRangeException(nameof(kernel), kernel, "The layer has no kernel for hash codes.");

    /// <summary>Keeps the parameters in memory until the lease is disposed.</summary>
    /// <exception cref="ObjectDisposedException">The network was disposed.</exception>
    internal AlignedMemory.Lease UseParameters()
    {
        ThrowIfDisposed();
        try
        {
            return parameters.Use();
        }
        catch (ObjectDisposedException)
        {
            // Disposed since: the name is that of the network.
            ThrowIfDisposed();
            throw;
        }
    }

    /// <summary>Throws if the network was disposed.</summary>
    internal void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(disposed, this);

    /// <summary>Tells that parameters have changed.</summary>
    internal void MarkParametersChanged() => Interlocked.Increment(ref parameterVersion);

    private static ArgumentOutOfRangeException NotListed(int kernel) => new(nameof(kernel), kernel, "The layer has no kernel for listed inputs.");

    private NotSupportedException NotFused() => new($"{Architecture.Name} has a kernel for each layer.");

    /// <summary>Refuses to run layers whose weights the caller has not given yet.</summary>
    internal void ThrowIfWeightsMissing()
    {
        if (!ready)
        {
            throw new InvalidOperationException(
                $"Layer {Array.IndexOf(awaitsWeights, true)} of {Architecture.Name} is declared with Initialization.Given; call SetWeights for it (or load a file) first.");
        }
    }
}
