using Whittle.Bench.Peers.Protocol;

namespace Whittle.Bench.Peers.RuntimeShapes;

/// <summary>A step of gradient descent on the cross-entropy in double precision and plain loops: what kernels are checked against.</summary>
internal sealed class DoubleReference
{
    private readonly NetworkShape shape;

    /// <summary>Does a step on the first batch of a workload.</summary>
    public DoubleReference(Workload workload)
    {
        shape = workload.Shape;
        Weights = [.. workload.Weights.Select(weights => Array.ConvertAll(weights, weight => (double)weight))];
        Biases = [.. workload.Biases.Select(biases => Array.ConvertAll(biases, bias => (double)bias))];
        Logits = new double[workload.BatchSize][];
        var gradients = new List<(double[][] Activations, double[][] Deltas)>();
        for (var row = 0; row < workload.BatchSize; row++)
        {
            var input = workload.BatchInputs(0).Span.Slice(row * shape.Inputs, shape.Inputs);
            var activations = Forward(input);
            Logits[row] = activations[^1];
            gradients.Add((activations, Backward(activations, workload.BatchLabels(0)[row], workload.BatchSize)));
        }

        // Only now, for every row's gradient is that of the old weights.
        foreach (var (activations, deltas) in gradients)
        {
            Update(activations, deltas, workload.LearningRate);
        }
    }

    /// <summary>For each row the logits before the step.</summary>
    public double[][] Logits { get; }

    /// <summary>For each layer [nOut, nIn], after the step.</summary>
    public double[][] Weights { get; }

    /// <summary>For each layer [nOut], after the step.</summary>
    public double[][] Biases { get; }

    private double[][] Forward(ReadOnlySpan<float> input)
    {
        var activations = new double[shape.Layers + 1][];
        activations[0] = Array.ConvertAll(input.ToArray(), value => (double)value);
        for (var layer = 0; layer < shape.Layers; layer++)
        {
            var below = activations[layer];
            activations[layer + 1] = [.. Biases[layer].Select((bias, output) =>
            {
                var sum = bias;
                for (var index = 0; index < below.Length; index++)
                {
                    sum += below[index] * Weights[layer][(output * below.Length) + index];
                }

                return layer < shape.Layers - 1 ? Math.Max(0, sum) : sum;
            })];
        }

        return activations;
    }

    private double[][] Backward(double[][] activations, int label, int rows)
    {
        var deltas = new double[shape.Layers + 1][];
        var exponentials = activations[^1].Select(logit => Math.Exp(logit - activations[^1].Max())).ToArray();
        var sum = exponentials.Sum();
        deltas[shape.Layers] = [.. exponentials.Select((value, output) => ((value / sum) - (output == label ? 1 : 0)) / rows)];
        for (var layer = shape.Layers - 1; layer > 0; layer--)
        {
            var (above, width) = (deltas[layer + 1], shape.Units[layer]);
            var delta = new double[width];
            for (var output = 0; output < above.Length; output++)
            {
                for (var index = 0; index < width; index++)
                {
                    delta[index] += activations[layer][index] > 0 ? above[output] * Weights[layer][(output * width) + index] : 0;
                }
            }

            deltas[layer] = delta;
        }

        return deltas;
    }

    private void Update(double[][] activations, double[][] deltas, double rate)
    {
        for (var layer = 0; layer < shape.Layers; layer++)
        {
            var (input, delta) = (activations[layer], deltas[layer + 1]);
            for (var output = 0; output < delta.Length; output++)
            {
                Biases[layer][output] -= rate * delta[output];
                for (var index = 0; index < input.Length; index++)
                {
                    Weights[layer][(output * input.Length) + index] -= rate * delta[output] * input[index];
                }
            }
        }
    }
}
