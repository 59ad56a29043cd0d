using Whittle.Examples.Baselines;
using Whittle.Examples.Measurements;

namespace Whittle.Bench.Kernels;

/// <summary>One product of a layer in double precision, and the check of a variant's results against it.</summary>
internal sealed class LayerReference
{
    private readonly KernelProduct product;
    private readonly int rows;
    private readonly int inputs;
    private readonly int outputs;
    private readonly bool hasRelu;
    private readonly float[] input;
    private readonly float[] outputGradient;
    private readonly float[] weights;
    private readonly float[] biases;
    private readonly Bounded[] expected;

    /// <summary>Computes what a variant must give from a copy of what the layer works on.</summary>
    public LayerReference(KernelProduct product, LayerMemory memory, int inputs, int rows, bool hasRelu)
    {
        this.product = product;
        this.rows = rows;
        this.inputs = inputs;
        this.hasRelu = hasRelu;
        outputs = memory.Outputs;
        input = Rows(memory.Input.Span, memory.InputStride, inputs);
        outputGradient = Rows(memory.OutputGradient.Span, memory.OutputStride, outputs);
        weights = Weights(memory);
        biases = Biases(memory);
        var count = product switch
        {
            KernelProduct.Forward => rows * outputs,
            KernelProduct.InputGradient => rows * inputs,
            _ => outputs * (inputs + 1),
        };
        expected = [.. Enumerable.Range(0, count).Select(Expected)];
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
    public void Check(LayerMemory memory) => Check("generated code", product switch
    {
        KernelProduct.Forward => Rows(memory.Output, memory.OutputStride, outputs),
        KernelProduct.InputGradient => Rows(memory.InputGradient.Span, memory.InputStride, inputs),
        _ => [.. Weights(memory), .. Biases(memory)],
    });

    /// <summary>Checks what a generic network wrote.</summary>
    public void Check(GenericNetwork network, int layer) => Check(network.GetType().Name, product switch
    {
        KernelProduct.Forward => network.Activations[layer + 1],
        KernelProduct.InputGradient => network.Gradients[layer],
        _ => [.. network.Layers[layer].Weights, .. network.Layers[layer].Biases],
    });

    /// <summary>Checks what a variant gives.</summary>
    /// <param name="variant">Its name.</param>
    /// <param name="actual">[rows][nOut], [rows][nIn], or weights [nOut][nIn] and then biases after a step of plain descent with a learning rate of 1.</param>
    /// <exception cref="InvalidOperationException">An element is farther from the reference than single precision explains.</exception>
    public void Check(string variant, ReadOnlySpan<float> actual)
    {
        for (var index = 0; index < expected.Length; index++)
        {
            var (value, tolerance) = expected[index];
            if (!(Math.Abs(actual[index] - value) <= tolerance))
            {
                throw new InvalidOperationException($"{variant}, {product}: element {index} is {actual[index]}, but should be {value} within {tolerance}.");
            }
        }
    }

    private Bounded Expected(int index)
    {
        var sum = default(ReferenceSum);
        switch (product)
        {
            case KernelProduct.Forward:
                var (sample, unit) = Math.DivRem(index, outputs);
                sum.Add(biases[unit], 1);
                for (var column = 0; column < inputs; column++)
                {
                    sum.Add(input[(sample * inputs) + column], weights[(unit * inputs) + column]);
                }

                return sum.Bounded with { Value = hasRelu ? Math.Max(0, sum.Bounded.Value) : sum.Bounded.Value };
            case KernelProduct.InputGradient:
                var (row, below) = Math.DivRem(index, inputs);
                for (var above = 0; above < outputs; above++)
                {
                    sum.Add(outputGradient[(row * outputs) + above], weights[(above * inputs) + below]);
                }

                return sum.Bounded with { Value = input[index] > 0 ? sum.Bounded.Value : 0 };
            default:
                var isBias = index >= weights.Length;
                var (output, from) = isBias ? (index - weights.Length, 0) : Math.DivRem(index, inputs);
                sum.Add(isBias ? biases[output] : weights[index], 1);
                for (var sampled = 0; sampled < rows; sampled++)
                {
                    sum.Add(-outputGradient[(sampled * outputs) + output], isBias ? 1 : input[(sampled * inputs) + from]);
                }

                return sum.Bounded;
        }
    }

    private float[] Weights(LayerMemory memory) =>
        [.. from unit in Enumerable.Range(0, outputs) from index in Enumerable.Range(0, inputs) select memory.Weight(unit, index)];

    private float[] Biases(LayerMemory memory) => [.. Enumerable.Range(0, outputs).Select(unit => memory.Bias(unit))];

    private float[] Rows(ReadOnlySpan<float> padded, int stride, int width)
    {
        var packed = new float[rows * width];
        for (var row = 0; row < rows; row++)
        {
            padded.Slice(row * stride, width).CopyTo(packed.AsSpan(row * width));
        }

        return packed;
    }

    /// <summary>A value and how far from it single precision may be.</summary>
    private readonly record struct Bounded(double Value, double Tolerance);

    /// <summary>A sum of products, within (n + 8) 2^-23 sum |x||w| in single precision.</summary>
    private struct ReferenceSum
    {
        private int count;
        private double value;
        private double magnitude;

        public readonly Bounded Bounded => new(value, (count + 8) * Math.Pow(2, -23) * magnitude);

        public void Add(double left, double right)
        {
            count++;
            value += left * right;
            magnitude += Math.Abs(left * right);
        }
    }
}
