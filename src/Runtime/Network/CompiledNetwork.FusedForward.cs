namespace Whittle;

public abstract partial class CompiledNetwork
{
    /// <content>The forward pass of networks that are small enough to run as one kernel.</content>
    internal sealed unsafe partial class LayerRunner
    {
        /// <summary>Whether all layers run as one kernel.</summary>
        public bool IsFused { get; }

        /// <summary>Computes every layer's activations of a network that is fused.</summary>
        /// <param name="parameters">The network's parameters.</param>
        /// <param name="input">The inputs, row by row.</param>
        /// <param name="inputStride">Floats from one row to the next.</param>
        /// <param name="workspace">Receives the activations.</param>
        /// <param name="rows">Rows of the batch.</param>
        public void ForwardFused(float* parameters, ref float input, nuint inputStride, Workspace workspace, int rows)
        {
            var pass = new NetworkPass
            {
                Input = ref input,
                InputStride = inputStride,
                Parameters = ref *parameters,
                Activations = ref *workspace.Activations(1),
                Capacity = (nuint)workspace.Rows,
                Rows = (nuint)rows,
            };
            network.ForwardFused(in pass);
        }

        /// <summary>What the backward pass over a row reads, and what statistics tell: the time is that of the first layer.</summary>
        private void FinishFused(Workspace workspace, int rows, bool predicts)
        {
            for (var layer = 0; layer < layers.Count && rows == 1 && !predicts; layer++)
            {
                workspace.NonZeroCounts[layer] = ListInputs(workspace, layer);
            }

            if (workspace.Recorder is { } recorder)
            {
                recorder.Lap(0, StepPart.Forward);
                for (var layer = 0; layer < layers.Count; layer++)
                {
                    recorder.CountNodes(layer, layers[layer].Outputs, rows, null);
                }
            }
        }
    }
}
