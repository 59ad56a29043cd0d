using System.Numerics;
using System.Numerics.Tensors;

namespace Whittle.Examples.Baselines;

/// <summary>
/// The network as one writes it in C# with System.Numerics.Tensors: every product as vectorised dot products and
/// multiply-adds over rows of weights, each row used for the whole batch while it is in the first-level cache.
/// </summary>
public sealed class TensorPrimitivesNetwork : GenericNetwork
{
    private readonly float[] gradientRow;
    private readonly float[] scratch;

    /// <inheritdoc cref="GenericNetwork(int[], int, bool)"/>
    public TensorPrimitivesNetwork(int[] units, int batchSize, bool adam)
        : base(units, batchSize, adam)
    {
        gradientRow = new float[units.Max()];
        scratch = new float[units.Max()];
    }

    /// <inheritdoc/>
    public override void Forward(int layer, int rows)
    {
        var (parameters, width, outputs) = (Layers[layer], Layers[layer].Inputs, Layers[layer].Outputs);
        ReadOnlySpan<float> inputs = Activations[layer];
        var result = Activations[layer + 1].AsSpan(0, rows * outputs);
        for (var output = 0; output < outputs; output++)
        {
            ReadOnlySpan<float> weights = parameters.Weights.AsSpan(output * width, width);
            var bias = parameters.Biases[output];
            for (var row = 0; row < rows; row++)
            {
                result[(row * outputs) + output] = TensorPrimitives.Dot(inputs.Slice(row * width, width), weights) + bias;
            }
        }

        if (HasRelu(layer))
        {
            TensorPrimitives.Max(result, 0f, result);
        }
    }

    /// <inheritdoc/>
    public override void InputGradient(int layer, int rows)
    {
        var (parameters, width, outputs) = (Layers[layer], Layers[layer].Inputs, Layers[layer].Outputs);
        ReadOnlySpan<float> outputGradient = Gradients[layer + 1];
        var result = Gradients[layer].AsSpan(0, rows * width);
        result.Clear();
        for (var output = 0; output < outputs; output++)
        {
            ReadOnlySpan<float> weights = parameters.Weights.AsSpan(output * width, width);
            for (var row = 0; row < rows; row++)
            {
                var target = result.Slice(row * width, width);
                TensorPrimitives.MultiplyAdd(weights, outputGradient[(row * outputs) + output], target, target);
            }
        }

        ClearWhereNotPositive(Activations[layer].AsSpan(0, rows * width), result);
    }

    /// <inheritdoc/>
    public override void WeightGradient(int layer, int rows, GenericUpdate update)
    {
        var (parameters, width, outputs) = (Layers[layer], Layers[layer].Inputs, Layers[layer].Outputs);
        ReadOnlySpan<float> inputs = Activations[layer];
        ReadOnlySpan<float> outputGradient = Gradients[layer + 1];
        for (var output = 0; output < outputs; output++)
        {
            var weights = parameters.Weights.AsSpan(output * width, width);
            // Plain descent needs no gradient of its own: each row's part goes straight into the weights.
            var target = update.IsAdam ? gradientRow.AsSpan(0, width) : weights;
            var scale = update.IsAdam ? 1 : -update.Rate;
            if (update.IsAdam)
            {
                target.Clear();
            }

            for (var row = 0; row < rows; row++)
            {
                var gradient = outputGradient[(row * outputs) + output];
                TensorPrimitives.MultiplyAdd(inputs.Slice(row * width, width), scale * gradient, target, target);
            }

            if (update.IsAdam)
            {
                var (first, second) = parameters.WeightMoments;
                Adam(update, target, weights, first.AsSpan(output * width, width), second.AsSpan(output * width, width));
            }
        }

        UpdateBiases(parameters, rows, outputGradient, update);
    }

    private void UpdateBiases(GenericLayer parameters, int rows, ReadOnlySpan<float> outputGradient, GenericUpdate update)
    {
        var sum = gradientRow.AsSpan(0, parameters.Outputs);
        sum.Clear();
        for (var row = 0; row < rows; row++)
        {
            TensorPrimitives.Add(sum, outputGradient.Slice(row * parameters.Outputs, parameters.Outputs), sum);
        }

        if (update.IsAdam)
        {
            Adam(update, sum, parameters.Biases, parameters.BiasMoments.First, parameters.BiasMoments.Second);
        }
        else
        {
            TensorPrimitives.MultiplyAdd(sum, -update.Rate, parameters.Biases, parameters.Biases);
        }
    }

    private void Adam(GenericUpdate update, Span<float> gradient, Span<float> parameters, Span<float> first, Span<float> second)
    {
        var work = scratch.AsSpan(0, gradient.Length);
        TensorPrimitives.Multiply(first, GenericUpdate.Beta1, first);
        TensorPrimitives.MultiplyAdd(gradient, 1 - GenericUpdate.Beta1, first, first);
        TensorPrimitives.Multiply(gradient, gradient, work);
        TensorPrimitives.Multiply(second, GenericUpdate.Beta2, second);
        TensorPrimitives.MultiplyAdd(work, 1 - GenericUpdate.Beta2, second, second);
        TensorPrimitives.Sqrt(second, work);
        TensorPrimitives.Add(work, update.Epsilon, work);
        TensorPrimitives.Divide(first, work, work);
        TensorPrimitives.MultiplyAdd(work, -update.Rate, parameters, parameters);
    }

    /// <summary>The derivative of ReLU, which TensorPrimitives has no operation for.</summary>
    private static void ClearWhereNotPositive(ReadOnlySpan<float> activations, Span<float> gradients)
    {
        var index = 0;
        for (; index <= gradients.Length - Vector<float>.Count; index += Vector<float>.Count)
        {
            var positive = Vector.GreaterThan(new Vector<float>(activations[index..]), Vector<float>.Zero);
            var kept = Vector.ConditionalSelect(positive, new Vector<float>(gradients[index..]), Vector<float>.Zero);
            kept.CopyTo(gradients[index..]);
        }

        for (; index < gradients.Length; index++)
        {
            gradients[index] = activations[index] > 0 ? gradients[index] : 0;
        }
    }
}
