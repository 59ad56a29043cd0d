using System.Numerics.Tensors;

namespace Whittle;

public abstract partial class CompiledNetwork
{
    /// <content>Forward products that are estimated from some of a layer's inputs.</content>
    internal sealed unsafe partial class LayerRunner
    {
        private void ForwardSampled(float* parameters, Workspace workspace, int layer, int rows, SampledLayers sampling, InputSelection selection)
        {
            var inputs = DrawInputs(parameters, workspace, layer, rows, sampling, selection);
            if (rows > 1)
            {
                Pack(inputs, selection.Sample, workspace.PackedInputs, workspace.Stride(layer));
                var work = new ListedForwardWork(new LayerWork(this, parameters, workspace, layer, rows), workspace.PackedInputs, selection.Sample);
                ThreadTeam.Shared.Run(ref work, Parts(workspace, rows, (long)rows * selection.Sample.Count * layout.Layers[layer].Outputs));
                return;
            }

            // The backward pass of a single row is exact and walks over these.
            workspace.NonZeroCounts[layer] = ListInputs(workspace, layer);
            Weigh(inputs[0], selection.Sample, new Span<float>(workspace.PackedInputs, inputs[0].Length));
            var pass = Pass(parameters, workspace, layer, rows);
            pass.Input = ref *workspace.PackedInputs;
            pass.NonZero = ref selection.Sample.FirstIndex;
            pass.NonZeroCount = (nuint)selection.Sample.Count;
            network.ForwardSingle(kernels[layer], in pass);
        }

        /// <summary>The product of a layer with a row of parameters for each node, from some of its inputs.</summary>
        private void ForwardFromSample(float* parameters, Workspace workspace, int layer, int rows, SampledLayers sampling, InputSelection selection)
        {
            var inputs = DrawInputs(parameters, workspace, layer, rows, sampling, selection);
            Pack(inputs, selection.Sample, workspace.PackedInputs, workspace.Stride(layer));
            var work = new NodesFromSampleWork(new LayerWork(this, parameters, workspace, layer, rows), allNodes[layer]!, selection.Sample);
            ThreadTeam.Shared.Run(ref work, Parts(workspace, rows, (long)rows * selection.Sample.Count * layout.Layers[layer].Outputs));
        }

        private MatrixRows DrawInputs(float* parameters, Workspace workspace, int layer, int rows, SampledLayers sampling, InputSelection selection)
        {
            var norms = sampling[layer]!.InputNorms;
            norms?.Advance(parameters);
            var inputs = new MatrixRows(workspace.Activations(layer), workspace.Stride(layer), layout.Layers[layer].Inputs, rows);
            var random = sampling.ProductStream(layer, KernelProduct.Forward);
            selection.DrawColumns(inputs, norms is null ? default : norms.Values, ref random);
            TakeNote(workspace, layer, KernelProduct.Forward, selection);
            return inputs;
        }

        private static void TakeNote(Workspace workspace, int layer, KernelProduct product, InputSelection selection)
        {
            if (workspace.Recorder is { } recorder)
            {
                recorder.Lap(layer, StepPart.Choosing);
                recorder.CountProduct(layer, product, selection);
            }
        }

        private struct NodesFromSampleWork(LayerWork layer, IndexSample nodes, IndexSample inputs) : IParallelWork
        {
            public readonly void Run(int part, int parts)
            {
                var pass = layer.Nodes(nodes, part, parts);
                pass.Input = ref *layer.Workspace.PackedInputs;
                pass.NonZero = ref inputs.FirstIndex;
                pass.NonZeroCount = (nuint)inputs.Count;
                layer.Network.Forward(layer.Kernel, in pass);
            }
        }

        /// <summary>The columns that a sample names, weighed, side by side.</summary>
        private static void Pack(MatrixRows rows, IndexSample sample, float* target, nuint stride)
        {
            for (var row = 0; row < rows.Count; row++)
            {
                var packed = new Span<float>(target + ((nuint)row * stride), sample.Count);
                Gather(rows[row], sample.Indices, packed);
                TensorPrimitives.Multiply(packed, sample.Weights, packed);
            }
        }
    }
}
