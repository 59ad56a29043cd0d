namespace Whittle;

public abstract partial class CompiledNetwork
{
    /// <summary>
    /// Runs the kernels of a network's layers. Every product of a layer passes through here, the one place where the work
    /// of a layer is split over threads: by panels, so that each result is computed by one thread and has the same bits
    /// whatever their number.
    /// </summary>
    internal sealed unsafe partial class LayerRunner
    {
        /// <summary>Multiply-adds of a product from which a fork and a join cost little beside it.</summary>
        private const long WorthSplitting = 400_000;

        private readonly CompiledNetwork network;
        private readonly ParameterLayout layout;
        private readonly IReadOnlyList<LayerDescription> layers;
        private readonly int[] kernels;
        private readonly long largestProduct;
        private readonly IndexSample?[] allNodes;
        private readonly IndexSample?[] allInputs;
        private readonly IndexSample? allEntries;

        /// <summary>Prepares the runs of a network.</summary>
        public LayerRunner(CompiledNetwork network, ParameterLayout layout)
        {
            (this.network, this.layout, layers) = (network, layout, network.Architecture.Layers);
            IsFused = network.IsFused;
            largestProduct = layers.Max(layer => (long)layer.Inputs * layer.Outputs);
            kernels = [.. layers.Select(layer => layer.Kernel)];
            allNodes = [.. layers.Select(layer => layer.InNodeRows ? All(layer.Outputs) : null)];
            allEntries = layout.SkipsZeros(0) ? AllEntries(layers[0].Inputs, layout.Width) : null;
            allInputs = [.. layers.Select(layer => layer is { InNodeRows: false, InputSampling: not null } ? All(layer.Inputs) : null)];
        }

        /// <summary>All nodes of a layer with a row of parameters for each.</summary>
        public IndexSample AllNodes(int layer) => allNodes[layer]!;

        /// <summary>Computes every layer's activations from the inputs in the workspace.</summary>
        /// <param name="parameters">The network's parameters.</param>
        /// <param name="workspace">Inputs at level 0; receives the activations.</param>
        /// <param name="rows">Rows of the batch.</param>
        /// <param name="sampling">The sampling of the layers, begun for this batch; null where all are exact.</param>
        /// <param name="predicts">Whether exact layers are scaled to what training saw, where their inference says so.</param>
        public void Forward(float* parameters, Workspace workspace, int rows, SampledLayers? sampling = null, bool predicts = false)
        {
            if (IsFused)
            {
                ForwardFused(parameters, ref *workspace.Activations(0), workspace.Stride(0), workspace, rows);
                return;
            }

            workspace.UsedInputs?.Clear();
            for (var layer = 0; layer < layers.Count; layer++)
            {
                if (layout.Layers[layer].InNodeRows)
                {
                    ForwardNodes(parameters, workspace, layer, rows, sampling, predicts);
                }
                else if (sampling?[layer]?.Forward is { } selection)
                {
                    ForwardSampled(parameters, workspace, layer, rows, sampling, selection);
                }
                else if (rows == 1)
                {
                    workspace.NonZeroCounts[layer] = ListInputs(workspace, layer);
                    var single = Pass(parameters, workspace, layer, rows);
                    network.ForwardSingle(kernels[layer], in single);
                }
                else
                {
                    ForwardBatch(parameters, workspace, layer, rows);
                }

                if (layers[layer].Residual != 0)
                {
                    Residual.Add(layers[layer], workspace, layer, rows);
                }

                if (workspace.Recorder is { } recorder)
                {
                    recorder.Lap(layer, StepPart.Forward);
                    recorder.CountNodes(layer, layers[layer].Outputs, rows, sampling?[layer]?.Active);
                }
            }
        }

        /// <summary>Computes the hash codes of an input of a compiled layer.</summary>
        public void HashInput(int kernel, scoped ref readonly HashPass pass) => network.HashInput(kernel, in pass);

        /// <summary>Computes the hash codes of nodes of a compiled layer.</summary>
        public void HashNodes(int kernel, scoped ref readonly HashPass pass) => network.HashNodes(kernel, in pass);

        /// <summary>Ends a training step: tells the selection of sampled layers which nodes have changed.</summary>
        public void EndStep(float* parameters, Workspace workspace, int rows, SampledLayers? sampling)
        {
            for (var layer = 0; layer < layers.Count && sampling is not null; layer++)
            {
                if (sampling[layer]?.Active is { } active)
                {
                    sampling[layer]!.Selection!.EndStep(Parameters(parameters, layer), active.Union(rows).Indices, rows);
                    workspace.Recorder?.Lap(layer, StepPart.Choosing);
                }
            }

            sampling?.EndBatch(rows);
        }

        /// <summary>Computes the gradients of the layer below from those of <paramref name="layer"/>.</summary>
        /// <param name="parameters">The network's parameters, before this step changes the layer's.</param>
        /// <param name="workspace">Holds activations and gradients.</param>
        /// <param name="layer">Any layer but the first.</param>
        /// <param name="rows">Rows of the batch.</param>
        /// <param name="sampling">The sampling of the layers, as for the forward pass.</param>
        public void InputGradient(float* parameters, Workspace workspace, int layer, int rows, SampledLayers? sampling = null)
        {
            if (layout.Layers[layer].InNodeRows)
            {
                InputGradientOfNodes(parameters, workspace, layer, rows, sampling);
            }
            else if (rows == 1)
            {
                RunBackward(new UnchangedRule(), parameters, null, null, workspace, layer);
            }
            else
            {
                var work = new InputGradientWork(new LayerWork(this, parameters, workspace, layer, rows));
                ThreadTeam.Shared.Run(ref work, Parts(workspace, layer, rows));
            }

            FinishInputGradient(workspace, layer, rows, sampling);
            workspace.Recorder?.Lap(layer, StepPart.InputGradient);
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
        /// <param name="layer">A layer with <see cref="FusesBackward"/>.</param>
        /// <param name="sampling">The sampling of the layers, as for the forward pass.</param>
        public void Backward<TRule>(
            scoped in TRule rule, float* parameters, float* firstMoments, float* secondMoments, Workspace workspace, int layer, SampledLayers? sampling)
            where TRule : struct, IUpdateRule
        {
            RunBackward(in rule, parameters, firstMoments, secondMoments, workspace, layer);
            if (layer > 0)
            {
                FinishInputGradient(workspace, layer, rows: 1, sampling);
            }

            workspace.Recorder?.Lap(layer, StepPart.Update);
        }

        /// <summary>Whether <see cref="Backward"/> runs the layer: one whose nodes have rows walks lists that differ from product to product.</summary>
        public bool FusesBackward(int layer) => !layout.Layers[layer].InNodeRows;

        private void RunBackward<TRule>(
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
            pass.InputGradient = ref *GradientsBelow(workspace, layer);
            new Span<float>(GradientsBelow(workspace, layer), layout.Layers[layer].Inputs).Clear();
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
        /// <param name="sampling">The sampling of the layers, as for the forward pass.</param>
        /// <param name="missed">What rows of the layer have missed, to catch up on before their update; null for nothing.</param>
        public void WeightGradient<TRule>(
            scoped ref readonly TRule rule,
            float* parameters,
            float* firstMoments,
            float* secondMoments,
            Workspace workspace,
            int layer,
            int rows,
            SampledLayers? sampling = null,
            MissedSteps? missed = null)
            where TRule : struct, IUpdateRule
        {
            var moments = new LayerMoments(parameters, firstMoments, secondMoments, layout.Layers[layer].Offset);
            if (layout.Layers[layer].InNodeRows)
            {
                WeightGradientOfNodes(in rule, parameters, moments, workspace, layer, rows, sampling, missed);
            }
            else if (layout.SkipsZeros(layer))
            {
                WeightGradientListed(in rule, parameters, moments, workspace, layer, rows);
            }
            else
            {
                var layerWork = new LayerWork(this, parameters, workspace, layer, rows);
                var parts = Parts(workspace, layer, rows);
                if (layout.PacksInputs(layer))
                {
                    var packing = new BlocksWork(workspace.Activations(layer), workspace.Stride(layer), layout.Layers[layer].Inputs, rows, layout.Width, workspace.InputBlocks);
                    ThreadTeam.Shared.Run(ref packing, parts);
                }

                var work = new WeightGradientWork<TRule>(layerWork, rule, moments);
                ThreadTeam.Shared.Run(ref work, parts);
            }

            workspace.Recorder?.Lap(layer, StepPart.Update);
        }

        /// <summary>What follows the product: residual connections, and the weights of sampled nodes below.</summary>
        private void FinishInputGradient(Workspace workspace, int layer, int rows, SampledLayers? sampling)
        {
            if (layers[layer].Residual != 0 || layers[layer - 1].Residual != 0)
            {
                Residual.Propagate(layers[layer].Residual, layers[layer - 1], workspace, layer, rows);
            }

            if (sampling?[layer - 1]?.Active is { } below && layers[layer - 1].NodeSampling!.Scaling == NodeScaling.InverseProbability)
            {
                ScaleGradients(workspace, layer - 1, rows, below);
            }
        }

        private static IndexSample All(int nodes)
        {
            var all = new IndexSample(nodes);
            all.AddAll(nodes);
            return all;
        }

        /// <summary>Where an input gradient goes: dL/dz of the layer below, or dL/da where that has a residual connection.</summary>
        private float* GradientsBelow(Workspace workspace, int layer) =>
            layers[layer - 1].Residual != 0 ? workspace.OutputGradients(layer - 1) : workspace.Gradients(layer - 1);

        private int Parts(Workspace workspace, int layer, int rows)
        {
            var shape = layout.Layers[layer];
            return Parts(workspace, rows, (long)rows * shape.Inputs * shape.Outputs);
        }

        private static int Parts(Workspace workspace, int rows, long multiplyAdds) => rows == 1 || multiplyAdds < WorthSplitting ? 1 : workspace.Threads;

        private LayerPass Pass(float* parameters, Workspace workspace, int layer, int rows) => new()
        {
            Input = ref *workspace.Activations(layer),
            Parameters = ref *(parameters + layout.Layers[layer].Offset),
            Output = ref *workspace.Outputs(layer),
            OutputGradient = ref *workspace.Gradients(layer),
            NonZero = ref *workspace.NonZero(layer),
            NonZeroCount = rows == 1 ? (nuint)workspace.NonZeroCounts[layer] : 0,
            Rows = (nuint)rows,
            Begin = 0,
            End = (nuint)layout.Layers[layer].Panels,
        };

        private LayerPass UpdatePass(float* parameters, float* firstMoments, float* secondMoments, Workspace workspace, int layer, int rows)
        {
            var moments = new LayerMoments(parameters, firstMoments, secondMoments, layout.Layers[layer].Offset);
            var pass = Pass(parameters, workspace, layer, rows);
            pass.FirstMoment = ref *moments.First;
            pass.SecondMoment = ref *moments.Second;
            return pass;
        }

        /// <summary>Lists the inputs of a layer that matter: an output of ReLU that is zero neither counts nor has a gradient.</summary>
        private int ListInputs(Workspace workspace, int layer)
        {
            var inputs = layout.Layers[layer].Inputs;
            var indices = workspace.NonZero(layer);
            if (layer == 0 || layers[layer - 1] is { Activation: Activation.Relu, Residual: 0 })
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

        /// <summary>Copies of rows of inputs, whole blocks of them, for a weight gradient that reads them in its own order.</summary>
        private readonly struct BlocksWork(float* source, nuint stride, int count, int rows, int width, float* blocks) : IParallelWork
        {
            public void Run(int part, int parts)
            {
                var (begin, end) = Part(GradientPacking.Blocks(count, width), 1, part, parts);
                InputPacking.Run(source, stride, count, rows, GradientPacking.Height(width), blocks, (int)begin, (int)end);
            }
        }

        private struct WeightGradientWork<TRule>(LayerWork layer, TRule rule, LayerMoments moments) : IParallelWork
            where TRule : struct, IUpdateRule
        {
            public readonly void Run(int part, int parts)
            {
                var pass = layer.Panels(part, parts);
                pass.PackedInput = ref *layer.Workspace.InputBlocks;
                pass.PackedGradient = ref *layer.Workspace.Transposed(part);
                pass.FirstMoment = ref *moments.First;
                pass.SecondMoment = ref *moments.Second;
                var current = rule;
                layer.Network.WeightGradient(layer.Kernel, in current, in pass);
            }
        }
    }
}
