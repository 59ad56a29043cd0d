using System.Runtime.CompilerServices;

namespace Whittle;

public abstract partial class CompiledNetwork
{
    /// <content>Updates of layers whose samples have active nodes of their own: each node's row once, from the samples with a gradient there.</content>
    internal sealed unsafe partial class LayerRunner
    {
        /// <summary>The gradients at the active nodes of each sample, node by node; null where the batch kernel takes less time, zeros included.</summary>
        private SparseGradients? Collect(Workspace workspace, int layer, int rows, ActiveNodes active, IndexSample nodes)
        {
            var gradients = workspace.SparseGradients;
            gradients.Collect(Gradients(workspace, layer, rows), active, nodes);
            return gradients.SavesTime(rows) ? gradients : null;
        }

        private void UpdateSparsely<TRule>(
            scoped ref readonly TRule rule, LayerWork layer, LayerMoments moments, SparseGradients gradients, MissedSteps? missed)
            where TRule : struct, IUpdateRule
        {
            var work = new SparseUpdateWork<TRule>(layer, rule, moments, gradients, missed);

            // The update of a row takes as long as a gradient.
            ThreadTeam.Shared.Run(ref work, Parts(layer.Workspace, layer.Rows, (long)layer.Shape.Inputs * (gradients.Count + gradients.Nodes.Count)));
        }

        /// <summary>Each node's row is updated by one thread.</summary>
        private struct SparseUpdateWork<TRule>(LayerWork layer, TRule rule, LayerMoments moments, SparseGradients gradients, MissedSteps? missed) : IParallelWork
            where TRule : struct, IUpdateRule
        {
            public readonly void Run(int part, int parts)
            {
                var pass = layer.Panels(0, 1);
                ref var parameters = ref pass.Parameters;
                var current = rule;
                var nodes = gradients.Nodes.Indices;
                var (first, last) = Part(nodes.Length, 1, part, parts);
                for (var entry = (int)first; entry < (int)last; entry++)
                {
                    var (begin, end) = gradients.Column(entry);
                    if (begin == end && TRule.SkipsZeroGradient)
                    {
                        continue;
                    }

                    // Right before its update, which then finds it in the cache.
                    missed?.CatchUpMoments(nodes, entry..(entry + 1), moments, 0, NodeRowLayout.BiasColumn(layer.Shape.Inputs));
                    var row = layer.Shape.Column(nodes[entry]);
                    pass.Parameters = ref Unsafe.Add(ref parameters, row);
                    pass.FirstMoment = ref *(moments.First + row);
                    pass.SecondMoment = ref *(moments.Second + row);
                    pass.Samples = ref *(gradients.Samples + begin);
                    pass.SampleCount = (nuint)(end - begin);
                    pass.OutputGradient = ref *(gradients.Values + begin);
                    layer.Network.WeightGradientSparse(layer.Kernel, in current, in pass);
                }
            }
        }
    }
}
