using System.Numerics.Tensors;

namespace Whittle;

public abstract partial class CompiledNetwork
{
    /// <content>Compares what a layer computed with what it would have computed exactly.</content>
    internal sealed unsafe partial class LayerRunner
    {
        /// <summary>Measures a hidden layer; replaces its outputs in the workspace of the step by exact ones for the same inputs.</summary>
        /// <param name="parameters">The network's parameters.</param>
        /// <param name="step">Holds what a step computed up to this layer.</param>
        /// <param name="exact">Holds what an exact pass computed.</param>
        /// <param name="layer">A layer below the last.</param>
        /// <param name="rows">Rows of the batch.</param>
        /// <param name="active">The nodes that were active in the step; null if all were.</param>
        public LayerMeasurement Measure(float* parameters, Workspace step, Workspace exact, int layer, int rows, ActiveNodes? active)
        {
            var (relative, sum) = Errors(step, exact, layer, rows);
            if (active is null)
            {
                return new LayerMeasurement(layer, 1, null, 1, null, relative, sum);
            }

            RunForward(parameters, step, layer, rows);
            var nodes = layout.Layers[layer].Outputs;
            var selector = new TopKSelector(nodes);
            var largest = new int[nodes];
            var isActive = new bool[nodes];
            var above = new WeightsAbove(network, layer + 1);
            double share = 0, recall = 0, captured = 0, carried = 0;
            var (recalling, carrying) = (0, 0);
            for (var row = 0; row < rows; row++)
            {
                var output = Output(step, layer, row);
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
                if (Recall(output, wanted, isActive) is { } found)
                {
                    recall += found;
                    recalling++;
                }

                captured += Captured(output, isActive);
                if (above.MedianRatio(output, isActive) is { } ratio)
                {
                    carried += double.IsPositiveInfinity(ratio) ? 1 : ratio / (1 + ratio);
                    carrying++;
                }
            }

            return new LayerMeasurement(
                layer,
                share / rows,
                recalling == 0 ? null : recall / recalling,
                captured / rows,
                carrying == 0 || carried >= carrying ? null : carried / (carrying - carried),
                relative,
                sum);
        }

        private (double Relative, double? Sum) Errors(Workspace step, Workspace exact, int layer, int rows)
        {
            double difference = 0, size = 0, sum = 0, exactSum = 0;
            for (var row = 0; row < rows; row++)
            {
                var estimates = step.Row(layer + 1, row, layout.Layers[layer].Outputs);
                var values = exact.Row(layer + 1, row, layout.Layers[layer].Outputs);
                for (var node = 0; node < values.Length; node++)
                {
                    var error = (double)estimates[node] - values[node];
                    difference += error * error;
                    size += (double)values[node] * values[node];
                    sum += estimates[node];
                    exactSum += values[node];
                }
            }

            return (difference == 0 ? 0 : Math.Sqrt(difference / size), sum == 0 ? null : (exactSum - sum) / sum);
        }

        private static double? Recall(ReadOnlySpan<float> output, ReadOnlySpan<int> wanted, ReadOnlySpan<bool> isActive)
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

            return all == 0 ? null : (double)found / all;
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

        /// <summary>The |weights| of the layer above a measured one, to tell what its nodes get from active and from inactive nodes.</summary>
        private sealed class WeightsAbove
        {
            private readonly float[] sizes;
            private readonly float[] active;
            private readonly float[] inactive;
            private readonly double[] ratios;

            public WeightsAbove(CompiledNetwork network, int layer)
            {
                var shape = network.Layout.Layers[layer];
                sizes = new float[shape.Inputs * shape.Outputs];
                network.GetWeights(layer, sizes);
                TensorPrimitives.Abs(sizes, sizes);
                (active, inactive, ratios) = (new float[shape.Inputs], new float[shape.Inputs], new double[shape.Outputs]);
            }

            /// <summary>The median over the nodes above of what active nodes give / what inactive ones do; null where none gets anything.</summary>
            public double? MedianRatio(ReadOnlySpan<float> output, ReadOnlySpan<bool> isActive)
            {
                for (var node = 0; node < output.Length; node++)
                {
                    var size = Math.Abs(output[node]);
                    (active[node], inactive[node]) = isActive[node] ? (size, 0f) : (0f, size);
                }

                var count = 0;
                for (var node = 0; node < ratios.Length; node++)
                {
                    var row = sizes.AsSpan(node * output.Length, output.Length);
                    var (found, missed) = ((double)TensorPrimitives.Dot(row, active), (double)TensorPrimitives.Dot(row, inactive));
                    if (found + missed > 0)
                    {
                        ratios[count++] = found / missed;
                    }
                }

                if (count == 0)
                {
                    return null;
                }

                Array.Sort(ratios, 0, count);
                return (ratios[(count - 1) / 2] + ratios[count / 2]) / 2;
            }
        }
    }
}
