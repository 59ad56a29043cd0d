namespace Whittle;

public abstract partial class CompiledNetwork
{
    /// <summary>
    /// Runs the kernels of a network's layers. Every product of a layer passes through here, the one place where the work
    /// of a layer can be split over panels or rows.
    /// </summary>
    internal sealed unsafe class LayerRunner(CompiledNetwork network, ParameterLayout layout)
    {
        private readonly int[] kernels = [.. network.Architecture.Layers.Select(layer => layer.Kernel)];

        /// <summary>Computes every layer's activations from the inputs in the workspace.</summary>
        /// <param name="parameters">The network's parameters.</param>
        /// <param name="workspace">Inputs at level 0; receives the activations.</param>
        /// <param name="rows">Rows of the batch.</param>
        public void Forward(float* parameters, Workspace workspace, int rows)
        {
            for (var layer = 0; layer < layout.Layers.Length; layer++)
            {
                var kernel = kernels[layer];
                if (rows == 1)
                {
                    workspace.NonZeroCounts[layer] = NonZeroList.Write(
                        workspace.Activations(layer), layout.Layers[layer].Inputs, workspace.NonZero(layer));
                    var single = Pass(parameters, workspace, layer, rows);
                    network.ForwardSingle(kernel, in single);
                }
                else
                {
                    var pass = Pass(parameters, workspace, layer, rows);
                    network.Forward(kernel, in pass);
                }
            }
        }

        /// <summary>Computes the gradients of the layer below from those of <paramref name="layer"/>.</summary>
        /// <param name="parameters">The network's parameters, before this step changes the layer's.</param>
        /// <param name="workspace">Holds activations and gradients.</param>
        /// <param name="layer">Any layer but the first.</param>
        /// <param name="rows">Rows of the batch.</param>
        public void InputGradient(float* parameters, Workspace workspace, int layer, int rows)
        {
            var pass = Pass(parameters, workspace, layer, rows);
            pass.InputGradient = ref *workspace.Gradients(layer - 1);
            pass.End = (nuint)layout.Layers[layer].Inputs;
            network.InputGradient(kernels[layer], in pass);
        }

        /// <summary>Computes the gradient of a layer's parameters and updates them.</summary>
        /// <param name="rule">The update rule of this step.</param>
        /// <param name="parameters">The network's parameters.</param>
        /// <param name="firstMoments">First moments in the parameters' layout; null if the rule has none.</param>
        /// <param name="secondMoments">Second moments; null if the rule has fewer than two.</param>
        /// <param name="workspace">Holds activations and gradients.</param>
        /// <param name="layer">The layer.</param>
        /// <param name="rows">Rows of the batch.</param>
        public void WeightGradient<TRule>(
            scoped ref readonly TRule rule, float* parameters, float* firstMoments, float* secondMoments, Workspace workspace, int layer, int rows)
            where TRule : struct, IUpdateRule
        {
            var pass = Pass(parameters, workspace, layer, rows);
            var offset = layout.Layers[layer].Offset;
            // A rule without moments never reads them; its references stay on memory that exists.
            pass.FirstMoment = ref *((firstMoments == null ? parameters : firstMoments) + offset);
            pass.SecondMoment = ref *((secondMoments == null ? parameters : secondMoments) + offset);
            var kernel = kernels[layer];
            if (rows == 1 && TRule.SkipsZeroGradient)
            {
                network.WeightGradientSingle(kernel, in rule, in pass);
            }
            else
            {
                network.WeightGradient(kernel, in rule, in pass);
            }
        }

        private LayerPass Pass(float* parameters, Workspace workspace, int layer, int rows) => new()
        {
            Input = ref *workspace.Activations(layer),
            Parameters = ref *(parameters + layout.Layers[layer].Offset),
            Output = ref *workspace.Activations(layer + 1),
            OutputGradient = ref *workspace.Gradients(layer),
            NonZero = ref *workspace.NonZero(layer),
            NonZeroCount = rows == 1 ? (nuint)workspace.NonZeroCounts[layer] : 0,
            InputStride = workspace.Stride(layer),
            OutputStride = workspace.Stride(layer + 1),
            Rows = (nuint)rows,
            Begin = 0,
            End = (nuint)layout.Layers[layer].Panels,
        };
    }
}
