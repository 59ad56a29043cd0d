namespace Whittle;

/// <content>What happens in steps and how good it is.</content>
public sealed unsafe partial class TrainingSession
{
    /// <summary>
    /// What the steps so far did, since the session began or since <see cref="ResetStatistics"/>, as of now; null unless
    /// <see cref="StepOptions.CollectStatistics"/> is set. Read it on the thread that does the steps.
    /// </summary>
    public TrainingStatistics? Statistics => recorder?.Read(sampledLayers);

    /// <summary>The statistics of sessions that train together, as if all their steps had been done in one.</summary>
    internal static TrainingStatistics? StatisticsOf(ReadOnlySpan<TrainingSession> sessions)
    {
        if (sessions[0].recorder is null || sessions.Length == 1)
        {
            return sessions[0].Statistics;
        }

        var all = new StepRecorder(sessions[0].missed.Length);
        foreach (var session in sessions)
        {
            all.Add(session.recorder!);
        }

        return all.Read(sessions[0].sampledLayers);
    }

    /// <summary>Begins the <see cref="Statistics"/> anew.</summary>
    public void ResetStatistics() => recorder?.Reset();

    /// <summary>
    /// Computes a batch as the forward pass of a training step would, sampled, and exactly, and compares the hidden layers. Labels force
    /// no output active, and it does not count in <see cref="Statistics"/>. Changes no weights, but for weight decay that is outstanding
    /// (<see cref="CatchUp"/>); sketches, norms and samples that are reused take note of the batch as of one more step.
    /// </summary>
    /// <param name="inputs">[rows, inputs], any number of rows; taken as they are, without the network's input scaling.</param>
    /// <returns>The hidden layers from input to output; empty if there are none.</returns>
    /// <exception cref="ArgumentException">The length is not a number of whole rows.</exception>
    /// <exception cref="ObjectDisposedException">The network or the session was disposed.</exception>
    public IReadOnlyList<LayerMeasurement> MeasureLayers(ReadOnlySpan<float> inputs)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        var width = Network.Layout.Inputs;
        var (count, rest) = Math.DivRem(inputs.Length, width);
        if (count == 0 || rest != 0)
        {
            throw new ArgumentException($"Inputs come in rows of {width}, one or more, but the span has {inputs.Length} elements.", nameof(inputs));
        }

        Network.ThrowIfWeightsMissing();
        using var parameterLease = Network.UseParameters();
        using var sampled = new Workspace(Network.Layout, count, training: false, Threads);
        using var exact = new Workspace(Network.Layout, count, training: false, Threads);
        var parameters = Network.Parameters.Pointer;
        CatchUpWeights();
        sampled.CopyInputs(inputs, width, count);
        exact.CopyInputs(inputs, width, count);
        sampledLayers?.BeginBatch(count, default, default);
        Network.Runner.Forward(parameters, sampled, count, sampledLayers);
        Network.Runner.Forward(parameters, exact, count);
        var measured = new LayerMeasurement[Network.Layout.Layers.Length - 1];

        // From the last layer down: exact outputs of a layer take the place of the inputs of the one above, which is done with them.
        for (var layer = measured.Length - 1; layer >= 0; layer--)
        {
            measured[layer] = Network.Runner.Measure(parameters, sampled, exact, layer, count, sampledLayers?[layer]?.Active);
        }

        GC.KeepAlive(this);
        return measured;
    }

    /// <summary>Applies the weight decay that rows have missed.</summary>
    private void CatchUpWeights()
    {
        ForgetReplacedWeights();
        for (var layer = 0; layer < missed.Length; layer++)
        {
            missed[layer]?.CatchUpWeights(Network.Parameters.Pointer, Network.Runner.AllNodes(layer).Indices);
        }
    }
}
