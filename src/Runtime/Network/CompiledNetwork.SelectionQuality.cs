namespace Whittle;

public abstract partial class CompiledNetwork
{
    /// <content>Compares the nodes that a layer chose with its exact outputs.</content>
    internal sealed unsafe partial class LayerRunner
    {
        /// <summary>Replaces the outputs of a layer by the exact ones for the inputs in the workspace, and tells what the active nodes have of them.</summary>
        public SelectionQuality MeasureSelection(float* parameters, Workspace workspace, int layer, int rows, ActiveNodes active)
        {
            RunForward(parameters, workspace, layer, rows, allNodes[layer]!);
            var nodes = layout.Layers[layer].Outputs;
            var selector = new TopKSelector(nodes);
            var largest = new int[nodes];
            var isActive = new bool[nodes];
            double share = 0, recall = 0, captured = 0;
            for (var row = 0; row < rows; row++)
            {
                var output = Output(workspace, layer, row);
                var chosen = active[row].Indices;
                var wanted = largest.AsSpan(0, selector.Select(output, chosen.Length, largest));
                if (layers[layer].ComputesPreactivations)
                {
                    ActivationFunction.Apply(layers[layer], output);
                }

                Array.Clear(isActive);
                foreach (var node in chosen)
                {
                    isActive[node] = true;
                }

                share += (double)chosen.Length / nodes;
                recall += Recall(output, wanted, isActive);
                captured += Captured(output, isActive);
            }

            return new SelectionQuality(layer, share / rows, recall / rows, captured / rows);
        }

        private static double Recall(ReadOnlySpan<float> output, ReadOnlySpan<int> wanted, ReadOnlySpan<bool> isActive)
        {
            int found = 0, all = 0;
            foreach (var node in wanted)
            {
                if (output[node] != 0)
                {
                    all++;
                    found += isActive[node] ? 1 : 0;
                }
            }

            return all == 0 ? 1 : (double)found / all;
        }

        private static double Captured(ReadOnlySpan<float> output, ReadOnlySpan<bool> isActive)
        {
            double found = 0, all = 0;
            for (var node = 0; node < output.Length; node++)
            {
                var size = Math.Abs(output[node]);
                all += size;
                found += isActive[node] ? size : 0;
            }

            return all == 0 ? 1 : found / all;
        }
    }
}
