using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Whittle;

public abstract partial class CompiledNetwork
{
    /// <summary>
    /// Computes the outputs as one reads them: class probabilities for softmax cross-entropy, the probability of each
    /// label for binary cross-entropy, plain values for the mean squared error.
    /// </summary>
    /// <param name="inputs">[rows, inputs], one or more samples one after the other.</param>
    /// <param name="outputs">Receives [rows, outputs].</param>
    /// <exception cref="ArgumentException">A length is not a number of whole rows, or the two differ in rows.</exception>
    /// <exception cref="InvalidOperationException">A layer with <see cref="Initialization.Given"/> has no weights yet.</exception>
    /// <exception cref="ObjectDisposedException">The network was disposed.</exception>
    public void Predict(ReadOnlySpan<float> inputs, Span<float> outputs)
    {
        Run(inputs, outputs, asLogits: false, nameof(outputs));
    }

    /// <summary>Computes the outputs of the last layer as they are, before softmax or sigmoid of the loss.</summary>
    /// <param name="inputs">[rows, inputs], one or more samples one after the other.</param>
    /// <param name="logits">Receives [rows, outputs].</param>
    /// <exception cref="ArgumentException">A length is not a number of whole rows, or the two differ in rows.</exception>
    /// <exception cref="InvalidOperationException">A layer with <see cref="Initialization.Given"/> has no weights yet.</exception>
    /// <exception cref="ObjectDisposedException">The network was disposed.</exception>
    public void Logits(ReadOnlySpan<float> inputs, Span<float> logits)
    {
        Run(inputs, logits, asLogits: true, nameof(logits));
    }

    /// <summary>Computes the most probable class of one sample.</summary>
    /// <param name="inputs">[inputs].</param>
    /// <returns>The class: the index of the largest output; of a single output, 1 if its logit is positive, else 0.</returns>
    /// <exception cref="ArgumentException">The length is not the number of inputs.</exception>
    /// <exception cref="InvalidOperationException">The network has no classes, or a layer has no weights yet.</exception>
    /// <exception cref="ObjectDisposedException">The network was disposed.</exception>
    public int Classify(ReadOnlySpan<float> inputs)
    {
        if (inputs.Length != Architecture.Inputs)
        {
            throw new ArgumentException(
                $"{Architecture.Name} takes {Architecture.Inputs} inputs, but the span has {inputs.Length} elements.", nameof(inputs));
        }

        var label = 0;
        Classify(inputs, new Span<int>(ref label));
        return label;
    }

    /// <summary>Computes the most probable class of each sample.</summary>
    /// <param name="inputs">[rows, inputs], one or more samples one after the other.</param>
    /// <param name="classes">Receives [rows].</param>
    /// <exception cref="ArgumentException">A length is not a number of whole rows, or the two differ in rows.</exception>
    /// <exception cref="InvalidOperationException">The network has no classes, or a layer has no weights yet.</exception>
    /// <exception cref="ObjectDisposedException">The network was disposed.</exception>
    public void Classify(ReadOnlySpan<float> inputs, Span<int> classes)
    {
        var rows = CountRows(inputs.Length);
        if (classes.Length != rows)
        {
            throw new ArgumentException($"{rows} rows of inputs give {rows} classes, but the span for them has {classes.Length} elements.", nameof(classes));
        }

        if (Architecture is { Loss: Loss.MeanSquaredError, Outputs: 1 })
        {
            throw new InvalidOperationException($"{Architecture.Name} computes one value, not classes; use Predict.");
        }

        var workspace = Workspaces.Rent();
        try
        {
            for (var start = 0; start < rows; start += Workspaces.Rows)
            {
                var count = Math.Min(Workspaces.Rows, rows - start);
                RunChunk(workspace, inputs, start, count);
                for (var row = 0; row < count; row++)
                {
                    classes[start + row] = ClassOf(OutputRow(workspace, row));
                }
            }
        }
        finally
        {
            Workspaces.Return(workspace);
        }
    }

    /// <summary>Measures the network on a data set with its declared loss.</summary>
    /// <param name="data">
    /// The rows. If they carry a scaling, they go in as they are; if not, the network's <see cref="InputScaling"/> is applied.
    /// </param>
    /// <param name="cancellation">Ends it early.</param>
    /// <returns>Loss, accuracy and confusion matrix.</returns>
    /// <exception cref="DataFormatException">The data does not fit the network.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public Evaluation Evaluate(Dataset data, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        return Evaluator.Evaluate(this, data, LossFunction.Create(Architecture.Loss, Architecture.Outputs, null), predictionThreads, cancellation);
    }

    /// <summary>The class that logits stand for.</summary>
    internal static int ClassOf(ReadOnlySpan<float> logits) =>
        logits.Length == 1 ? (logits[0] > 0 ? 1 : 0) : TensorPrimitives.IndexOfMax(logits);

    /// <summary>The logits of one row in a workspace after a run.</summary>
    internal Span<float> OutputRow(Workspace workspace, int row) => workspace.Row(Layout.Layers.Length, row, Layout.Outputs);

    /// <summary>Runs the layers over rows that are in the workspace, which the caller has rented and returns afterwards.</summary>
    /// <param name="workspace">Holds the inputs, receives the activations.</param>
    /// <param name="rows">Rows of the batch.</param>
    /// <param name="threads">Threads that large products are split over; 0 for one per processor.</param>
    internal unsafe void RunForward(Workspace workspace, int rows, int threads)
    {
        ThrowIfWeightsMissing();
        workspace.Threads = threads == 0 ? Environment.ProcessorCount : threads;
        using var lease = UseParameters();
        if (workspace.Sampling is { } sampling)
        {
            sampling.BeginPrediction(ParameterVersion, rows);
        }

        Runner.Forward(parameters.Pointer, workspace, rows, workspace.Sampling, predicts: true);
    }

    private void Run(ReadOnlySpan<float> inputs, Span<float> outputs, bool asLogits, string parameter)
    {
        var rows = CountRows(inputs.Length);
        var width = Layout.Outputs;
        if (outputs.Length != (long)rows * width)
        {
            throw new ArgumentException(
                $"{rows} rows of inputs give {rows} x {width} outputs, but the span for them has {outputs.Length} elements.", parameter);
        }

        var workspace = Workspaces.Rent();
        try
        {
            for (var start = 0; start < rows; start += Workspaces.Rows)
            {
                var count = Math.Min(Workspaces.Rows, rows - start);
                RunChunk(workspace, inputs, start, count);
                for (var row = 0; row < count; row++)
                {
                    var output = outputs.Slice((start + row) * width, width);
                    if (asLogits || Architecture.Loss != Loss.SoftmaxCrossEntropy)
                    {
                        OutputRow(workspace, row).CopyTo(output);
                    }
                    else
                    {
                        Softmax.Normalize(workspace.PaddedRow(Layout.Layers.Length, row), output);
                    }
                }
            }
        }
        finally
        {
            Workspaces.Return(workspace);
        }

        if (!asLogits && Architecture.Loss == Loss.BinaryCrossEntropy)
        {
            TensorPrimitives.Sigmoid(outputs, outputs);
        }
    }

    private void RunChunk(Workspace workspace, ReadOnlySpan<float> inputs, int start, int count)
    {
        var width = Layout.Inputs;
        inputs = inputs.Slice(start * width, count * width);
        if (Runner.IsFused && InputScaling is null)
        {
            RunFused(workspace, inputs, count);
            return;
        }

        if (InputScaling is { } scaling)
        {
            for (var row = 0; row < count; row++)
            {
                scaling.Apply(inputs.Slice(row * width, width), workspace.Row(0, row, width));
            }
        }
        else
        {
            workspace.CopyInputs(inputs, width, count);
        }

        RunForward(workspace, count, predictionThreads);
    }

    /// <summary>Runs a fused network on inputs where they are. The workspace, which is of the pool, keeps the parameters.</summary>
    private unsafe void RunFused(Workspace workspace, ReadOnlySpan<float> inputs, int rows)
    {
        ThrowIfDisposed();
        ThrowIfWeightsMissing();
        Runner.ForwardFused(parameters.Pointer, ref MemoryMarshal.GetReference(inputs), (nuint)Layout.Inputs, workspace, rows);
    }

    private int CountRows(int length)
    {
        // A division takes as long as a layer of a small network.
        if (length == Architecture.Inputs)
        {
            return 1;
        }

        var (rows, rest) = Math.DivRem(length, Architecture.Inputs);
        if (rest != 0)
        {
            throw new ArgumentException(
                $"{Architecture.Name} takes rows of {Architecture.Inputs} inputs, but the span has {length} elements, which is not a number of whole rows.");
        }

        return rows;
    }
}
