namespace Whittle;

/// <content>What sampled layers choose, measured.</content>
public sealed unsafe partial class TrainingSession
{
    /// <summary>
    /// Chooses active nodes for a batch as a training step would, computes the same layers exactly from the same inputs, and compares.
    /// Changes no parameters; the sketch of a <see cref="NodeSelector.LowRank"/> layer takes note of the batch as of one more step.
    /// </summary>
    /// <param name="inputs">[rows, inputs], any number of rows; taken as they are, without the network's input scaling.</param>
    /// <returns>The node-sampled layers from input to output; empty if there are none. Labels force no output active.</returns>
    /// <exception cref="ArgumentException">The length is not a number of whole rows.</exception>
    /// <exception cref="ObjectDisposedException">The network or the session was disposed.</exception>
    public IReadOnlyList<SelectionQuality> MeasureSelection(ReadOnlySpan<float> inputs)
    {
        var width = Network.Layout.Inputs;
        var (count, rest) = Math.DivRem(inputs.Length, width);
        if (count == 0 || rest != 0)
        {
            throw new ArgumentException($"Inputs come in rows of {width}, one or more, but the span has {inputs.Length} elements.", nameof(inputs));
        }

        Reserve(count);
        Network.ThrowIfWeightsMissing();
        using var lease = workspace.Use();
        using var parameterLease = Network.UseParameters();
        if (sampledLayers is null)
        {
            return [];
        }

        workspace.CopyInputs(inputs, width, count);
        sampledLayers.BeginBatch(count, default, default);
        Network.Runner.Forward(Network.Parameters.Pointer, workspace, count, sampledLayers);

        // From the last layer down: the exact outputs of a layer take the place of the inputs of the one above.
        var measured = new List<SelectionQuality>();
        for (var layer = Network.Layout.Layers.Length - 1; layer >= 0; layer--)
        {
            if (sampledLayers[layer]?.Active is { } active)
            {
                measured.Insert(0, Network.Runner.MeasureSelection(Network.Parameters.Pointer, workspace, layer, count, active));
            }
        }

        GC.KeepAlive(this);
        return measured;
    }
}
