using System.Numerics.Tensors;
using System.Runtime.Intrinsics;

namespace Whittle;

public abstract partial class CompiledNetwork
{
    /// <content>Weight gradients and updates of layers with a row of parameters for each node.</content>
    internal sealed unsafe partial class LayerRunner
    {
        /// <summary>
        /// Rows of moments that are caught up and then updated at a time: few enough to stay in the cache between the two, and several of the
        /// kernel's tiles of up to 12.
        /// </summary>
        private const int RowsOfUpdate = 60;

        private void WeightGradientOfNodes<TRule>(
            scoped ref readonly TRule rule,
            float* parameters,
            LayerMoments moments,
            Workspace workspace,
            int layer,
            int rows,
            SampledLayers? sampling,
            MissedSteps? missed)
            where TRule : struct, IUpdateRule
        {
            var work = new LayerWork(this, parameters, workspace, layer, rows);
            var state = sampling?[layer];
            var nodes = state?.Active is { } active ? active.Union(rows)
                : rows == 1 && TRule.SkipsZeroGradient ? NodesWithGradient(workspace, layer)
                : allNodes[layer]!;
            var sparse = rows > 1 && state?.Active is { IsShared: false } sets ? Collect(workspace, layer, rows, sets, nodes) : null;
            var biasGradients = BiasGradients(workspace, layer, rows, state, nodes, sparse);
            missed?.Touch(nodes.Indices);
            missed = missed is { AnyMissed: true } ? missed : null;
            UpdateBiases(in rule, parameters, moments, layer, nodes, biasGradients, missed);
            if (TRule.SkipsZeroGradient && HasPairs(workspace, layer))
            {
                UpdatePairs(in rule, parameters, workspace, layer, nodes);
            }
            else if (rows == 1)
            {
                Update(in rule, work, moments, workspace.Activations(layer), workspace.Gradients(layer), 1, nodes, missed);
            }
            else if (sparse is not null)
            {
                UpdateSparsely(in rule, work, moments, sparse, missed);
            }
            else if (state?.Active is not null)
            {
                Update(in rule, work, moments, workspace.Activations(layer), workspace.PackedGradients, rows, nodes, missed);
            }
            else if (state?.WeightGradient(rows) is { } selection)
            {
                workspace.Recorder?.Lap(layer, StepPart.Update);
                var random = sampling!.ProductStream(layer, KernelProduct.WeightGradient);
                var inputs = new MatrixRows(workspace.Activations(layer), workspace.Stride(layer), layout.Layers[layer].Inputs, rows);
                var gradients = Gradients(workspace, layer, rows);
                selection.DrawRows(inputs, gradients, ref random);
                TakeNote(workspace, layer, KernelProduct.WeightGradient, selection);
                Pack(inputs, gradients, selection.Sample, workspace, layer);
                Update(in rule, work, moments, workspace.PackedInputs, workspace.PackedGradients, selection.Sample.Count, nodes, missed);
            }
            else
            {
                Update(in rule, work, moments, workspace.Activations(layer), workspace.Gradients(layer), rows, nodes, missed);
            }
        }

        private void Update<TRule>(
            scoped ref readonly TRule rule,
            LayerWork layer,
            LayerMoments moments,
            float* inputs,
            float* gradients,
            int rows,
            IndexSample nodes,
            MissedSteps? missed)
            where TRule : struct, IUpdateRule
        {
            var work = new NodeUpdateWork<TRule>(layer, rule, moments, inputs, gradients, rows, nodes, missed);
            ThreadTeam.Shared.Run(ref work, Parts(layer.Workspace, layer.Rows, (long)layer.Rows * layer.Shape.Inputs * nodes.Count));
        }

        /// <summary>
        /// The gradient of each listed node's bias, the sum over all rows, in the order of the list. Where sets are active
        /// and their gradients were not collected, these are also put side by side in that order, zero for a row in which a node is not active.
        /// </summary>
        private Span<float> BiasGradients(Workspace workspace, int layer, int rows, LayerSampling? state, IndexSample nodes, SparseGradients? sparse)
        {
            var sums = workspace.NodeValues[..nodes.Count];
            if (sparse is not null)
            {
                sparse.Sum(sums);
                return sums;
            }

            var all = Gradients(workspace, layer, rows);
            if (state?.Active is not { } active)
            {
                var whole = workspace.NodeValues[..all[0].Length];
                all[0].CopyTo(whole);
                for (var row = 1; row < rows; row++)
                {
                    TensorPrimitives.Add(whole, all[row], whole);
                }

                Gather(whole, nodes.Indices, sums);
                return sums;
            }

            sums.Clear();
            for (var row = 0; row < rows; row++)
            {
                var packed = new Span<float>(workspace.PackedGradients + ((nuint)row * workspace.Stride(layer + 1)), nodes.Count);
                PackActive(all[row], active[row], nodes, packed);
                TensorPrimitives.Add(sums, packed, sums);
            }

            return sums;
        }

        /// <summary>The gradients of the nodes of a list, in its order; zero for those that are not in a row's own set.</summary>
        private static void PackActive(ReadOnlySpan<float> gradients, IndexSample set, IndexSample nodes, Span<float> packed)
        {
            if (ReferenceEquals(set, nodes))
            {
                Gather(gradients, nodes.Indices, packed);
                return;
            }

            packed.Clear();
            var indices = nodes.Indices;
            var entry = 0;
            foreach (var node in set.Indices)
            {
                while (indices[entry] != node)
                {
                    entry++;
                }

                packed[entry] = gradients[node];
            }
        }

        /// <summary>The rows that a sample names, one after the other, gradients weighed.</summary>
        private void Pack(MatrixRows inputs, MatrixRows gradients, IndexSample sample, Workspace workspace, int layer)
        {
            for (var entry = 0; entry < sample.Count; entry++)
            {
                var row = sample.Indices[entry];
                workspace.PaddedRow(layer, row).CopyTo(new Span<float>(workspace.PackedInputs + ((nuint)entry * workspace.Stride(layer)), (int)workspace.Stride(layer)));
                var target = new Span<float>(workspace.PackedGradients + ((nuint)entry * workspace.Stride(layer + 1)), gradients[row].Length);
                TensorPrimitives.Multiply(gradients[row], sample.Weights[entry], target);
            }
        }

        /// <summary>A bias lies in a vector whose other elements are zero and stay so.</summary>
        private void UpdateBiases<TRule>(
            scoped ref readonly TRule rule, float* parameters, LayerMoments moments, int layer, IndexSample nodes, ReadOnlySpan<float> gradients, MissedSteps? missed)
            where TRule : struct, IUpdateRule
        {
            var shape = layout.Layers[layer];
            var column = NodeRowLayout.BiasColumn(shape.Inputs);
            missed?.CatchUpMoments(nodes.Indices, .., moments, column, column + 1);
            ref var first = ref *(parameters + shape.Offset);
            for (var entry = 0; entry < gradients.Length; entry++)
            {
                ParameterUpdate.Apply(
                    in rule, Vector128.CreateScalar(gradients[entry]), ref first, ref *moments.First, ref *moments.Second, shape.Bias(nodes.Indices[entry]));
            }
        }

        private struct NodeUpdateWork<TRule>(
            LayerWork layer, TRule rule, LayerMoments moments, float* inputs, float* gradients, int rows, IndexSample nodes, MissedSteps? missed) : IParallelWork
            where TRule : struct, IUpdateRule
        {
            public readonly void Run(int part, int parts)
            {
                var pass = layer.Panels(part, parts);
                pass.Input = ref *inputs;
                pass.FirstMoment = ref *moments.First;
                pass.SecondMoment = ref *moments.Second;
                pass.Rows = (nuint)rows;
                if (layer.Rows == 1 && missed is not null)
                {
                    RunRowByRow(ref pass, missed);
                    return;
                }

                var current = rule;
                var width = layer.Width;
                var (firstColumn, lastColumn) = ((int)pass.Begin * width, Math.Min((int)pass.End * width, NodeRowLayout.BiasColumn(layer.Shape.Inputs)));
                var group = missed is null ? Math.Max(1, nodes.Count) : RowsOfUpdate;
                for (var begin = 0; begin < nodes.Count; begin += group)
                {
                    var count = Math.Min(group, nodes.Count - begin);

                    // Right before their update, which then finds them in the cache.
                    missed?.CatchUpMoments(nodes.Indices, begin..(begin + count), moments, firstColumn, lastColumn);
                    pass.Nodes = ref System.Runtime.CompilerServices.Unsafe.Add(ref nodes.FirstIndex, begin);
                    pass.NodeCount = (nuint)count;
                    if (layer.Rows == 1)
                    {
                        pass.OutputGradient = ref *gradients;
                        layer.Network.WeightGradientSingle(layer.Kernel, in current, in pass);
                    }
                    else
                    {
                        // In the order of the list.
                        pass.OutputGradient = ref *(gradients + begin);
                        layer.Network.WeightGradient(layer.Kernel, in current, in pass);
                    }
                }
            }

            private readonly void RunRowByRow(scoped ref LayerPass pass, MissedSteps missed)
            {
                pass.OutputGradient = ref *gradients;
                pass.NodeCount = 1;
                for (var entry = 0; entry < nodes.Count; entry++)
                {
                    var (first, second) = missed.MomentFactors(entry);
                    var caughtUp = new CaughtUpRule<TRule>(rule, first, second);
                    pass.Nodes = ref System.Runtime.CompilerServices.Unsafe.Add(ref nodes.FirstIndex, entry);
                    layer.Network.WeightGradientSingle(layer.Kernel, in caughtUp, in pass);
                }
            }
        }
    }
}
