namespace Whittle;

public abstract partial class CompiledNetwork
{
    /// <content>Forward products that are estimated from some of a layer's inputs.</content>
    internal sealed unsafe partial class LayerRunner
    {
        /// <summary>Panels that one tile over an index list computes: a smaller one adds in another order.</summary>
        private const int PanelsOfTile = 4;

        private void ForwardSampled(float* parameters, Workspace workspace, int layer, int rows, SampledLayers sampling, InputSelection selection)
        {
            if (rows == 1)
            {
                // The backward pass of a single row is exact and walks over these.
                workspace.NonZeroCounts[layer] = ListInputs(workspace, layer);
            }

            var norms = sampling[layer]!.Norms!;
            norms.Advance(parameters);
            var inputs = new MatrixRows(workspace.Activations(layer), workspace.Stride(layer), layout.Layers[layer].Inputs, rows);
            var random = sampling.ProductStream(layer, KernelProduct.Forward);
            selection.DrawColumns(inputs, norms.Values, ref random);
            for (var row = 0; row < rows; row++)
            {
                Weigh(inputs[row], selection.Sample, new Span<float>(workspace.PackedInputs + ((nuint)row * workspace.Stride(layer)), inputs[row].Length));
            }

            var work = new SampledForwardWork(new LayerWork(this, parameters, workspace, layer, rows), selection.Sample);
            ThreadTeam.Shared.Run(ref work, Parts(workspace, rows, (long)rows * selection.Sample.Count * layout.Layers[layer].Outputs));
        }

        private struct SampledForwardWork(LayerWork layer, IndexSample inputs) : IParallelWork
        {
            public readonly void Run(int part, int parts)
            {
                var (begin, end) = Part(layer.Shape.Panels, PanelsOfTile, part, parts);
                for (var row = 0; row < layer.Rows; row++)
                {
                    var pass = layer.Row(row);
                    pass.Input = ref *(layer.Workspace.PackedInputs + ((nuint)row * layer.InputStride));
                    pass.NonZero = ref inputs.FirstIndex;
                    pass.NonZeroCount = (nuint)inputs.Count;
                    (pass.Begin, pass.End) = (begin, end);
                    layer.Network.ForwardSingle(layer.Kernel, in pass);
                }
            }
        }
    }
}
