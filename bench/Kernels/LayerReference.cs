using Whittle.Examples.Baselines;
using Whittle.Examples.Measurements;

namespace Whittle.Bench.Kernels;

/// <summary>The three products of a layer in double precision, and the check of a variant's results against them.</summary>
internal sealed class LayerReference
{
    private readonly int rows;
    private readonly int inputs;
    private readonly int outputs;
    private readonly bool hasRelu;
    private readonly float[] input;
    private readonly float[] outputGradient;
    private readonly float[] weights;
    private readonly float[] biases;

    /// <summary>Keeps a copy of what a layer works on.</summary>
    public LayerReference(LayerMemory memory, int inputs, int rows, bool hasRelu)
    {
        this.rows = rows;
        this.inputs = inputs;
        this.hasRelu = hasRelu;
        outputs = memory.Outputs;
        input = Rows(memory.Input.Span, memory.InputStride, inputs);
        outputGradient = Rows(memory.OutputGradient.Span, memory.OutputStride, outputs);
        weights = [.. from unit in Enumerable.Range(0, outputs) from index in Enumerable.Range(0, inputs) select memory.Weight(unit, index)];
        biases = [.. Enumerable.Range(0, outputs).Select(unit => memory.Bias(unit))];
    }

    /// <summary>Gives a generic network the same numbers.</summary>
    public void CopyTo(GenericNetwork network, int layer)
    {
        weights.CopyTo(network.Layers[layer].Weights, 0);
        biases.CopyTo(network.Layers[layer].Biases, 0);
        input.CopyTo(network.Activations[layer], 0);
        outputGradient.CopyTo(network.Gradients[layer + 1], 0);
    }

    /// <summary>Checks what a generated kernel wrote.</summary>
    public void Check(KernelProduct product, LayerMemory memory) => Check("generated code", product, product switch
    {
        KernelProduct.Forward => Rows(memory.Output, memory.OutputStride, outputs),
        KernelProduct.InputGradient => Rows(memory.InputGradient.Span, memory.InputStride, inputs),
        _ => [.. from unit in Enumerable.Range(0, outputs) from index in Enumerable.Range(0, inputs) select memory.Weight(unit, index)],
    });

    /// <summary>Checks what a generic network wrote.</summary>
    public void Check(KernelProduct product, GenericNetwork network, int layer) => Check(network.GetType().Name, product, product switch
    {
        KernelProduct.Forward => network.Activations[layer + 1],
        KernelProduct.InputGradient => network.Gradients[layer],
        _ => network.Layers[layer].Weights,
    });

    private void Check(string variant, KernelProduct product, float[] actual)
    {
        var (count, width) = product switch
        {
            KernelProduct.Forward => (rows, outputs),
            KernelProduct.InputGradient => (rows, inputs),
            _ => (outputs, inputs),
        };
        for (var index = 0; index < count * width; index++)
        {
            var (expected, tolerance) = Expected(product, index / width, index % width);
            if (!(Math.Abs(actual[index] - expected) <= tolerance))
            {
                throw new InvalidOperationException($"{variant}, {product}: element {index} is {actual[index]}, but should be {expected} within {tolerance}.");
            }
        }
    }

    private (double Value, double Tolerance) Expected(KernelProduct product, int row, int column)
    {
        var sum = new ReferenceSum();
        switch (product)
        {
            case KernelProduct.Forward:
                sum.Add(biases[column], 1);
                for (var index = 0; index < inputs; index++)
                {
                    sum.Add(input[(row * inputs) + index], weights[(column * inputs) + index]);
                }

                return (hasRelu ? Math.Max(0, sum.Value) : sum.Value, sum.Tolerance);
            case KernelProduct.InputGradient:
                for (var unit = 0; unit < outputs; unit++)
                {
                    sum.Add(outputGradient[(row * outputs) + unit], weights[(unit * inputs) + column]);
                }

                return (input[(row * inputs) + column] > 0 ? sum.Value : 0, sum.Tolerance);
            default:
                sum.Add(weights[(row * inputs) + column], 1);
                for (var sample = 0; sample < rows; sample++)
                {
                    sum.Add(-outputGradient[(sample * outputs) + row], input[(sample * inputs) + column]);
                }

                return (sum.Value, sum.Tolerance);
        }
    }

    private float[] Rows(ReadOnlySpan<float> padded, int stride, int width)
    {
        var packed = new float[rows * width];
        for (var row = 0; row < rows; row++)
        {
            padded.Slice(row * stride, width).CopyTo(packed.AsSpan(row * width));
        }

        return packed;
    }

    /// <summary>A sum of products and how far single precision may be from it: (n + 8) 2^-23 sum |x||w|.</summary>
    private struct ReferenceSum
    {
        private int count;
        private double magnitude;

        public double Value { get; private set; }

        public readonly double Tolerance => (count + 8) * Math.Pow(2, -23) * magnitude;

        public void Add(double left, double right)
        {
            count++;
            Value += left * right;
            magnitude += Math.Abs(left * right);
        }
    }
}
