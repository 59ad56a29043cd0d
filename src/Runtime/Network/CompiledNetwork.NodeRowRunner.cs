using System.Numerics.Tensors;

namespace Whittle;

public abstract partial class CompiledNetwork
{
    /// <content>Layers with a row of parameters for each node: every product runs over a list of nodes, all of them where it is exact.</content>
    internal sealed unsafe partial class LayerRunner
    {
        private void ForwardNodes(float* parameters, Workspace workspace, int layer, int rows, SampledLayers? sampling, bool predicts)
        {
            ClearPadding(workspace, layer, rows);
            ListPairs(workspace, layer, rows, sampling);
            if (sampling?[layer]?.Forward is { } inputs)
            {
                ForwardFromSample(parameters, workspace, layer, rows, sampling, inputs);
                return;
            }

            if (sampling?[layer]?.Active is not { } active)
            {
                RunForward(parameters, workspace, layer, rows);
                for (var row = 0; row < rows; row++)
                {
                    FinishExact(workspace, layer, Output(workspace, layer, row), predicts);
                }

                return;
            }

            var selection = sampling[layer]!.Selection!;
            var missed = sampling[layer]!.Missed;
            var recorder = workspace.Recorder;
            if (selection.NeedsPreactivations)
            {
                missed?.CatchUpWeights(parameters, allNodes[layer]!.Indices);
                recorder?.Lap(layer, StepPart.Update);
            }

            selection.BeginStep(Parameters(parameters, layer), workspace.Row(layer, (int)(sampling.Step % rows), layout.Layers[layer].Inputs));
            if (selection.NeedsPreactivations)
            {
                recorder?.Lap(layer, StepPart.Choosing);
                RunForward(parameters, workspace, layer, rows);
                recorder?.Lap(layer, StepPart.Forward);
                Select(workspace, layer, rows, sampling, active, selection);
            }
            else
            {
                Select(workspace, layer, rows, sampling, active, selection);
                missed?.CatchUpWeights(parameters, active.Union(rows).Indices);
                recorder?.Lap(layer, StepPart.Update);
                for (var row = 0; row < rows; row++)
                {
                    Output(workspace, layer, row).Fill(InactiveOutput(layer));
                }

                RunForward(parameters, workspace, layer, rows, active);
            }

            FinishForward(parameters, workspace, layer, rows, sampling, active, selection);
        }

        /// <summary>What follows an exact product: the activation function that no kernel has fused, and the mean share of training.</summary>
        private void FinishExact(Workspace workspace, int layer, Span<float> output, bool predicts)
        {
            var description = layers[layer];
            var shares = predicts && layer < layers.Count - 1 && description.PredictsMeanShare ? description.NodeSampling : null;
            var adaptive = workspace.NodeValues[..output.Length];
            if (shares is { Selector: NodeSelector.Adaptive })
            {
                TensorPrimitives.Multiply(output, shares.Alpha, adaptive);
                TensorPrimitives.Add(adaptive, shares.Beta, adaptive);
                TensorPrimitives.Sigmoid(adaptive, adaptive);
            }

            if (description.ComputesPreactivations)
            {
                ActivationFunction.Apply(description, output);
            }

            switch (shares?.Selector)
            {
                case NodeSelector.Adaptive:
                    TensorPrimitives.Multiply(output, adaptive, output);
                    break;
                case not null:
                    TensorPrimitives.Multiply(output, (float)shares.Active(output.Length) / output.Length, output);
                    break;
            }
        }

        private void Select(Workspace workspace, int layer, int rows, SampledLayers sampling, ActiveNodes active, NodeSelection selection)
        {
            for (var set = 0; set < (active.IsShared ? 1 : rows); set++)
            {
                var random = sampling.NodeStream(layer, set);
                selection.Select(Choice(workspace, layer, set, sampling, active, selection), ref random, active[set]);
                if (selection.Query is { } query)
                {
                    workspace.Recorder?.CountQuery(layer, query);
                }
            }

            workspace.Recorder?.Lap(layer, StepPart.Choosing);
        }

        private NodeChoice Choice(Workspace workspace, int layer, int row, SampledLayers sampling, ActiveNodes active, NodeSelection selection)
        {
            var input = workspace.Row(layer, row, layout.Layers[layer].Inputs);
            var nonZero = new ReadOnlySpan<int>(workspace.NonZero(layer), selection.NeedsNonZero
                ? NonZeroList.Write(workspace.Activations(layer) + ((nuint)row * workspace.Stride(layer)), input.Length, workspace.NonZero(layer))
                : 0);
            return new NodeChoice(input, nonZero, Output(workspace, layer, row), sampling.Forced(layer, active.IsShared ? -1 : row));
        }

        /// <summary>What follows the products: weights told from z, activation functions that no kernel has fused, scaling, nothing at inactive nodes.</summary>
        private void FinishForward(
            float* parameters, Workspace workspace, int layer, int rows, SampledLayers sampling, ActiveNodes active, NodeSelection selection)
        {
            var scales = layers[layer].NodeSampling!.Scaling == NodeScaling.InverseProbability;
            if (!scales && !selection.NeedsPreactivations)
            {
                return;
            }

            for (var row = 0; row < rows; row++)
            {
                var sample = active[row];
                var output = Output(workspace, layer, row);
                if (selection.WeighsByPreactivations)
                {
                    workspace.Recorder?.Lap(layer, StepPart.Forward);
                    selection.Weigh(Parameters(parameters, layer), Choice(workspace, layer, row, sampling, active, selection), sample);
                    workspace.Recorder?.Lap(layer, StepPart.Choosing);
                }

                var values = new Span<float>(workspace.PackedGradients, sample.Count);
                Gather(output, sample.Indices, values);
                if (layers[layer].ComputesPreactivations)
                {
                    ActivationFunction.Apply(layers[layer], values);
                }

                if (scales)
                {
                    TensorPrimitives.Multiply(values, sample.Weights, values);
                }

                if (selection.NeedsPreactivations)
                {
                    output.Fill(InactiveOutput(layer));
                }

                Scatter(values, sample.Indices, output);
            }
        }

        private void InputGradientOfNodes(float* parameters, Workspace workspace, int layer, int rows, SampledLayers? sampling)
        {
            var state = sampling?[layer];
            if (state?.Active is { } pairs && HasPairs(workspace, layer))
            {
                InputGradientOfPairs(parameters, workspace, layer, pairs[0]);
            }
            else if (state?.Active is { } active)
            {
                RunInputGradient(parameters, workspace, layer, rows, active);
            }
            else if (state?.InputGradient is { } selection)
            {
                var gradients = Gradients(workspace, layer, rows);
                var norms = state.NodeNorms;
                norms?.Advance(parameters);
                var random = sampling!.ProductStream(layer, KernelProduct.InputGradient);
                selection.DrawColumns(gradients, norms is null ? default : norms.Values, ref random);
                TakeNote(workspace, layer, KernelProduct.InputGradient, selection);
                if (rows == 1)
                {
                    Weigh(gradients[0], selection.Sample, new Span<float>(workspace.PackedGradients, gradients[0].Length));
                }
                else
                {
                    Pack(gradients, selection.Sample, workspace.PackedGradients, workspace.Stride(layer + 1));
                }

                RunInputGradient(parameters, workspace, layer, rows, workspace.PackedGradients, selection.Sample);
            }
            else
            {
                RunInputGradient(parameters, workspace, layer, rows, workspace.Gradients(layer), rows == 1 ? NodesWithGradient(workspace, layer) : allNodes[layer]!);
            }
        }

        /// <summary>dL/df(z) to dL/dz / w where the forward pass multiplied f(z) with the weights w of the active nodes.</summary>
        private void ScaleGradients(Workspace workspace, int layer, int rows, ActiveNodes active)
        {
            for (var row = 0; row < rows; row++)
            {
                var gradients = new Span<float>(workspace.Gradients(layer) + ((nuint)row * workspace.Stride(layer + 1)), layout.Layers[layer].Outputs);
                Weigh(gradients, active[row], gradients);
            }
        }

        /// <summary>The nodes of a single row whose gradient is not zero: the others add nothing.</summary>
        private IndexSample NodesWithGradient(Workspace workspace, int layer)
        {
            var nodes = workspace.NodesWithGradient;
            fixed (int* indices = &nodes.FirstIndex)
            {
                nodes.Complete(NonZeroList.Write(workspace.Gradients(layer), layout.Layers[layer].Outputs, indices));
            }

            return nodes;
        }

        /// <summary>The exact product for every node.</summary>
        private void RunForward(float* parameters, Workspace workspace, int layer, int rows)
        {
            var work = new LayerWork(this, parameters, workspace, layer, rows);
            RunForward(work, new NodeForwardWork(work, workspace.Outputs(layer), allNodes[layer]!), allNodes[layer]!);
        }

        /// <summary>The exact product for nodes that all rows share.</summary>
        private void RunForward(float* parameters, Workspace workspace, int layer, int rows, IndexSample nodes)
        {
            // A batch's results lie in the order of the list; gradients are not needed yet, so there is room.
            var packed = rows == 1 ? workspace.Outputs(layer) : workspace.PackedGradients;
            var work = new LayerWork(this, parameters, workspace, layer, rows);
            RunForward(work, new NodeForwardWork(work, packed, nodes), nodes);
            for (var row = 0; row < rows && rows > 1; row++)
            {
                Scatter(new ReadOnlySpan<float>(packed + ((nuint)row * workspace.Stride(layer + 1)), nodes.Count), nodes.Indices, Output(workspace, layer, row));
            }
        }

        private static void RunForward(LayerWork layer, NodeForwardWork work, IndexSample nodes) =>
            ThreadTeam.Shared.Run(ref work, Parts(layer.Workspace, layer.Rows, (long)layer.Rows * layer.Shape.Inputs * nodes.Count));

        private void RunForward(float* parameters, Workspace workspace, int layer, int rows, ActiveNodes active)
        {
            if (HasPairs(workspace, layer))
            {
                ForwardPairs(parameters, workspace, layer, active[0]);
                return;
            }

            if (active.IsShared)
            {
                RunForward(parameters, workspace, layer, rows, active[0]);
                return;
            }

            var work = new SampleForwardWork(new LayerWork(this, parameters, workspace, layer, rows), active);
            ThreadTeam.Shared.Run(ref work, Parts(workspace, rows, (long)rows * layout.Layers[layer].Inputs * active[0].Count));
        }

        private void RunInputGradient(float* parameters, Workspace workspace, int layer, int rows, ActiveNodes active)
        {
            if (active.IsShared)
            {
                var gradients = workspace.Gradients(layer);
                if (rows > 1)
                {
                    gradients = workspace.PackedGradients;
                    for (var row = 0; row < rows; row++)
                    {
                        var start = (nuint)row * workspace.Stride(layer + 1);
                        Gather(Gradients(workspace, layer, rows)[row], active[0].Indices, new Span<float>(gradients + start, active[0].Count));
                    }
                }

                RunInputGradient(parameters, workspace, layer, rows, gradients, active[0]);
                return;
            }

            var work = new SampleInputGradientWork(new LayerWork(this, parameters, workspace, layer, rows), active);
            ThreadTeam.Shared.Run(ref work, Parts(workspace, rows, (long)rows * layout.Layers[layer].Inputs * active[0].Count));
        }

        /// <summary>Runs over a list of nodes, in whose order the gradients of a batch lie; those of a single row lie at their nodes.</summary>
        private void RunInputGradient(float* parameters, Workspace workspace, int layer, int rows, float* gradients, IndexSample nodes)
        {
            var work = new NodeInputGradientWork(new LayerWork(this, parameters, workspace, layer, rows), gradients, nodes);
            ThreadTeam.Shared.Run(ref work, Parts(workspace, rows, (long)rows * layout.Layers[layer].Inputs * nodes.Count));
        }

        /// <summary>The kernels read whole vectors of inputs, and updates would carry what is not zero into the padding of the weights.</summary>
        private void ClearPadding(Workspace workspace, int layer, int rows)
        {
            var inputs = layout.Layers[layer].Inputs;
            if (layer == 0 || layers[layer - 1] is not { Activation: Activation.Sigmoid, Residual: 0 })
            {
                return;
            }

            for (var row = 0; row < rows; row++)
            {
                workspace.PaddedRow(layer, row)[inputs..].Clear();
            }
        }

        /// <summary>An inactive node is 0, and on an output layer, whose loss runs over the active ones, a logit of probability 0.</summary>
        private float InactiveOutput(int layer) => layer == layers.Count - 1 ? float.NegativeInfinity : 0;

        private Span<float> Output(Workspace workspace, int layer, int row) =>
            new(workspace.Outputs(layer) + ((nuint)row * workspace.Stride(layer + 1)), layout.Layers[layer].Outputs);

        private MatrixRows Gradients(Workspace workspace, int layer, int rows) =>
            new(workspace.Gradients(layer), workspace.Stride(layer + 1), layout.Layers[layer].Outputs, rows);

        /// <summary>A layer's parameters by node.</summary>
        public NodeRows Parameters(float* parameters, int layer)
        {
            var shape = layout.Layers[layer];
            var first = parameters + shape.Offset;
            return new NodeRows(first, (nint)shape.RowStride, shape.Inputs, first + shape.Bias(0), (nint)shape.RowStride);
        }

        private static void Gather(ReadOnlySpan<float> source, ReadOnlySpan<int> indices, Span<float> values)
        {
            for (var entry = 0; entry < indices.Length; entry++)
            {
                values[entry] = source[indices[entry]];
            }
        }

        private static void Scatter(ReadOnlySpan<float> values, ReadOnlySpan<int> indices, Span<float> target)
        {
            for (var entry = 0; entry < indices.Length; entry++)
            {
                target[indices[entry]] = values[entry];
            }
        }

        /// <summary>Weighs the elements that a sample names, each at its own place.</summary>
        private static void Weigh(ReadOnlySpan<float> source, IndexSample sample, Span<float> target)
        {
            var weights = sample.Weights;
            var indices = sample.Indices;
            for (var entry = 0; entry < indices.Length; entry++)
            {
                target[indices[entry]] = source[indices[entry]] * weights[entry];
            }
        }

        /// <summary>Forward products of nodes that all rows share: panels of them for a batch, one by one for a single row.</summary>
        private struct NodeForwardWork(LayerWork layer, float* output, IndexSample nodes) : IParallelWork
        {
            public readonly void Run(int part, int parts)
            {
                var pass = layer.Nodes(nodes, part, parts);
                pass.Output = ref *output;
                layer.RunForward(in pass);
            }
        }

        private struct NodeInputGradientWork(LayerWork layer, float* gradients, IndexSample nodes) : IParallelWork
        {
            public readonly void Run(int part, int parts)
            {
                var pass = layer.Panels(part, parts);
                pass.OutputGradient = ref *gradients;
                pass.InputGradient = ref *layer.GradientsBelow;
                pass.Nodes = ref nodes.FirstIndex;
                pass.NodeCount = (nuint)nodes.Count;
                layer.RunInputGradient(in pass);
            }
        }

        /// <summary>Forward products of samples whose sets differ, one by one.</summary>
        private struct SampleForwardWork(LayerWork layer, ActiveNodes active) : IParallelWork
        {
            public readonly void Run(int part, int parts)
            {
                var (begin, end) = Part(layer.Rows, 1, part, parts);
                for (var row = (int)begin; row < (int)end; row++)
                {
                    var pass = layer.Row(row);
                    pass.Nodes = ref active[row].FirstIndex;
                    pass.NodeCount = (nuint)active[row].Count;
                    layer.RunForward(in pass);
                }
            }
        }

        private struct SampleInputGradientWork(LayerWork layer, ActiveNodes active) : IParallelWork
        {
            public readonly void Run(int part, int parts)
            {
                var (begin, end) = Part(layer.Rows, 1, part, parts);
                for (var row = (int)begin; row < (int)end; row++)
                {
                    var pass = layer.Row(row);
                    pass.Nodes = ref active[row].FirstIndex;
                    pass.NodeCount = (nuint)active[row].Count;
                    layer.RunInputGradient(in pass);
                }
            }
        }
    }
}
