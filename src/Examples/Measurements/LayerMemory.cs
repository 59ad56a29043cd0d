using System.Runtime.InteropServices;

namespace Whittle.Examples.Measurements;

/// <summary>The buffers of one layer in the layout of generated kernels, so that a kernel can run on its own.</summary>
public sealed class LayerMemory
{
    // Kernels read as many entries past the end of a list.
    private const int FetchedAhead = 48;

    // A listed weight gradient may round its list up by as many entries.
    private const int MostPadding = 12;

    private readonly int width = InstructionSets.PanelWidth(InstructionSets.Active);
    private readonly int inputs;
    private readonly int rows;
    private readonly int panels;
    private readonly int[] nonZero;
    private readonly AlignedBuffer parameters;
    private readonly AlignedBuffer output;
    private readonly AlignedBuffer transposed;
    private readonly AlignedBuffer sideBySide;

    /// <summary>Allocates the buffers of a layer.</summary>
    /// <param name="inputs">nIn.</param>
    /// <param name="outputs">nOut.</param>
    /// <param name="rows">Rows of the batch.</param>
    public LayerMemory(int inputs, int outputs, int rows)
    {
        this.inputs = inputs;
        this.rows = rows;
        Outputs = outputs;
        panels = (outputs + width - 1) / width;
        InputStride = InstructionSets.RowStride(InstructionSets.Active, inputs);
        OutputStride = InstructionSets.RowStride(InstructionSets.Active, outputs);
        parameters = new AlignedBuffer(panels * (inputs + 1) * width);
        output = new AlignedBuffer(rows * OutputStride);
        transposed = new AlignedBuffer(width * OutputStride);
        Input = new AlignedBuffer(rows * InputStride);
        OutputGradient = new AlignedBuffer(rows * OutputStride);
        InputGradient = new AlignedBuffer(rows * InputStride);
        nonZero = new int[inputs + MostPadding + FetchedAhead];
        sideBySide = new AlignedBuffer(rows * InstructionSets.RowStride(InstructionSets.Active, inputs + MostPadding));
    }

    /// <summary>nOut.</summary>
    public int Outputs { get; }

    /// <summary>Floats from one row of inputs to the next.</summary>
    public int InputStride { get; }

    /// <summary>Floats from one row of outputs to the next.</summary>
    public int OutputStride { get; }

    /// <summary>x, [rows][InputStride].</summary>
    public AlignedBuffer Input { get; }

    /// <summary>dL/dz, [rows][OutputStride].</summary>
    public AlignedBuffer OutputGradient { get; }

    /// <summary>dL/dz of the layer below, [rows][InputStride].</summary>
    public AlignedBuffer InputGradient { get; }

    /// <summary>a, [rows][OutputStride].</summary>
    public ReadOnlySpan<float> Output => output.Span;

    /// <summary>One weight, wherever its panel lies.</summary>
    public ref float Weight(int outputUnit, int input) =>
        ref parameters.Span[(outputUnit / width * (inputs + 1) * width) + (input * width) + (outputUnit % width)];

    /// <summary>One bias.</summary>
    public ref float Bias(int outputUnit) => ref Weight(outputUnit, inputs);

    /// <summary>Fills inputs (half of them zero, as after ReLU), parameters and output gradients with numbers of a seed.</summary>
    public void FillRandomly(int seed)
    {
        var random = new Random(seed);
        for (var row = 0; row < rows; row++)
        {
            for (var input = 0; input < inputs; input++)
            {
                Input.Span[(row * InputStride) + input] = Math.Max(0, random.NextSingle() - 0.5f);
            }

            for (var unit = 0; unit < Outputs; unit++)
            {
                OutputGradient.Span[(row * OutputStride) + unit] = (random.NextSingle() - 0.5f) / rows;
            }
        }

        var scale = 1 / MathF.Sqrt(inputs);
        for (var unit = 0; unit < Outputs; unit++)
        {
            for (var input = 0; input <= inputs; input++)
            {
                Weight(unit, input) = (random.NextSingle() - 0.5f) * scale;
            }
        }
    }

    /// <summary>What a kernel takes. Inputs must be filled in before; those of the first row that are not zero are listed, for a weight gradient all.</summary>
    public LayerPass Pass(KernelProduct product)
    {
        var count = 0;
        for (var input = 0; input < inputs; input++)
        {
            if (Input.Span[input] != 0)
            {
                nonZero[count++] = input;
            }
        }

        if (product == KernelProduct.WeightGradientListed)
        {
            count = ListAll();
        }

        return new LayerPass
        {
            Input = ref product == KernelProduct.WeightGradientListed ? ref sideBySide.First : ref Input.First,
            Parameters = ref parameters.First,
            Transposed = ref transposed.First,
            FirstMoment = ref parameters.First,
            SecondMoment = ref parameters.First,
            Output = ref output.First,
            OutputGradient = ref OutputGradient.First,
            InputGradient = ref InputGradient.First,
            NonZero = ref MemoryMarshal.GetArrayDataReference(nonZero),
            NonZeroCount = (nuint)count,
            Rows = (nuint)rows,
            Begin = 0,
            End = (nuint)(product == KernelProduct.InputGradient ? inputs : panels),
        };
    }

    /// <summary>Lists all inputs and the biases, whose value is 1, in whole tiles, and copies their values.</summary>
    private int ListAll()
    {
        var tile = width >= 32 ? 12 : 6;
        var entries = (inputs + tile) / tile * tile;
        var stride = InstructionSets.RowStride(InstructionSets.Active, inputs + MostPadding);
        for (var entry = 0; entry < entries; entry++)
        {
            nonZero[entry] = Math.Min(entry, inputs);
            for (var row = 0; row < rows; row++)
            {
                sideBySide.Span[(row * stride) + entry] = entry < inputs ? Input.Span[(row * InputStride) + entry] : entry == inputs ? 1 : 0;
            }
        }

        return entries;
    }
}
