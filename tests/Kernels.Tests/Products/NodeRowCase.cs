using Whittle.Generator.Isa;
using Whittle.Generator.Lowering;
using Whittle.Generator.Scheduling;

namespace Whittle.Kernels.Tests;

/// <summary>One layer with a row of parameters for each node, some of its nodes listed, in guarded memory, and what each product must be.</summary>
internal sealed class NodeRowCase : IDisposable
{
    private readonly int inputs;
    private readonly int outputs;
    private readonly Activation activation;
    private readonly float slope;
    private readonly int rows;
    private readonly int inputStride;
    private readonly int outputStride;
    private readonly int stride;
    private readonly int panels;
    private readonly int width;
    private readonly GuardedBuffer input;
    private readonly GuardedBuffer parameters;
    private readonly GuardedBuffer output;
    private readonly GuardedBuffer outputGradient;
    private readonly GuardedBuffer inputGradient;
    private readonly GuardedBuffer first;
    private readonly GuardedBuffer second;
    private readonly GuardedBuffer transposed;
    private readonly int[] nodes;
    private readonly int[] paddedNodes;

    public NodeRowCase(string isa, int inputs, int outputs, Activation activation, float slope, int rows, double share)
    {
        (this.inputs, this.outputs, this.activation, this.slope, this.rows) = (inputs, outputs, activation, slope, rows);
        var random = new Random((((inputs * 31) + outputs) * 31) + rows);
        width = Scheduler.PanelWidth(InstructionTable.Named(isa));
        inputStride = RowLayout.Stride(inputs, width);
        outputStride = RowLayout.Stride(outputs, width);
        panels = (inputs + width - 1) / width;
        stride = NodeRowLayout.Stride(inputs);
        input = new("input", rows * inputStride);
        output = new("output", rows * outputStride);
        outputGradient = new("outputGradient", rows * outputStride);
        inputGradient = new("inputGradient", rows * inputStride);
        parameters = new("parameters", outputs * stride);
        first = new("firstMoment", outputs * stride);
        second = new("secondMoment", outputs * stride);
        transposed = new("transposed", (((inputs + 15) / 16 * 16) + 1) * width);
        nodes = [.. Enumerable.Range(0, outputs).Where(_ => random.NextDouble() < share)];
        paddedNodes = [.. nodes, .. new int[NodeRowLayout.EntriesAhead]];
        for (var row = 0; row < rows; row++)
        {
            for (var i = 0; i < inputStride; i++)
            {
                // Where the padding of the inputs is not zero, the padding of the weights is.
                input.Span[(row * inputStride) + i] = i >= inputs ? 0 : random.Next(3) == 0 ? 0 : random.NextSingle() - 0.3f;
            }
        }

        foreach (ref var value in outputGradient.Span)
        {
            value = random.NextSingle() - 0.5f;
        }

        parameters.Span.Clear();
        for (var node = 0; node < outputs; node++)
        {
            for (var i = 0; i <= inputs; i++)
            {
                parameters.Span[(node * stride) + (i < inputs ? i : NodeRowLayout.BiasColumn(inputs))] = random.NextSingle() - 0.5f;
            }
        }
    }

    /// <summary>The kernel of a product; the batch it is tiled for decides the height of its tiles.</summary>
    public static KernelSpec Kernel(string isa, Product product, int inputs, int outputs, Activation activation, float slope, int batch)
    {
        var updates = product is Product.WeightGradient or Product.WeightGradientSingle or Product.WeightGradientSparse;
        return new KernelSpec(
            product,
            isa,
            inputs,
            outputs,
            updates ? default : (Generator.Shared.Activation)activation,
            updates || activation != Activation.LeakyRelu ? 0 : slope,
            Scheduler.TileRows(product, product is Product.WeightGradient or Product.Forward or Product.InputGradient ? batch : 1, InstructionTable.Named(isa), order: ParameterOrder.NodeRows),
            Order: ParameterOrder.NodeRows);
    }

    /// <summary>Checks the product of a batch, in the order of the list of nodes; inputs lie in the order of theirs.</summary>
    public void CheckForward(KernelRun run, string where)
    {
        foreach (var inputList in InputLists)
        {
            GuardedBuffer.Seal(output.Span);
            GuardedBuffer.Seal(transposed.Span);
            var pass = Pass();
            pass.NonZero = ref System.Runtime.InteropServices.MemoryMarshal.GetArrayDataReference(inputList);
            pass.NonZeroCount = (nuint)inputList.Length;
            pass.End = (nuint)nodes.Length;
            run(in pass);
            AssertGuards(where);
            for (var row = 0; row < rows; row++)
            {
                for (var entry = 0; entry < nodes.Length; entry++)
                {
                    CheckOutput(inputList, nodes[entry], row, (row * outputStride) + entry, where);
                }

                var end = (nodes.Length + width - 1) / width * width;
                var padding = output.Span[((row * outputStride) + nodes.Length)..((row * outputStride) + end)];
                Assert.All(padding.ToArray(), value => Assert.InRange(value, 0, 0.5f));
                Assert.True(GuardedBuffer.IsSealed(output.Span[((row * outputStride) + end)..((row + 1) * outputStride)]), $"{where} wrote past the panels of row {row}.");
            }
        }
    }

    /// <summary>Checks the product of one sample, where each node's result lies at its own place.</summary>
    public void CheckForwardSingle(KernelRun run, string where)
    {
        GuardedBuffer.Seal(output.Span);
        Run(run, where);
        for (var node = 0; node < outputStride; node++)
        {
            if (nodes.Contains(node))
            {
                CheckOutput(InputLists[0], node, 0, node, where);
            }
            else
            {
                Assert.True(GuardedBuffer.IsSealed(output.Span.Slice(node, 1)), $"{where} wrote node {node}, which is not listed.");
            }
        }
    }

    /// <summary>Checks the gradient of every input; the gradients of a batch lie in the order of the list, those of one sample at their nodes.</summary>
    public void CheckInputGradient(KernelRun run, bool inOrderOfList, string where)
    {
        GuardedBuffer.Seal(inputGradient.Span);
        Run(run, where);
        for (var row = 0; row < rows; row++)
        {
            for (var i = 0; i < inputs; i++)
            {
                double sum = 0, size = 0;
                foreach (var (entry, node) in nodes.Index())
                {
                    double product = (double)outputGradient.Span[(row * outputStride) + (inOrderOfList ? entry : node)] * parameters.Span[(node * stride) + i];
                    sum += product;
                    size += Math.Abs(product);
                }

                var at = (row * inputStride) + i;
                LayerCase.AssertNear(sum * Reference.DerivativeAt(activation, slope, input.Span[at]), inputGradient.Span[at], outputs, size, where, row, i);
            }
        }
    }

    /// <summary>Checks the rows of the listed nodes; gradients lie in the order of the list, or for one sample at their nodes.</summary>
    public void CheckWeightGradient(UpdateRun<ProbeRule> run, bool inOrderOfList, string where)
    {
        first.Span.Clear();
        second.Span.Fill(2);
        var before = parameters.Span.ToArray();
        var pass = Pass();
        var rule = default(ProbeRule);
        run(in rule, in pass);
        AssertGuards(where);
        for (var node = 0; node < outputs; node++)
        {
            var entry = Array.IndexOf(nodes, node);
            for (var i = 0; i < stride; i++)
            {
                double sum = 0, size = 0;
                for (var row = 0; row < rows && entry >= 0 && i < inputs; row++)
                {
                    double product = (double)input.Span[(row * inputStride) + i] * outputGradient.Span[(row * outputStride) + (inOrderOfList ? entry : node)];
                    sum += product;
                    size += Math.Abs(product);
                }

                var at = (node * stride) + i;
                LayerCase.AssertNear(before[at] - sum, parameters.Span[at], rows, size + Math.Abs(before[at]), where, node, i);
                LayerCase.AssertNear(sum, first.Span[at], rows, size, where, node, i);
                LayerCase.AssertNear(first.Span[at] != 0 ? 3 : 2, second.Span[at], 0, 0, where, node, i);
            }
        }

        before.CopyTo(parameters.Span);
    }

    /// <summary>Checks the row of one node, from all samples, some, one and none; their gradients lie in the order of their list.</summary>
    public void CheckWeightGradientSparse(UpdateRun<ProbeRule> run, string where)
    {
        var node = outputs / 2;
        var start = node * stride;
        var before = parameters.Span.ToArray();
        foreach (var samples in SampleLists)
        {
            first.Span.Clear();
            second.Span.Fill(2);

            // Kernels read nothing past the end of the list.
            int[] paddedSamples = [.. samples, int.MaxValue];
            var pass = Pass();
            pass.Parameters = ref parameters.Span[start];
            pass.FirstMoment = ref first.Span[start];
            pass.SecondMoment = ref second.Span[start];
            pass.Samples = ref paddedSamples[0];
            pass.SampleCount = (nuint)samples.Length;
            var rule = default(ProbeRule);
            run(in rule, in pass);
            AssertGuards(where);
            for (var at = 0; at < parameters.Span.Length; at++)
            {
                var i = at - start;
                double sum = 0, size = 0;
                for (var entry = 0; entry < samples.Length && i >= 0 && i < inputs; entry++)
                {
                    double product = (double)input.Span[(samples[entry] * inputStride) + i] * outputGradient.Span[entry];
                    sum += product;
                    size += Math.Abs(product);
                }

                LayerCase.AssertNear(before[at] - sum, parameters.Span[at], rows, size + Math.Abs(before[at]), where, at / stride, at % stride);
                LayerCase.AssertNear(sum, first.Span[at], rows, size, where, at / stride, at % stride);
                LayerCase.AssertNear(first.Span[at] != 0 ? 3 : 2, second.Span[at], 0, 0, where, at / stride, at % stride);
            }

            before.CopyTo(parameters.Span);
        }
    }

    /// <summary>Checks that the weights of so many of the first nodes, all of which are listed, are updated once, and biases not at all.</summary>
    public void CheckUpdates(UpdateRun<CountingRule> run, int updated, string where)
    {
        first.Span.Clear();
        var pass = Pass();
        int[] samples = SampleLists[0];
        pass.Samples = ref samples[0];
        pass.SampleCount = (nuint)rows;
        var rule = default(CountingRule);
        run(in rule, in pass);
        AssertGuards(where);
        for (var node = 0; node < outputs; node++)
        {
            var counts = first.Span.Slice(node * stride, stride).ToArray();
            Assert.All(counts[..inputs], (count, i) => Assert.True(count == (node < updated ? 1 : 0), $"{where} updates weight {i} of node {node} {count} times."));
            Assert.All(counts[NodeRowLayout.BiasColumn(inputs)..], count => Assert.True(count == 0, $"{where} updates the bias of node {node}."));
        }
    }

    public void Dispose()
    {
        foreach (var buffer in Buffers)
        {
            buffer.Dispose();
        }
    }

    private GuardedBuffer[] Buffers => [input, parameters, output, outputGradient, inputGradient, first, second, transposed];

    /// <summary>All inputs, some, one and none.</summary>
    private int[][] InputLists => [[.. Enumerable.Range(0, inputs)], [.. Enumerable.Range(0, inputs).Where(i => i % 3 == 1)], [inputs - 1], []];

    /// <summary>All samples, some, one and none.</summary>
    private int[][] SampleLists => [[.. Enumerable.Range(0, rows)], [.. Enumerable.Range(0, rows).Where(row => row % 3 == 1)], [rows - 1], []];

    private void CheckOutput(int[] inputList, int node, int row, int at, string where)
    {
        double z = parameters.Span[(node * stride) + NodeRowLayout.BiasColumn(inputs)], size = Math.Abs(z);
        for (var entry = 0; entry < inputList.Length; entry++)
        {
            double product = (double)input.Span[(row * inputStride) + entry] * parameters.Span[(node * stride) + inputList[entry]];
            z += product;
            size += Math.Abs(product);
        }

        LayerCase.AssertNear(Reference.Activate(activation, slope, z), output.Span[at], inputs, size, where, row, node);
    }

    private void Run(KernelRun run, string where)
    {
        var pass = Pass();
        run(in pass);
        AssertGuards(where);
    }

    private void AssertGuards(string where)
    {
        foreach (var buffer in Buffers)
        {
            buffer.AssertGuards(where);
        }
    }

    private LayerPass Pass() => new()
    {
        Input = ref input.Start,
        Parameters = ref parameters.Start,
        FirstMoment = ref first.Start,
        SecondMoment = ref second.Start,
        Output = ref output.Start,
        OutputGradient = ref outputGradient.Start,
        InputGradient = ref inputGradient.Start,
        Transposed = ref transposed.Start,
        Nodes = ref paddedNodes[0],
        NodeCount = (nuint)nodes.Length,
        Rows = (nuint)rows,
        Begin = 0,
        End = (nuint)panels,
    };
}
