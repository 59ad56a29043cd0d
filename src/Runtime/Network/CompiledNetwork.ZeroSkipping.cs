using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

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
            if (layer == 0 && workspace.UsedInputs is { } used && ListUsedInputs(workspace, rows, used))
            {
                PackInputs(workspace, rows, used, workspace.Stride(0));
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

        /// <summary>The update of the first layer from copies of its inputs: those that the forward product has not listed have no gradient.</summary>
        private void WeightGradientListed<TRule>(
            scoped ref readonly TRule rule, float* parameters, LayerMoments moments, Workspace workspace, int layer, int rows)
            where TRule : struct, IUpdateRule
        {
            var (inputs, width) = (layout.Layers[layer].Inputs, layout.Width);
            var used = TRule.SkipsZeroGradient && workspace.UsedInputs is { Count: > 0 } listed ? listed : null;
            var count = used?.Count ?? inputs;
            var isPacked = used is not null || !layout.PacksInputs(layer);
            var source = isPacked ? workspace.PackedInputs : workspace.Activations(layer);
            var stride = isPacked ? layout.ListedStride : workspace.Stride(layer);
            if (isPacked)
            {
                PackInputs(workspace, rows, used ?? allEntries!, stride);
            }

            if (layout.PacksInputs(layer))
            {
                var packing = new BlocksWork(source, stride, count, rows, width, workspace.InputBlocks);
                ThreadTeam.Shared.Run(ref packing, (long)rows * count < WorthSplitting / 8 ? 1 : workspace.Threads);
            }

            var work = new ListedWeightGradientWork<TRule>(new LayerWork(this, parameters, workspace, layer, rows), rule, moments, used ?? allEntries!, source, stride);
            ThreadTeam.Shared.Run(ref work, Parts(workspace, rows, (long)rows * count * layout.Layers[layer].Outputs));
        }

        /// <summary>Lists the inputs that are not zero in every row, if they are few enough that a list takes less time.</summary>
        private bool ListUsedInputs(Workspace workspace, int rows, IndexSample used)
        {
            var inputs = layout.Inputs;
            var most = ZeroSkipping.Most(inputs);
            var bits = workspace.InputBits;
            bits.Clear();
            var count = 0;
            fixed (int* indices = &used.FirstIndex)
            fixed (uint* start = bits)
            {
                for (int row = 0, look = FirstLook; row < rows && count <= most; look *= 2)
                {
                    for (; row < Math.Min(look, rows); row++)
                    {
                        TensorPrimitives.BitwiseOr(MemoryMarshal.Cast<float, uint>(workspace.Row(0, row, inputs)), bits, bits);
                    }

                    count = NonZeroList.Write((float*)start, inputs, indices);
                }
            }

            if (count > most)
            {
                return false;
            }

            Complete(used, count, inputs, layout.Width);
            return count > 0;
        }

        private static IndexSample AllEntries(int inputs, int width)
        {
            var all = new IndexSample(inputs + ZeroSkipping.MostPadding);
            all.AddAll(inputs);
            Complete(all, inputs, inputs, width);
            return all;
        }

        /// <summary>Ends a list as <see cref="CompiledNetwork.WeightGradientListed"/> asks for.</summary>
        private static void Complete(IndexSample used, int count, int inputs, int width)
        {
            used.Complete(count);
            used.Room[count..ZeroSkipping.Entries(count, width)].Fill(inputs);
        }

        private static void PackInputs(Workspace workspace, int rows, IndexSample used, nuint stride)
        {
            var work = new PackingWork(workspace, rows, used, stride);
            ThreadTeam.Shared.Run(ref work, (long)rows * used.Count < WorthSplitting / 8 ? 1 : workspace.Threads);
        }

        /// <summary>Copies of the network's listed inputs side by side, after them, where there is room, what <see cref="CompiledNetwork.WeightGradientListed"/> asks for.</summary>
        private readonly struct PackingWork(Workspace workspace, int rows, IndexSample used, nuint stride) : IParallelWork
        {
            public void Run(int part, int parts)
            {
                var (begin, end) = Part(rows, 1, part, parts);
                var indices = used.Indices;
                for (var row = begin; row < end; row++)
                {
                    var source = workspace.Activations(0) + (row * workspace.Stride(0));
                    var target = workspace.PackedInputs + (row * stride);
                    for (var entry = 0; entry < indices.Length; entry++)
                    {
                        target[entry] = source[indices[entry]];
                    }

                    var rest = new Span<float>(target + indices.Length, (int)Math.Min(stride - (nuint)indices.Length, ZeroSkipping.MostPadding));
                    if (rest.Length > 0)
                    {
                        rest.Clear();
                        rest[0] = 1;
                    }
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

        private struct ListedWeightGradientWork<TRule>(LayerWork layer, TRule rule, LayerMoments moments, IndexSample used, float* values, nuint stride) : IParallelWork
            where TRule : struct, IUpdateRule
        {
            public readonly void Run(int part, int parts)
            {
                var pass = layer.Panels(part, parts);
                pass.Input = ref *layer.Workspace.PackedInputs;
                pass.PackedInput = ref *layer.Workspace.InputBlocks;
                pass.PackedGradient = ref *layer.Workspace.Transposed(part);
                pass.NonZero = ref used.FirstIndex;
                pass.FirstMoment = ref *moments.First;
                pass.SecondMoment = ref *moments.Second;
                var current = rule;
                var entries = ZeroSkipping.Entries(used.Count, layer.Width);
                if (TRule.SkipsZeroGradient)
                {
                    pass.NonZeroCount = (nuint)entries;
                    layer.Network.WeightGradientListed(layer.Kernel, in current, in pass);
                    return;
                }

                // What fills the last tile would be updated without a gradient: its rows are left for the end.
                var whole = entries - GradientPacking.Height(layer.Width);
                pass.NonZeroCount = (nuint)whole;
                layer.Network.WeightGradientListed(layer.Kernel, in current, in pass);
                for (var entry = whole; entry <= used.Count; entry++)
                {
                    UpdateRow(in current, in pass, entry);
                }
            }

            /// <summary>The update of one input's row of W, or of the biases, in the panels of a pass.</summary>
            private readonly void UpdateRow(ref readonly TRule current, scoped ref readonly LayerPass pass, int entry)
            {
                var (width, inputs) = ((nuint)layer.Width, layer.Shape.Inputs);
                for (var panel = pass.Begin; panel < pass.End; panel++)
                {
                    for (nuint lane = 0; lane < width; lane += (nuint)Vector256<float>.Count)
                    {
                        var sum = Vector256<float>.Zero;
                        for (nuint row = 0; row < pass.Rows; row++)
                        {
                            var d = Vector256.LoadUnsafe(ref pass.OutputGradient, (row * layer.OutputStride) + (panel * width) + lane);
                            sum = Vector256.MultiplyAddEstimate(Vector256.Create(entry == inputs ? 1 : values[(row * stride) + (nuint)entry]), d, sum);
                        }

                        var at = (panel * layer.Shape.PanelLength) + ((nuint)entry * width) + lane;
                        ParameterUpdate.Apply(in current, sum, ref pass.Parameters, ref pass.FirstMoment, ref pass.SecondMoment, at);
                    }
                }
            }
        }
    }
}
