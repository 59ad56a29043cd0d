using System.Numerics.Tensors;

namespace Whittle;

/// <summary>
/// Trains a network step by step: holds the moments of the optimiser and the working memory of a batch. A step
/// allocates nothing once its number of rows has been seen. Used by one thread at a time; others may predict meanwhile.
/// </summary>
public sealed unsafe partial class TrainingSession : IDisposable
{
    private readonly LossFunction loss;
    private bool gradientOverflows;
    private readonly bool[] frozen;
    private readonly bool anyFrozen;
    private readonly int lowestTrained;
    private readonly AlignedMemory?[] moments;
    private readonly AlignedMemory? gradients;
    private readonly SampledLayers? sampledLayers;
    private readonly MissedSteps?[] missed;
    private readonly StepRecorder? recorder;
    private Workspace workspace;
    private SampledLayers? sampling;
    private readonly StepCounter counter;
    private readonly TrainingSession? first;
    private float* input;
    private nuint inputStride;
    private int rows;
    private bool disposed;

    /// <summary>Prepares the training of a network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="options">Optimiser, schedule and loss; Adam if left out.</param>
    /// <exception cref="ArgumentException">An option does not fit the network.</exception>
    /// <exception cref="ObjectDisposedException">The network was disposed.</exception>
    public TrainingSession(CompiledNetwork network, StepOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        Network = network;
        Options = options ?? new StepOptions();
        ArgumentNullException.ThrowIfNull(Options.Optimizer, "options.Optimizer");
        ArgumentNullException.ThrowIfNull(Options.Schedule, "options.Schedule");
        ArgumentNullException.ThrowIfNull(Options.FrozenLayers, "options.FrozenLayers");
        var architecture = network.Architecture;
        if (Options.Schedule.NeedsTotalSteps && Options.TotalSteps <= 0)
        {
            throw new ArgumentException("The learning-rate schedule depends on the length of the training; set TotalSteps.", nameof(options));
        }

        if (Options.MaxGradientNorm is { } norm && !(norm > 0))
        {
            throw new ArgumentException($"MaxGradientNorm is {norm}; it must be above 0, or null for no clipping.", nameof(options));
        }

        if (Options.ExactFirstSteps < 0 || Options.ExactLastSteps < 0)
        {
            throw new ArgumentException("ExactFirstSteps and ExactLastSteps must be at least 0.", nameof(options));
        }

        if (Options.ExactLastSteps > 0 && Options.TotalSteps <= 0)
        {
            throw new ArgumentException("Which steps are the last depends on the length of the training; set TotalSteps.", nameof(options));
        }

        if (Options.ExactLastSteps > 0 && architecture.Layers.Index().SkipLast(1).FirstOrDefault(layer => layer.Item.PredictsMeanShare) is { Item: not null } scaled)
        {
            throw new ArgumentException(
                $"Exact last steps would train layer {scaled.Index} of {architecture.Name} with all of its nodes as they are, but its predictions scale them by the share that was active (NodeInference.Exact): declare NodeScaling.InverseProbability or another inference, or set ExactLastSteps to 0.",
                nameof(options));
        }

        if (Options.Threads < 0)
        {
            throw new ArgumentException($"Threads is {Options.Threads}; it must be at least 1, or 0 for all processors.", nameof(options));
        }

        if (Options.CustomLoss is not null && Options.ClassWeights is not null)
        {
            throw new ArgumentException("Class weights belong to the declared loss; a custom loss weighs its classes itself.", nameof(options));
        }

        loss = NewLoss();
        frozen = new bool[architecture.Layers.Count];
        foreach (var layer in Options.FrozenLayers)
        {
            if ((uint)layer >= (uint)frozen.Length)
            {
                throw new ArgumentException($"Frozen layer {layer} does not exist; {architecture.Name} has layers 0 to {frozen.Length - 1}.", nameof(options));
            }

            frozen[layer] = true;
        }

        anyFrozen = frozen.Contains(true);
        lowestTrained = Array.IndexOf(frozen, false);
        if (lowestTrained < 0)
        {
            throw new ArgumentException("Every layer is frozen; there is nothing to train.", nameof(options));
        }

        counter = new StepCounter();
        using var parameterLease = network.UseParameters();
        moments = new AlignedMemory?[2];
        for (var index = 0; index < Options.Optimizer.MomentCount; index++)
        {
            moments[index] = AlignedMemory.Allocate(network.Layout.Length, $"moments of the optimiser {Options.Optimizer.Name}");
        }

        if (Options.Optimizer.InitialMoment != 0)
        {
            moments[0]!.Fill(Options.Optimizer.InitialMoment);
        }

        gradients = NewGradients();
        recorder = NewRecorder();
        workspace = NewWorkspace(architecture.BatchSize);
        sampledLayers = SampledLayers.ForTraining(network, Options.SamplingSeed);
        counter.ParameterVersion = network.ParameterVersion;
        missed = new MissedSteps?[frozen.Length];
        for (var layer = lowestTrained; layer < frozen.Length; layer++)
        {
            if (sampledLayers?[layer] is { Active: not null } sampled && !frozen[layer] && Options.Optimizer.Decay != RowDecay.None)
            {
                sampled.Missed = missed[layer] = new MissedSteps(network.Layout.Layers[layer], Options.Optimizer.Decay, sampled.Selection!.Changed);
            }
        }
    }

    /// <summary>The network in training.</summary>
    public CompiledNetwork Network { get; }

    /// <summary>The settings.</summary>
    public StepOptions Options { get; }

    /// <summary>Steps done so far.</summary>
    public long StepCount
    {
        get => counter.Steps;
        internal set => counter.Steps = value;
    }

    /// <summary>Learning rate of the next step.</summary>
    public float LearningRate => LearningRateOf(StepCount + 1);

    /// <summary>The last step, or the current one.</summary>
    internal UpdateStep LastStep { get; private set; }

    /// <summary>Threads that large products are split over.</summary>
    internal int Threads => Options.Threads == 0 ? Environment.ProcessorCount : Options.Threads;

    /// <summary>The moments of the optimiser, in the layout of the parameters; null beyond those that it keeps.</summary>
    internal ReadOnlySpan<AlignedMemory?> Moments => moments;

    /// <summary>The sampling of the layers; null where all are exact.</summary>
    internal SampledLayers? Sampling => sampledLayers;

    /// <summary>The loss that the steps minimise.</summary>
    internal LossFunction Loss => loss;

    /// <summary>Trains on one batch with a class per row.</summary>
    /// <param name="inputs">[rows, inputs], any number of rows; taken as they are, without the network's input scaling.</param>
    /// <param name="labels">[rows], each from 0 to outputs - 1.</param>
    /// <returns>
    /// The loss of the batch before the step; NaN if an input, or the norm of a gradient to clip, is not finite. If it is not finite, the step has changed nothing.
    /// </returns>
    /// <exception cref="ArgumentException">A length does not fit, a label is out of range, or the loss needs targets.</exception>
    /// <exception cref="ObjectDisposedException">The network or the session was disposed.</exception>
    public double Step(ReadOnlySpan<float> inputs, ReadOnlySpan<int> labels) => Step(inputs, labels.Length, labels, default);

    /// <summary>Trains on one batch with target values per row.</summary>
    /// <param name="inputs">[rows, inputs], any number of rows; taken as they are, without the network's input scaling.</param>
    /// <param name="targets">[rows, outputs].</param>
    /// <returns>
    /// The loss of the batch before the step; NaN if an input, or the norm of a gradient to clip, is not finite. If it is not finite, the step has changed nothing.
    /// </returns>
    /// <exception cref="ArgumentException">A length does not fit, or the loss needs labels.</exception>
    /// <exception cref="ObjectDisposedException">The network or the session was disposed.</exception>
    public double Step(ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets)
    {
        var outputs = Network.Layout.Outputs;
        var (count, rest) = Math.DivRem(targets.Length, outputs);
        if (rest != 0)
        {
            throw new ArgumentException($"Targets come in rows of {outputs}, but the span has {targets.Length} elements.", nameof(targets));
        }

        return Step(inputs, count, default, targets);
    }

    /// <summary>Tells that an epoch begins, for schedules of sampled layers that count from there. A trainer does it.</summary>
    public void StartEpoch() => sampledLayers?.StartEpoch();

    /// <summary>Frees moments and working memory; the network stays.</summary>
    public void Dispose()
    {
        if (disposed)
        {
            return;
        }

        if (first is null && !Network.IsDisposed && Options.Optimizer.Decay.Weights > 0)
        {
            CatchUp();
        }

        disposed = true;
        workspace.Dispose();
        sampledLayers?.Dispose();
        gradients?.Dispose();
        for (var index = 0; index < moments.Length && first is null; index++)
        {
            moments[index]?.Dispose();
        }
    }

    /// <summary>Makes room for a batch of so many rows.</summary>
    internal void Reserve(int count)
    {
        ObjectDisposedException.ThrowIf(disposed || first is { disposed: true }, this);
        if (count > workspace.Rows)
        {
            var larger = NewWorkspace(count);
            workspace.Dispose();
            workspace = larger;
        }
    }

    /// <summary>Trains on rows of a data set.</summary>
    internal double Step(BatchReader reader, ReadOnlySpan<int> indices)
    {
        ThrowIfInLoss();
        Reserve(indices.Length);
        using var lease = workspace.Use();
        reader.Read(indices, workspace);
        return Step(workspace.Activations(0), workspace.Stride(0), indices.Length, reader.LossLabels, reader.LossTargets);
    }

    /// <summary>Whether steps of one sample may walk pairs of active inputs and nodes.</summary>
    internal bool WalksPairs => Options.Optimizer.MomentCount == 0;

    /// <summary>How many rows of the last batch were classified as their label says, before its step.</summary>
    internal int CountCorrect(ReadOnlySpan<int> labels)
    {
        using var lease = workspace.Use();
        var correct = 0;
        for (var row = 0; row < labels.Length; row++)
        {
            correct += CompiledNetwork.ClassOf(Network.OutputRow(workspace, row)) == labels[row] ? 1 : 0;
        }

        return correct;
    }

    private LossFunction NewLoss() => Options.CustomLoss is { } custom
        ? new GivenLoss(custom)
        : LossFunction.Create(Network.Architecture.Loss, Network.Architecture.Outputs, Options.ClassWeights);

    private AlignedMemory? NewGradients() =>
        Options.MaxGradientNorm is null ? null : AlignedMemory.Allocate(Network.Layout.Length, "the gradient to clip");

    private StepRecorder? NewRecorder() => Options.CollectStatistics ? new StepRecorder(Network.Layout.Layers.Length) : null;

    private Workspace NewWorkspace(int count) =>
        new(Network.Layout, count, training: true, Threads) { Recorder = recorder, WalksPairs = WalksPairs };

    /// <summary>Refuses a step from within the loss, whose batch it would overwrite.</summary>
    private void ThrowIfInLoss()
    {
        if (loss.IsRunning)
        {
            throw new InvalidOperationException("A custom loss must not train with the session that calls it; compute the loss of the batch that it is given.");
        }
    }

    private float* Moment(int index) => moments[index] is { } moment ? moment.Pointer : null;

    private double Step(ReadOnlySpan<float> inputs, int count, ReadOnlySpan<int> labels, ReadOnlySpan<float> targets)
    {
        ThrowIfInLoss();
        var width = Network.Layout.Inputs;
        if (count == 0 || inputs.Length != (long)count * width)
        {
            throw new ArgumentException(count == 0
                ? "A step needs at least one row."
                : $"{count} rows need {count} x {width} inputs, but the span has {inputs.Length} elements.", nameof(inputs));
        }

        Reserve(count);
        using var lease = workspace.Use();
        if (Fuses(count))
        {
            fixed (float* start = inputs)
            {
                return Step(start, (nuint)width, count, labels, targets);
            }
        }

        workspace.CopyInputs(inputs, width, count);
        return Step(workspace.Activations(0), workspace.Stride(0), count, labels, targets);
    }

    /// <summary>Whether each half of a step, before and after the loss, is one kernel; it reads the inputs where they are.</summary>
    private bool Fuses(int count) => !anyFrozen && Network.Runner.FusesBackwardOf(count);

    /// <summary>Trains on rows of inputs, which are in the workspace unless the step <see cref="Fuses"/>. The caller holds a lease of the workspace.</summary>
    private double Step(float* start, nuint stride, int count, ReadOnlySpan<int> labels, ReadOnlySpan<float> targets)
    {
        input = start;
        inputStride = stride;
        recorder?.Begin();
        CheckTruth(labels, targets);
        Network.ThrowIfWeightsMissing();
        using var parameterLease = Network.UseParameters();
        rows = count;
        var number = counter.Begin();
        LastStep = new UpdateStep(number, LearningRateOf(number));
        sampling = IsExact(number) ? null : sampledLayers;
        sampling?.BeginBatch(rows, labels, targets);
        BeginMissing();
        recorder?.Lap();
        if (Fuses(rows))
        {
            Network.Runner.ForwardFused(Network.Parameters.Pointer, ref *input, inputStride, workspace, rows);
        }
        else
        {
            Network.Runner.Forward(Network.Parameters.Pointer, workspace, rows, sampling);
        }

        var batch = workspace.Batch(rows, Network.Layout.Outputs, labels, targets);
        var value = InputsAreFinite() ? loss.Compute(batch).Mean : double.NaN;

        // A loss of one's own may do anything, and moments are not leased.
        ObjectDisposedException.ThrowIf(disposed || first is { disposed: true }, this);
        gradientOverflows = false;
        if (double.IsFinite(value))
        {
            OutputActivation.MultiplyDerivative(batch, Network.Architecture.Layers[^1]);
            recorder?.Lap();
            Options.Optimizer.Update(this, LastStep);
            value = gradientOverflows ? double.NaN : value;
        }

        if (double.IsFinite(value))
        {
            counter.End(number);
            MarkParametersChanged();
            foreach (var layer in missed)
            {
                layer?.EndStep();
            }

            recorder?.Lap();
            Network.Runner.EndStep(Network.Parameters.Pointer, workspace, rows, sampling);
        }
        else
        {
            counter.TakeBack();
        }

        recorder?.End(rows);
        GC.KeepAlive(this);
        return value;
    }

    /// <summary>A loss may hide inputs that are not: sampling leaves some out, and ReLU makes 0 of minus infinity.</summary>
    private bool InputsAreFinite()
    {
        for (var row = 0; row < rows; row++)
        {
            if (!TensorPrimitives.IsFiniteAll(new ReadOnlySpan<float>(input + ((nuint)row * inputStride), Network.Layout.Inputs)))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Begins a step for the rows that have missed some: an exact one uses the weights of all of them.</summary>
    private void BeginMissing()
    {
        if (!counter.IsShared)
        {
            ForgetReplacedWeights();
        }

        foreach (var layer in missed)
        {
            layer?.BeginStep(LastStep.Number, LastStep.LearningRate);
        }

        if (sampling is null)
        {
            CatchUpWeights();
        }
    }

    /// <summary>Weights that were set since the last step have missed nothing, and what was derived from those before is void.</summary>
    private void ForgetReplacedWeights()
    {
        if (counter.ParameterVersion == Network.ParameterVersion)
        {
            return;
        }

        counter.ParameterVersion = Network.ParameterVersion;
        sampledLayers?.ForgetParameters();
        foreach (var layer in missed)
        {
            layer?.ForgetWeights();
        }
    }

    private void MarkParametersChanged()
    {
        Network.MarkParametersChanged();
        counter.MarkParametersChanged();
    }

    /// <summary>Makes sampled layers derive anew what they keep about the parameters, as a training that resumes here does.</summary>
    private void ForgetDerived() => sampledLayers?.Reset();

    /// <summary>Whether a step, the first being 1, computes every layer exactly, sampled ones too.</summary>
    private bool IsExact(long step) => step <= Options.ExactFirstSteps || (Options.ExactLastSteps > 0 && step > Options.TotalSteps - Options.ExactLastSteps);

    private float LearningRateOf(long step)
    {
        var factor = Options.Schedule.Factor(step - 1, Options.TotalSteps);
        return float.IsFinite(factor) && factor >= 0
            ? Options.Optimizer.LearningRate * factor
            : throw new InvalidOperationException($"The learning-rate schedule gave the factor {factor} for step {step}; it must be a finite number of at least 0.");
    }

    private void CheckTruth(ReadOnlySpan<int> labels, ReadOnlySpan<float> targets)
    {
        var outputs = Network.Layout.Outputs;
        if (Options.CustomLoss is null && loss.UsesLabels == labels.IsEmpty)
        {
            throw new ArgumentException(loss.UsesLabels
                ? $"The loss {Network.Architecture.Loss} needs one label per row, not target values."
                : $"The loss {Network.Architecture.Loss} needs target values, not labels.");
        }

        // A custom loss may have labels of its own, unless they are nodes that are always active.
        var areClasses = Options.CustomLoss is null || sampledLayers?[Network.Layout.Layers.Length - 1]?.Active is not null;
        for (var row = 0; row < labels.Length && areClasses; row++)
        {
            if ((uint)labels[row] >= (uint)outputs)
            {
                throw new ArgumentException($"The label of row {row} is {labels[row]}; {Network.Architecture.Name} has classes 0 to {outputs - 1}.");
            }
        }
    }
}
