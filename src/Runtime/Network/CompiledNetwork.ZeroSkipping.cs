using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Whittle;

public abstract partial class CompiledNetwork
{
    /// <content>Products of mini-batches that leave out inputs which are zero in every row.</content>
    internal sealed unsafe partial class LayerRunner
    {
        /// <summary>Rows after which a list is given up where these alone use most inputs; then after twice as many, and so on.</summary>
        private const int FirstLook = 4;

        private void ForwardBatch(float* parameters, Workspace workspace, int layer, int rows)
        {
            var product = new LayerWork(this, parameters, workspace, layer, rows);
            if (workspace.UsedInputs(layer) is { } used && ListUsedInputs(workspace, layer, rows, used))
            {
                PackUsedInputs(workspace, layer, rows, used);
                var work = new ListedForwardWork(product, workspace.PackedInputs, used);
                ThreadTeam.Shared.Run(ref work, Parts(workspace, rows, (long)rows * used.Count * layout.Layers[layer].Outputs));
            }
            else if (allInputs[layer] is { } all)
            {
                var work = new ListedForwardWork(product, workspace.Activations(layer), all);
                ThreadTeam.Shared.Run(ref work, Parts(workspace, layer, rows));
            }
            else
            {
                var work = new ForwardWork(product);
                ThreadTeam.Shared.Run(ref work, Parts(workspace, layer, rows));
            }
        }

        /// <summary>The update of a layer whose forward product ran over a list: inputs that are not in it have no gradient.</summary>
        private void WeightGradientListed<TRule>(
            scoped ref readonly TRule rule, float* parameters, LayerMoments moments, Workspace workspace, int layer, int rows, IndexSample used)
            where TRule : struct, IUpdateRule
        {
            var shape = layout.Layers[layer];
            PackUsedInputs(workspace, layer, rows, used);
            if (layout.PacksInputs(layer))
            {
                InputPacking.Run(
                    workspace.PackedInputs,
                    workspace.Stride(layer),
                    used.Count,
                    rows,
                    GradientPacking.Height(layout.Width),
                    workspace.InputBlocks,
                    0,
                    GradientPacking.Blocks(used.Count, layout.Width));
            }

            var work = new ListedWeightGradientWork<TRule>(new LayerWork(this, parameters, workspace, layer, rows), rule, moments, used);
            ThreadTeam.Shared.Run(ref work, Parts(workspace, rows, (long)rows * used.Count * shape.Outputs));
        }

        /// <summary>Lists the inputs that are not zero in every row, if they are few enough that a list takes less time.</summary>
        private bool ListUsedInputs(Workspace workspace, int layer, int rows, IndexSample used)
        {
            var (inputs, width) = (layout.Layers[layer].Inputs, layout.Width);
            var most = ZeroSkipping.Most(inputs);
            var bits = workspace.InputBits[..inputs];
            bits.Clear();
            var count = 0;
            fixed (int* indices = &used.FirstIndex)
            fixed (uint* start = bits)
            {
                for (int row = 0, look = FirstLook; row < rows && count <= most; look *= 2)
                {
                    for (; row < Math.Min(look, rows); row++)
                    {
                        TensorPrimitives.BitwiseOr(MemoryMarshal.Cast<float, uint>(workspace.Row(layer, row, inputs)), bits, bits);
                    }

                    count = NonZeroList.Write((float*)start, inputs, indices);
                }
            }

            if (count > most)
            {
                return false;
            }

            used.Complete(count);
            used.Room[count..ZeroSkipping.Entries(count, width)].Fill(inputs);
            return count > 0;
        }

        private static void PackUsedInputs(Workspace workspace, int layer, int rows, IndexSample used)
        {
            var work = new UsedInputsWork(workspace, layer, rows, used);
            ThreadTeam.Shared.Run(ref work, rows * used.Count < WorthSplitting / 8 ? 1 : workspace.Threads);
        }

        /// <summary>Copies of the listed inputs side by side, after them what <see cref="CompiledNetwork.WeightGradientListed"/> asks for.</summary>
        private readonly struct UsedInputsWork(Workspace workspace, int layer, int rows, IndexSample used) : IParallelWork
        {
            public void Run(int part, int parts)
            {
                var (begin, end) = Part(rows, 1, part, parts);
                var stride = workspace.Stride(layer);
                var indices = used.Indices;
                for (var row = begin; row < end; row++)
                {
                    var source = workspace.Activations(layer) + (row * stride);
                    var target = workspace.PackedInputs + (row * stride);
                    for (var entry = 0; entry < indices.Length; entry++)
                    {
                        target[entry] = source[indices[entry]];
                    }

                    target[indices.Length] = 1;
                    new Span<float>(target + indices.Length + 1, ZeroSkipping.MostPadding - 1).Clear();
                }
            }
        }

        /// <summary>Forward products of a batch from listed inputs.</summary>
        private struct ListedForwardWork(LayerWork layer, float* input, IndexSample inputs) : IParallelWork
        {
            public readonly void Run(int part, int parts)
            {
                var pass = layer.Panels(part, parts);
                pass.Input = ref *input;
                pass.NonZero = ref inputs.FirstIndex;
                pass.NonZeroCount = (nuint)inputs.Count;
                layer.Network.ForwardListed(layer.Kernel, in pass);
            }
        }

        private struct ListedWeightGradientWork<TRule>(LayerWork layer, TRule rule, LayerMoments moments, IndexSample used) : IParallelWork
            where TRule : struct, IUpdateRule
        {
            public readonly void Run(int part, int parts)
            {
                var pass = layer.Panels(part, parts);
                pass.Input = ref *layer.Workspace.PackedInputs;
                pass.PackedInput = ref *layer.Workspace.InputBlocks;
                pass.PackedGradient = ref *layer.Workspace.Transposed(part);
                pass.NonZero = ref used.FirstIndex;
                pass.NonZeroCount = (nuint)ZeroSkipping.Entries(used.Count, layer.Width);
                pass.FirstMoment = ref *moments.First;
                pass.SecondMoment = ref *moments.Second;
                var current = rule;
                layer.Network.WeightGradientListed(layer.Kernel, in current, in pass);
            }
        }
    }
}
