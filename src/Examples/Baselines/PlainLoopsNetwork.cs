namespace Whittle.Examples.Baselines;

/// <summary>
/// The network as plain scalar loops, in an order that walks every row of memory from its beginning to its end.
/// </summary>
public sealed class PlainLoopsNetwork : GenericNetwork
{
    private readonly float[] gradientRow;

    /// <inheritdoc cref="GenericNetwork(int[], int, bool)"/>
    public PlainLoopsNetwork(int[] units, int batchSize, bool adam)
        : base(units, batchSize, adam) => gradientRow = new float[units.Max()];

    /// <inheritdoc/>
    public override void Forward(int layer, int rows)
    {
        var (parameters, width, outputs) = (Layers[layer], Layers[layer].Inputs, Layers[layer].Outputs);
        for (var output = 0; output < outputs; output++)
        {
            var weights = parameters.Weights.AsSpan(output * width, width);
            for (var row = 0; row < rows; row++)
            {
                var inputs = Activations[layer].AsSpan(row * width, width);
                var sum = parameters.Biases[output];
                for (var input = 0; input < weights.Length; input++)
                {
                    sum += inputs[input] * weights[input];
                }

                Activations[layer + 1][(row * outputs) + output] = HasRelu(layer) && sum < 0 ? 0 : sum;
            }
        }
    }

    /// <inheritdoc/>
    public override void InputGradient(int layer, int rows)
    {
        var (parameters, width, outputs) = (Layers[layer], Layers[layer].Inputs, Layers[layer].Outputs);
        Array.Clear(Gradients[layer], 0, rows * width);
        for (var output = 0; output < outputs; output++)
        {
            var weights = parameters.Weights.AsSpan(output * width, width);
            for (var row = 0; row < rows; row++)
            {
                var gradient = Gradients[layer + 1][(row * outputs) + output];
                var result = Gradients[layer].AsSpan(row * width, width);
                for (var input = 0; input < weights.Length; input++)
                {
                    result[input] += gradient * weights[input];
                }
            }
        }

        for (var index = 0; index < rows * width; index++)
        {
            if (!(Activations[layer][index] > 0))
            {
                Gradients[layer][index] = 0;
            }
        }
    }

    /// <inheritdoc/>
    public override void WeightGradient(int layer, int rows, GenericUpdate update)
    {
        var (parameters, width, outputs) = (Layers[layer], Layers[layer].Inputs, Layers[layer].Outputs);
        for (var output = 0; output < outputs; output++)
        {
            var sums = gradientRow.AsSpan(0, width);
            sums.Clear();
            var biasSum = 0f;
            for (var row = 0; row < rows; row++)
            {
                var gradient = Gradients[layer + 1][(row * outputs) + output];
                var inputs = Activations[layer].AsSpan(row * width, width);
                biasSum += gradient;
                for (var input = 0; input < sums.Length; input++)
                {
                    sums[input] += gradient * inputs[input];
                }
            }

            Apply(update, sums, parameters.Weights, parameters.WeightMoments, output * width);
            Apply(update, [biasSum], parameters.Biases, parameters.BiasMoments, output);
        }
    }

    private static void Apply(
        GenericUpdate update, ReadOnlySpan<float> gradient, float[] parameters, (float[] First, float[] Second) moments, int start)
    {
        for (var index = 0; index < gradient.Length; index++)
        {
            ref var parameter = ref parameters[start + index];
            if (!update.IsAdam)
            {
                parameter -= update.Rate * gradient[index];
                continue;
            }

            ref var first = ref moments.First[start + index];
            ref var second = ref moments.Second[start + index];
            first = (GenericUpdate.Beta1 * first) + ((1 - GenericUpdate.Beta1) * gradient[index]);
            second = (GenericUpdate.Beta2 * second) + ((1 - GenericUpdate.Beta2) * gradient[index] * gradient[index]);
            parameter -= update.Rate * first / (MathF.Sqrt(second) + update.Epsilon);
        }
    }
}
