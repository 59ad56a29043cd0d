using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Whittle.Bench.Peers.Protocol;
using Whittle.Examples.Measurements;

namespace Whittle.Bench.Peers.RuntimeShapes;

/// <summary>
/// A network on the kernels of this folder: the algorithm, layout and tiles of the generated ones, by hand, for any shape
/// of <see cref="Workload"/>. What it is slower by is what fixed shapes buy. Trains by plain gradient descent.
/// </summary>
internal sealed class RuntimeShapesNetwork<TVector>
    where TVector : struct, IVector<TVector>
{
    private readonly NetworkShape shape;
    private readonly LayerShape[] layers;
    private readonly nuint[] strides;
    private readonly AlignedBuffer[] parameters;
    private readonly AlignedBuffer[] activations;
    private readonly AlignedBuffer[] gradients;
    private readonly AlignedBuffer[] transposed;
    private readonly AlignedBuffer inputBlocks;
    private readonly AlignedBuffer packedGradient;
    private readonly int[][] nonZero;
    private readonly int[] counts;

    /// <summary>Takes shape and weights of a workload.</summary>
    public RuntimeShapesNetwork(Workload workload)
    {
        shape = workload.Shape;
        var lanes = (int)TVector.Lanes;
        layers = [.. Enumerable.Range(0, shape.Layers).Select(layer => new LayerShape(shape.Units[layer], shape.Units[layer + 1], lanes))];
        strides = [.. shape.Units.Select(units => (nuint)InstructionSets.RowStride(InstructionSets.Active, units))];
        parameters = [.. layers.Select(layer => new AlignedBuffer(layer.ParameterCount))];
        activations = [.. strides.Select(stride => new AlignedBuffer(workload.BatchSize * (int)stride))];
        gradients = [.. strides.Select(stride => new AlignedBuffer(workload.BatchSize * (int)stride))];
        transposed = [.. layers.Select(layer => new AlignedBuffer(((int)layer.Panels + 1) * 2 * lanes * 2 * lanes))];
        inputBlocks = new AlignedBuffer(workload.BatchSize * layers.Max(layer => GradientPacking.Blocks(layer.Inputs, 2 * lanes)) * GradientPacking.Height(2 * lanes));
        packedGradient = new AlignedBuffer(workload.BatchSize * 2 * lanes);
        nonZero = [.. shape.Units.Select(units => new int[units])];
        counts = new int[shape.Units.Count];
        for (var layer = 0; layer < layers.Length; layer++)
        {
            for (var output = 0; output < layers[layer].Outputs; output++)
            {
                Parameter(layer, output, layers[layer].Inputs) = workload.Biases[layer][output];
                for (var input = 0; input < layers[layer].Inputs; input++)
                {
                    Parameter(layer, output, input) = workload.Weights[layer][(output * layers[layer].Inputs) + input];
                }
            }
        }
    }

    /// <summary>The parameter of an output and an input of a layer; input nIn is the bias.</summary>
    public ref float Parameter(int layer, int output, int input) => ref parameters[layer].Span[layers[layer].Offset(output, input)];

    /// <summary>The logits of a row after <see cref="Forward"/>.</summary>
    public ReadOnlySpan<float> Logits(int row) => Row(activations, layers.Length, row);

    /// <summary>Computes the logits.</summary>
    /// <param name="inputs">[rows, inputs].</param>
    public void Forward(ReadOnlySpan<float> inputs)
    {
        var rows = inputs.Length / shape.Inputs;
        for (var row = 0; row < rows; row++)
        {
            inputs.Slice(row * shape.Inputs, shape.Inputs).CopyTo(Row(activations, 0, row));
        }

        for (var layer = 0; layer < layers.Length; layer++)
        {
            ref var input = ref activations[layer].First;
            ref var output = ref activations[layer + 1].First;
            var hasRelu = layer < layers.Length - 1;
            if (rows == 1)
            {
                counts[layer] = ListNonZero(Row(activations, layer, 0), nonZero[layer]);
                SingleRowKernels.Forward<TVector>(layers[layer], ref parameters[layer].First, ref input, ref output, ref MemoryMarshal.GetArrayDataReference(nonZero[layer]), (nuint)counts[layer], hasRelu);
            }
            else
            {
                ForwardKernel.Run<TVector>(layers[layer], ref parameters[layer].First, ref input, ref output, (nuint)rows, strides[layer], strides[layer + 1], hasRelu);
            }
        }
    }

    /// <summary>One step of gradient descent on the cross-entropy.</summary>
    /// <param name="inputs">[rows, inputs].</param>
    /// <param name="labels">[rows].</param>
    /// <param name="rate">The learning rate.</param>
    /// <returns>The loss before the step.</returns>
    public double Step(ReadOnlySpan<float> inputs, ReadOnlySpan<int> labels, float rate)
    {
        Forward(inputs);
        var loss = CrossEntropy(labels);
        var rows = (nuint)labels.Length;
        for (var layer = layers.Length - 1; layer >= 0; layer--)
        {
            ref var input = ref activations[layer].First;
            ref var outputGradient = ref gradients[layer + 1].First;
            if (rows == 1)
            {
                StepSingle(layer, rate);
                continue;
            }

            if (layer > 0 && InputGradientKernel.Transposes(layers[layer], rows))
            {
                InputGradientKernel.RunTransposed<TVector>(layers[layer], ref parameters[layer].First, ref transposed[layer].First, ref outputGradient, ref input, ref gradients[layer].First, rows, strides[layer], strides[layer + 1]);
            }
            else if (layer > 0)
            {
                InputGradientKernel.Run<TVector>(layers[layer], ref parameters[layer].First, ref outputGradient, ref input, ref gradients[layer].First, rows, strides[layer], strides[layer + 1]);
            }

            if (WeightGradientKernel.Packs(layers[layer], rows))
            {
                WeightGradientKernel.RunPacked<TVector>(
                    layers[layer], ref parameters[layer].First, ref input, ref outputGradient, inputBlocks.Span, packedGradient.Span, rows, strides[layer], strides[layer + 1], rate);
            }
            else
            {
                WeightGradientKernel.Run<TVector>(layers[layer], ref parameters[layer].First, ref input, ref outputGradient, rows, strides[layer], strides[layer + 1], rate);
            }
        }

        return loss;
    }

    private void StepSingle(int layer, float rate)
    {
        ref var listed = ref MemoryMarshal.GetArrayDataReference(nonZero[layer]);
        ref var input = ref activations[layer].First;
        ref var outputGradient = ref gradients[layer + 1].First;
        if (layer == 0)
        {
            SingleRowKernels.WeightGradient<TVector>(layers[layer], ref parameters[layer].First, ref input, ref outputGradient, ref listed, (nuint)counts[layer], rate);
            return;
        }

        gradients[layer].Span.Clear();
        SingleRowKernels.Backward<TVector>(layers[layer], ref parameters[layer].First, ref outputGradient, ref input, ref gradients[layer].First, ref listed, (nuint)counts[layer], rate);
    }

    private double CrossEntropy(ReadOnlySpan<int> labels)
    {
        var loss = 0.0;
        for (var row = 0; row < labels.Length; row++)
        {
            var logits = Logits(row);
            var gradient = Row(gradients, layers.Length, row);
            TensorPrimitives.Subtract(logits, TensorPrimitives.Max(logits), gradient);
            var shifted = gradient[labels[row]];
            TensorPrimitives.Exp(gradient, gradient);
            var sum = TensorPrimitives.Sum<float>(gradient);
            loss += Math.Log(sum) - shifted;
            TensorPrimitives.Multiply(gradient, 1 / (sum * labels.Length), gradient);
            gradient[labels[row]] -= 1f / labels.Length;
        }

        return loss / labels.Length;
    }

    private Span<float> Row(AlignedBuffer[] levels, int level, int row) => levels[level].Span.Slice(row * (int)strides[level], shape.Units[level]);

    private static int ListNonZero(ReadOnlySpan<float> values, Span<int> indices)
    {
        var (count, position) = (0, 0);
        for (; position + 8 <= values.Length; position += 8)
        {
            var zero = Vector256.Equals(Vector256.Create(values.Slice(position, 8)), Vector256<float>.Zero);
            for (var mask = ~zero.ExtractMostSignificantBits() & 0xFF; mask != 0; mask &= mask - 1)
            {
                indices[count++] = position + BitOperations.TrailingZeroCount(mask);
            }
        }

        for (; position < values.Length; position++)
        {
            if (values[position] != 0)
            {
                indices[count++] = position;
            }
        }

        return count;
    }
}
