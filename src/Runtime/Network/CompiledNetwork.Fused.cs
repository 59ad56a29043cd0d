namespace Whittle;

public abstract partial class CompiledNetwork
{
    /// <content>The passes over networks that are small enough to run as one kernel each.</content>
    internal sealed unsafe partial class LayerRunner
    {
        /// <summary>Whether all layers run as one kernel.</summary>
        public bool IsFused { get; }

        /// <summary>
        /// Whether <see cref="BackwardFused"/> runs the backward pass over a batch: not where the layers' own kernels would split it over threads,
        /// on one thread neither, so that the bits do not depend on their number.
        /// </summary>
        public bool FusesBackwardOf(int rows) => IsFused && rows * largestProduct < WorthSplitting;

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

            // The time of all layers is told as that of the first one.
            if (workspace.Recorder is { } recorder)
            {
                recorder.Lap(0, StepPart.Forward);
                for (var layer = 0; layer < layers.Count; layer++)
                {
                    recorder.CountNodes(layer, layers[layer].Outputs, rows, null);
                }
            }
        }

        /// <summary>Computes all gradients of a network that is fused from those of the last layer, and updates the parameters.</summary>
        /// <param name="rule">The update rule of this step.</param>
        /// <param name="parameters">The network's parameters.</param>
        /// <param name="firstMoments">First moments in the parameters' layout; null if the rule has none.</param>
        /// <param name="secondMoments">Second moments; null if the rule has fewer than two.</param>
        /// <param name="input">The inputs, as for the forward pass.</param>
        /// <param name="inputStride">Floats from one row to the next.</param>
        /// <param name="workspace">Holds activations and gradients.</param>
        /// <param name="rows">Rows of the batch.</param>
        public void BackwardFused<TRule>(
            scoped ref readonly TRule rule,
            float* parameters,
            float* firstMoments,
            float* secondMoments,
            ref float input,
            nuint inputStride,
            Workspace workspace,
            int rows)
            where TRule : struct, IUpdateRule
        {
            var moments = new LayerMoments(parameters, firstMoments, secondMoments, 0);
            var pass = new NetworkPass
            {
                Input = ref input,
                InputStride = inputStride,
                Parameters = ref *parameters,
                Activations = ref *workspace.Activations(1),
                Gradients = ref *workspace.Gradients(0),
                FirstMoment = ref *moments.First,
                SecondMoment = ref *moments.Second,
                Scratch = ref *workspace.Transposed(0),
                Capacity = (nuint)workspace.Rows,
                Rows = (nuint)rows,
            };
            network.BackwardFused(in rule, in pass);
            workspace.Recorder?.Lap(0, StepPart.Update);
        }

        /// <summary>Lists what the layers' own kernels read in the backward pass over a row, after a fused forward pass.</summary>
        public void ListInputs(Workspace workspace)
        {
            for (var layer = 0; layer < layers.Count; layer++)
            {
                workspace.NonZeroCounts[layer] = ListInputs(workspace, layer);
            }
        }
    }
}
