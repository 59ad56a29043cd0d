using Whittle.Generator.Lowering;
using Whittle.Generator.Scheduling;

namespace Whittle.Kernels.Tests;

/// <summary>The memory of a pass as arrays by name, filled with random numbers; index errors are exceptions.</summary>
internal sealed class KernelMemory
{
    public KernelMemory(KernelSpec kernel, int panelWidth, int rows, int seed)
    {
        var random = new Random(seed);
        var inputStride = RowLayout.Stride(kernel.Inputs, panelWidth);
        var outputStride = RowLayout.Stride(kernel.Outputs, panelWidth);
        var inNodeRows = kernel.Order == ParameterOrder.NodeRows;
        var panels = ((inNodeRows ? kernel.Inputs : kernel.Outputs) + panelWidth - 1) / panelWidth;
        var parameters = inNodeRows
            ? kernel.Outputs * NodeRowLayout.Stride(kernel.Inputs)
            : panels * panelWidth * (kernel.Inputs + 1);
        Floats = new()
        {
            ["input"] = Random(rows * RowLayout.Stride(kernel.Inputs + (kernel.Product == Product.WeightGradientListed ? ZeroSkipping.MostPadding : 0), panelWidth)),
            ["parameters"] = new float[parameters],
            ["output"] = new float[rows * outputStride],
            ["outputGradient"] = new float[rows * outputStride],
            ["inputGradient"] = new float[rows * inputStride],
            ["transposed"] = new float[(Math.Max(inputStride, outputStride) + 1) * panelWidth],
            ["packedInput"] = new float[kernel.Packs ? GradientPacking.Blocks(kernel.Inputs, panelWidth) * GradientPacking.Height(panelWidth) * rows : 0],
            ["packedGradient"] = new float[kernel.Packs ? rows * panelWidth : 0],
            ["firstMoment"] = new float[parameters],
            ["secondMoment"] = new float[parameters],
            ["projection"] = Random(kernel.Codes is null ? 0 : kernel.Inputs * ProjectionLayout.Width(kernel.Outputs)),
            ["transform"] = Random(kernel.Codes is null ? 0 : (AsymmetricTransform.Extra + 1) * ProjectionLayout.Width(kernel.Outputs)),
            ["sums"] = new float[kernel.Codes is null ? 0 : kernel.Outputs * ProjectionLayout.Width(kernel.Outputs)],
            ["factors"] = Random(kernel.Codes is null ? 0 : kernel.Outputs * AsymmetricTransform.NodeFactors),
        };
        for (var unit = 0; unit < kernel.Outputs; unit++)
        {
            for (var input = 0; input <= kernel.Inputs; input++)
            {
                Floats["parameters"][inNodeRows
                    ? (unit * NodeRowLayout.Stride(kernel.Inputs)) + (input < kernel.Inputs ? input : NodeRowLayout.BiasColumn(kernel.Inputs))
                    : (unit / panelWidth * (kernel.Inputs + 1) * panelWidth) + (input * panelWidth) + (unit % panelWidth)] = random.NextSingle() - 0.5f;
            }

            for (var row = 0; row < rows; row++)
            {
                Floats["outputGradient"][(row * outputStride) + unit] = random.NextSingle() - 0.5f;
            }
        }

        if (inNodeRows)
        {
            // The padding of the weights is zero, and so is that of the inputs, or updates would change it.
            for (var index = 0; index < rows * inputStride; index++)
            {
                Floats["input"][index] = index % inputStride < kernel.Inputs ? Floats["input"][index] : 0;
            }
        }

        var height = GradientPacking.Height(panelWidth);
        for (var index = 0; index < Floats["packedInput"].Length; index++)
        {
            var (row, column) = (index / height % rows, (index / height / rows * height) + (index % height));
            Floats["packedInput"][index] = column < kernel.Inputs ? Floats["input"][(row * inputStride) + column] : column == kernel.Inputs ? 1 : 0;
        }

        var nonZero = Enumerable.Range(0, kernel.Inputs).Where(_ => random.Next(2) == 0 || seed % 2 == 0).ToArray();
        if (kernel.Product == Product.WeightGradientListed)
        {
            // As the runtime ends them: with the biases, in whole tiles.
            nonZero = [.. nonZero, .. Enumerable.Repeat(kernel.Inputs, ZeroSkipping.Entries(nonZero.Length, panelWidth) - nonZero.Length)];
        }

        var nodes = Enumerable.Range(0, kernel.Outputs).Where(_ => random.Next(2) == 0).ToArray();
        var samples = Enumerable.Range(0, rows).Where(_ => random.Next(2) == 0).ToArray();
        Lists = new()
        {
            ["nonZero"] = [.. nonZero, .. new int[NodeRowLayout.EntriesAhead]],
            ["samples"] = samples,
            ["nodes"] = [.. nodes, .. new int[NodeRowLayout.EntriesAhead]],
            ["codes"] = new int[kernel.Codes is null ? 0 : kernel.Outputs / kernel.Codes.Bits * Math.Max(1, nodes.Length)],
        };
        Numbers = new()
        {
            ["rows"] = rows,
            ["nonZeroCount"] = nonZero.Length,
            ["nodeCount"] = nodes.Length,
            ["sampleCount"] = samples.Length,
            ["begin"] = 0,
            ["end"] = (kernel.Product, kernel.Order) switch
            {
                (Product.InputGradient, ParameterOrder.Panels) => kernel.Inputs,
                (Product.Forward, ParameterOrder.NodeRows) => nodes.Length,
                _ => panels,
            },
        };

        if (kernel.Codes is not null)
        {
            // Signs must not depend on rounding: sums of products of these are exact.
            foreach (var floats in Floats.Values)
            {
                Array.ForEach([.. Enumerable.Range(0, floats.Length)], index => floats[index] = MathF.Round(floats[index] * 16) / 16);
            }
        }

        float[] Random(int count) => Enumerable.Range(0, count).Select(_ => random.NextSingle() - 0.5f).ToArray();
    }

    public Dictionary<string, float[]> Floats { get; }

    /// <summary>Index lists with what is readable past their ends.</summary>
    public Dictionary<string, int[]> Lists { get; }

    public Dictionary<string, int> Numbers { get; }

    public ReadOnlySpan<int> List(ListExtent list) => Lists[list.List].AsSpan(0, Numbers[list.CountName]);

    public float[] Of(Generator.Lowering.Buffer buffer) => Floats[NamesUsed.NameOf(buffer)];
}
