using Whittle.Generator.Isa;
using Whittle.Generator.Lowering;
using Whittle.Generator.Scheduling;

namespace Whittle.Kernels.Tests;

/// <summary>One layer with random numbers in guarded memory, and what each product must be in double precision.</summary>
internal sealed class LayerCase : IDisposable
{
    private readonly string isa;
    private readonly int inputs;
    private readonly int outputs;
    private readonly Activation activation;
    private readonly float slope;
    private readonly int width;
    private readonly int inputStride;
    private readonly int outputStride;
    private readonly int listedStride;
    private readonly int panels;
    private readonly GuardedBuffer input;
    private readonly GuardedBuffer parameters;
    private readonly GuardedBuffer output;
    private readonly GuardedBuffer outputGradient;
    private readonly GuardedBuffer inputGradient;
    private readonly GuardedBuffer first;
    private readonly GuardedBuffer second;
    private readonly GuardedBuffer transposed;
    private readonly GuardedBuffer packedInput;
    private readonly GuardedBuffer sideBySide;
    private readonly GuardedBuffer packedGradient;
    private readonly float[] weights;
    private readonly int[] nonZero;
    private readonly Random random;

    public LayerCase(string isa, int inputs, int outputs, Activation activation, float slope, int rows)
    {
        (this.isa, this.inputs, this.outputs, this.activation, this.slope, Rows) = (isa, inputs, outputs, activation, slope, rows);
        random = new Random((((inputs * 31) + outputs) * 31) + rows);
        width = Scheduler.PanelWidth(InstructionTable.Named(isa));
        inputStride = RowLayout.Stride(inputs, width);
        outputStride = RowLayout.Stride(outputs, width);
        panels = (outputs + width - 1) / width;
        var parameterCount = panels * width * (inputs + 1);
        input = new("input", rows * inputStride);
        output = new("output", rows * outputStride);
        outputGradient = new("outputGradient", rows * outputStride);
        inputGradient = new("inputGradient", rows * inputStride);
        parameters = new("parameters", parameterCount);
        first = new("firstMoment", parameterCount);
        second = new("secondMoment", parameterCount);
        transposed = new("transposed", (outputs + 15) / 16 * 16 * width);
        packedInput = new("packedInput", GradientPacking.Blocks(inputs, width) * GradientPacking.Height(width) * rows);
        packedGradient = new("packedGradient", rows * width);
        listedStride = RowLayout.Stride(inputs + ZeroSkipping.MostPadding, width);
        sideBySide = new("sideBySide", rows * listedStride);
        weights = new float[(inputs + 1) * outputs];
        nonZero = new int[inputs];
        Fill();
    }

    public int Rows { get; }

    /// <summary>The kernel of a product; the batch it is tiled for decides the height of its tiles.</summary>
    public static KernelSpec Kernel(string isa, Product product, int inputs, int outputs, Activation activation, float slope, int batch)
    {
        var table = InstructionTable.Named(isa);
        return Kernel(isa, product, inputs, outputs, activation, slope, batch, product == Product.InputGradient && Scheduler.Transposes(batch, outputs, table));
    }

    /// <summary>The same, with a say in how an input gradient is computed.</summary>
    public static KernelSpec Kernel(string isa, Product product, int inputs, int outputs, Activation activation, float slope, int batch, bool transposes)
    {
        var updates = product is Product.WeightGradient or Product.WeightGradientListed or Product.WeightGradientSingle;
        var rows = product switch
        {
            Product.WeightGradient => inputs,
            Product.Forward or Product.ForwardListed or Product.InputGradient => batch,
            _ => 1,
        };
        return new KernelSpec(
            product,
            isa,
            inputs,
            outputs,
            updates ? default : (Generator.Shared.Activation)activation,
            updates || activation != Activation.LeakyRelu ? 0 : slope,
            Scheduler.TileRows(product, rows, InstructionTable.Named(isa), transposes),
            transposes);
    }

    /// <summary>The kernel of a weight gradient from copies of its inputs and gradients.</summary>
    public static KernelSpec Packing(string isa, int inputs, int outputs, Product product = Product.WeightGradient) => Kernel(isa, product, inputs, outputs, default, 0, 1) with
    {
        Packs = true,
        TileRows = Scheduler.TileRows(product, inputs, InstructionTable.Named(isa), packs: true),
    };

    public void CheckForward(KernelRun run, string where) => CheckForward(run, [.. Enumerable.Range(0, inputs)], where);

    /// <summary>Checks a product over a list of inputs, which lie side by side in its order: all, some, one and none.</summary>
    public void CheckForwardListed(KernelRun run, string where)
    {
        int[][] lists = [[.. Enumerable.Range(0, inputs)], [.. Enumerable.Range(0, inputs).Where(i => i % 3 == 1)], [inputs - 1], []];
        foreach (var list in lists)
        {
            CheckForward((scoped ref readonly LayerPass pass) =>
            {
                var listed = pass;
                listed.NonZero = ref System.Runtime.InteropServices.MemoryMarshal.GetArrayDataReference(list);
                listed.NonZeroCount = (nuint)list.Length;
                run(in listed);
            }, list, where);
        }
    }

    private void CheckForward(KernelRun run, int[] list, string where)
    {
        GuardedBuffer.Seal(output.Span);
        var pass = Pass();
        run(in pass);
        AssertGuards(where);
        for (var row = 0; row < Rows; row++)
        {
            for (var column = 0; column < outputs; column++)
            {
                double z = weights[(inputs * outputs) + column], size = Math.Abs(z);
                for (var entry = 0; entry < list.Length; entry++)
                {
                    double product = (double)input.Span[(row * inputStride) + entry] * weights[(list[entry] * outputs) + column];
                    z += product;
                    size += Math.Abs(product);
                }

                AssertNear(Reference.Activate(activation, slope, z), output.Span[(row * outputStride) + column], inputs, size, where, row, column);
            }
        }
    }

    /// <summary>Checks the gradient of every input; one that turns W round may write zeros into the padding.</summary>
    public void CheckInputGradient(KernelRun run, bool transposes, string where)
    {
        GuardedBuffer.Seal(inputGradient.Span);
        GuardedBuffer.Seal(transposed.Span);
        var pass = Pass();
        pass.End = (nuint)inputs;
        run(in pass);
        AssertGuards(where);
        for (var row = 0; row < Rows; row++)
        {
            for (var i = 0; i < inputs; i++)
            {
                double sum = 0, size = 0;
                for (var column = 0; column < outputs; column++)
                {
                    double product = (double)outputGradient.Span[(row * outputStride) + column] * weights[(i * outputs) + column];
                    sum += product;
                    size += Math.Abs(product);
                }

                var at = (row * inputStride) + i;
                AssertNear(sum * Reference.DerivativeAt(activation, slope, input.Span[at]), inputGradient.Span[at], outputs, size, where, row, i);
            }

            var padding = inputGradient.Span[((row * inputStride) + inputs)..((row + 1) * inputStride)];
            if (transposes)
            {
                padding = padding.TrimStart(0);
            }

            if (!GuardedBuffer.IsSealed(padding))
            {
                Assert.Fail($"{where} wrote into the padding of row {row}.");
            }
        }
    }

    /// <summary>Checks the update, the gradient of the listed inputs of one row, and that the others keep what they have.</summary>
    public void CheckBackwardSingle(UpdateRun<ProbeRule> run, string where)
    {
        GuardedBuffer.Seal(inputGradient.Span);
        CheckWeightGradient(run, where);
        for (var i = 0; i < inputStride; i++)
        {
            if (i >= inputs || input.Span[i] == 0)
            {
                Assert.True(GuardedBuffer.IsSealed(inputGradient.Span.Slice(i, 1)), $"{where} wrote the gradient of input {i}, which is not listed.");
                continue;
            }

            double sum = 0, size = 0;
            for (var column = 0; column < outputs; column++)
            {
                double product = (double)outputGradient.Span[column] * weights[(i * outputs) + column];
                sum += product;
                size += Math.Abs(product);
            }

            AssertNear(sum * Reference.DerivativeAt(activation, slope, input.Span[i]), inputGradient.Span[i], outputs, size, where, 0, i);
        }
    }

    /// <summary>Checks the gradient (as a rule that subtracts it sees it), both moments, and that padding stays zero.</summary>
    public void CheckWeightGradient(UpdateRun<ProbeRule> run, string where)
    {
        PackInputs();
        CheckWeightGradient(run, _ => true, where);
    }

    /// <summary>The same for some inputs, as the runtime lists them: many, one and none; the others' parameters and moments stay.</summary>
    public void CheckWeightGradientListed(UpdateRun<ProbeRule> run, string where)
    {
        int[][] lists = [[.. Enumerable.Range(0, inputs)], [.. Enumerable.Range(0, inputs).Where(i => i % 3 != 1)], [inputs - 1], []];
        foreach (var list in lists)
        {
            var entries = ZeroSkipping.Entries(list.Length, width);
            int[] listed = [.. list, .. Enumerable.Repeat(inputs, entries - list.Length), .. new int[IndexSample.Padding]];
            GuardedBuffer.Seal(sideBySide.Span);
            GuardedBuffer.Seal(packedInput.Span);
            GuardedBuffer.Seal(packedGradient.Span);
            Pack(entries, (row, entry) => entry < list.Length ? input.Span[(row * inputStride) + list[entry]] : entry == list.Length ? 1 : 0);
            CheckWeightGradient(
                (scoped ref readonly ProbeRule rule, scoped ref readonly LayerPass pass) =>
                {
                    var some = pass;
                    some.Input = ref sideBySide.Start;
                    some.NonZero = ref System.Runtime.InteropServices.MemoryMarshal.GetArrayDataReference(listed);
                    some.NonZeroCount = (nuint)entries;
                    run(in rule, in some);
                },
                i => i == inputs || list.Contains(i),
                where);
        }
    }

    private void CheckWeightGradient(UpdateRun<ProbeRule> run, Func<int, bool> isListed, string where)
    {
        first.Span.Clear();
        second.Span.Fill(2);
        var pass = Pass();
        var rule = default(ProbeRule);
        run(in rule, in pass);
        AssertGuards(where);
        for (var i = 0; i <= inputs; i++)
        {
            for (var column = 0; column < panels * width; column++)
            {
                double sum = 0, size = 0;
                for (var row = 0; row < Rows && column < outputs && isListed(i); row++)
                {
                    double product = (i == inputs ? 1 : input.Span[(row * inputStride) + i]) * (double)outputGradient.Span[(row * outputStride) + column];
                    sum += product;
                    size += Math.Abs(product);
                }

                var before = column < outputs ? weights[(i * outputs) + column] : 0;
                var at = At(i, column);
                AssertNear(before - sum, parameters.Span[at], Rows, size + Math.Abs(before), where, i, column);
                AssertNear(sum, first.Span[at], Rows, size, where, i, column);
                AssertNear(first.Span[at] != 0 ? 3 : 2, second.Span[at], 0, 0, where, i, column);
            }
        }

        FillParameters();
    }

    public void Dispose()
    {
        foreach (var buffer in Buffers)
        {
            buffer.Dispose();
        }
    }

    private GuardedBuffer[] Buffers => [input, parameters, output, outputGradient, inputGradient, first, second, transposed, packedInput, packedGradient, sideBySide];

    private void AssertGuards(string where)
    {
        foreach (var buffer in Buffers)
        {
            buffer.AssertGuards(where);
        }
    }

    private int At(int row, int column) => (column / width * (inputs + 1) * width) + (row * width) + (column % width);

    private void Fill()
    {
        outputGradient.Span.Clear();
        for (var row = 0; row < Rows; row++)
        {
            for (var i = 0; i < inputs; i++)
            {
                input.Span[(row * inputStride) + i] = random.Next(3) == 0 ? 0 : random.NextSingle() - 0.3f;
            }

            // The padding of activations is finite, and nothing that counts depends on it.
            input.Span[((row * inputStride) + inputs)..((row + 1) * inputStride)].Fill(1e10f);

            for (var column = 0; column < outputs; column++)
            {
                outputGradient.Span[(row * outputStride) + column] = random.NextSingle() - 0.5f;
            }
        }

        for (var index = 0; index < weights.Length; index++)
        {
            weights[index] = random.NextSingle() - 0.5f;
        }

        FillParameters();
    }

    private unsafe void PackInputs()
    {
        GuardedBuffer.Seal(packedInput.Span);
        GuardedBuffer.Seal(packedGradient.Span);
        fixed (float* from = &input.Start, to = &packedInput.Start)
        {
            InputPacking.Run(from, (nuint)inputStride, inputs, Rows, GradientPacking.Height(width), to, 0, GradientPacking.Blocks(inputs, width));
        }
    }

    /// <summary>Values of listed inputs side by side, row by row and in blocks.</summary>
    private void Pack(int entries, Func<int, int, float> value)
    {
        var height = GradientPacking.Height(width);
        for (var row = 0; row < Rows; row++)
        {
            for (var entry = 0; entry < entries; entry++)
            {
                sideBySide.Span[(row * listedStride) + entry] = value(row, entry);
                packedInput.Span[(((entry / height * Rows) + row) * height) + (entry % height)] = value(row, entry);
            }
        }
    }

    private void FillParameters()
    {
        parameters.Span.Clear();
        for (var i = 0; i <= inputs; i++)
        {
            for (var column = 0; column < outputs; column++)
            {
                parameters.Span[At(i, column)] = weights[(i * outputs) + column];
            }
        }
    }

    private LayerPass Pass()
    {
        var count = 0;
        for (var i = 0; i < inputs; i++)
        {
            if (input.Span[i] != 0)
            {
                nonZero[count++] = i;
            }
        }

        return new LayerPass
        {
            Input = ref input.Start,
            Parameters = ref parameters.Start,
            Transposed = ref transposed.Start,
            PackedInput = ref packedInput.Start,
            PackedGradient = ref packedGradient.Start,
            FirstMoment = ref first.Start,
            SecondMoment = ref second.Start,
            Output = ref output.Start,
            OutputGradient = ref outputGradient.Start,
            InputGradient = ref inputGradient.Start,
            NonZero = ref nonZero[0],
            NonZeroCount = (nuint)count,
            Rows = (nuint)Rows,
            Begin = 0,
            End = (nuint)panels,
        };
    }

    /// <summary>The stated tolerance of a product, and a few units in the last place of a function with an exponential.</summary>
    public static void AssertNear(double expected, float actual, int n, double size, string where, int row, int column)
    {
        var tolerance = ((n + 8) * Math.Pow(2, -23) * size) + 4e-7;
        if (!(Math.Abs(expected - actual) <= tolerance))
        {
            Assert.Fail($"{where} at [{row}, {column}]: expected {expected:R} within {tolerance:R}, was {actual:R}.");
        }
    }
}
