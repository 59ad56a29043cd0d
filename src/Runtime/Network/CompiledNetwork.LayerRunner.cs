namespace Whittle;

public abstract partial class CompiledNetwork
{
    /// <summary>
    /// Runs the kernels of a network's layers. Every product of a layer passes through here, the one place where the work
    /// of a layer is split over threads: by panels, so that each result is computed by one thread and has the same bits
    /// whatever their number.
    /// </summary>
    internal sealed unsafe class LayerRunner(CompiledNetwork network, ParameterLayout layout)
    {
        /// <summary>Multiply-adds of a product from which a fork and a join cost little beside it.</summary>
        private const long WorthSplitting = 400_000;

        private readonly int[] kernels = [.. network.Architecture.Layers.Select(layer => layer.Kernel)];

        private CompiledNetwork Owner => network;

        private ParameterLayout Layout => layout;

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
                    workspace.NonZeroCounts[layer] = ListInputs(workspace, layer);
                    var single = Pass(parameters, workspace, layer, rows);
                    network.ForwardSingle(kernel, in single);
                }
                else
                {
                    var work = new ForwardWork(new LayerWork(this, parameters, workspace, layer, rows));
                    ThreadTeam.Shared.Run(ref work, Parts(workspace, layer, rows));
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
            if (rows == 1)
            {
                Backward(new UnchangedRule(), parameters, null, null, workspace, layer);
                return;
            }

            var work = new InputGradientWork(new LayerWork(this, parameters, workspace, layer, rows));
            ThreadTeam.Shared.Run(ref work, Parts(workspace, layer, rows));
        }

        /// <summary>
        /// For one row: computes the gradients of the layer below, if there is one, and updates the parameters in the same pass
        /// over them. The rule leaves what has no gradient unmoved.
        /// </summary>
        /// <param name="rule">The update rule of this step.</param>
        /// <param name="parameters">The network's parameters.</param>
        /// <param name="firstMoments">First moments in the parameters' layout; null if the rule has none.</param>
        /// <param name="secondMoments">Second moments; null if the rule has fewer than two.</param>
        /// <param name="workspace">Holds activations and gradients.</param>
        /// <param name="layer">The layer.</param>
        public void Backward<TRule>(
            scoped in TRule rule, float* parameters, float* firstMoments, float* secondMoments, Workspace workspace, int layer)
            where TRule : struct, IUpdateRule
        {
            var pass = UpdatePass(parameters, firstMoments, secondMoments, workspace, layer, rows: 1);
            if (layer == 0)
            {
                network.WeightGradientSingle(kernels[layer], in rule, in pass);
                return;
            }

            // Inputs that are not listed have no gradient.
            pass.InputGradient = ref *workspace.Gradients(layer - 1);
            new Span<float>(workspace.Gradients(layer - 1), layout.Layers[layer].Inputs).Clear();
            network.BackwardSingle(kernels[layer], in rule, in pass);
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
            var work = new WeightGradientWork<TRule>(new LayerWork(this, parameters, workspace, layer, rows), rule, firstMoments, secondMoments);
            ThreadTeam.Shared.Run(ref work, Parts(workspace, layer, rows));
        }

        private int Parts(Workspace workspace, int layer, int rows)
        {
            var shape = layout.Layers[layer];
            return rows == 1 || (long)rows * shape.Inputs * shape.Outputs < WorthSplitting ? 1 : workspace.Threads;
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

        private LayerPass UpdatePass(float* parameters, float* firstMoments, float* secondMoments, Workspace workspace, int layer, int rows)
        {
            var pass = Pass(parameters, workspace, layer, rows);
            var offset = layout.Layers[layer].Offset;

            // A rule without moments never reads them; its references stay on memory that exists.
            pass.FirstMoment = ref *((firstMoments == null ? parameters : firstMoments) + offset);
            pass.SecondMoment = ref *((secondMoments == null ? parameters : secondMoments) + offset);
            return pass;
        }

        /// <summary>Lists the inputs of a layer that matter: an output of ReLU that is zero neither counts nor has a gradient.</summary>
        private int ListInputs(Workspace workspace, int layer)
        {
            var inputs = layout.Layers[layer].Inputs;
            var indices = workspace.NonZero(layer);
            if (layer == 0 || network.Architecture.Layers[layer - 1].Activation == Activation.Relu)
            {
                return NonZeroList.Write(workspace.Activations(layer), inputs, indices);
            }

            for (var index = 0; index < inputs; index++)
            {
                indices[index] = index;
            }

            return inputs;
        }

        /// <summary>Part of a range: whole groups, the last one perhaps not full.</summary>
        private static (nuint Begin, nuint End) Part(int count, int group, int part, int parts)
        {
            var groups = (count + group - 1) / group;
            return ((nuint)(groups * part / parts * group), (nuint)Math.Min(groups * (part + 1) / parts * group, count));
        }

        /// <summary>A layer and the memory that a product of it runs on.</summary>
        private readonly struct LayerWork(LayerRunner runner, float* parameters, Workspace workspace, int layer, int rows)
        {
            public CompiledNetwork Network => runner.Owner;

            public int Kernel => runner.kernels[layer];

            /// <summary>The pass over one part of the layer's panels.</summary>
            public LayerPass Panels(int part, int parts)
            {
                var pass = runner.Pass(parameters, workspace, layer, rows);
                (pass.Begin, pass.End) = Part(runner.Layout.Layers[layer].Panels, 1, part, parts);
                return pass;
            }

            /// <summary>The same with moments.</summary>
            public LayerPass Panels(int part, int parts, float* firstMoments, float* secondMoments)
            {
                var pass = runner.UpdatePass(parameters, firstMoments, secondMoments, workspace, layer, rows);
                (pass.Begin, pass.End) = Part(runner.Layout.Layers[layer].Panels, 1, part, parts);
                return pass;
            }

            /// <summary>The pass over one part of the layer's inputs, whole panels of them.</summary>
            public LayerPass Inputs(int part, int parts)
            {
                var pass = runner.Pass(parameters, workspace, layer, rows);
                pass.InputGradient = ref *workspace.Gradients(layer - 1);
                pass.Transposed = ref *workspace.Transposed(part);
                (pass.Begin, pass.End) = Part(runner.Layout.Layers[layer].Inputs, runner.Layout.Width, part, parts);
                return pass;
            }
        }

        private struct ForwardWork(LayerWork layer) : IParallelWork
        {
            public readonly void Run(int part, int parts)
            {
                var pass = layer.Panels(part, parts);
                layer.Network.Forward(layer.Kernel, in pass);
            }
        }

        private struct InputGradientWork(LayerWork layer) : IParallelWork
        {
            public readonly void Run(int part, int parts)
            {
                var pass = layer.Inputs(part, parts);
                layer.Network.InputGradient(layer.Kernel, in pass);
            }
        }

        private struct WeightGradientWork<TRule>(LayerWork layer, TRule rule, float* firstMoments, float* secondMoments) : IParallelWork
            where TRule : struct, IUpdateRule
        {
            public readonly void Run(int part, int parts)
            {
                var pass = layer.Panels(part, parts, firstMoments, secondMoments);
                var current = rule;
                layer.Network.WeightGradient(layer.Kernel, in current, in pass);
            }
        }
    }
}
