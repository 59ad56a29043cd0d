using System.Runtime.Intrinsics;
using Whittle.Generator.Isa;
using Whittle.Generator.Lowering;
using Whittle.Generator.Model;
using Whittle.Generator.Scheduling;

namespace Whittle.Kernels.Tests;

/// <summary>The backward pass of whole small networks gives the reference's gradients and updates with them, in poisoned memory.</summary>
public class FusedBackwardTests
{
    private static readonly Activation[] Activations = [Activation.Relu, Activation.Identity, Activation.Tanh, Activation.LeakyRelu, Activation.Sigmoid];

    [Fact]
    public void Every_width_from_1_to_50_gives_the_reference() =>
        Check(InstructionSets.Active.ToString(), [1, 5], [.. Sizes(50, [1, 5, 17]).Select(width => (int[])[7, width, 51 - width, 3])]);

    [Fact]
    public void Every_number_of_inputs_from_1_to_34_gives_the_reference() =>
        Check(InstructionSets.Active.ToString(), [1, 2, 6], [.. Sizes(34, [1, 9]).Select(inputs => (int[])[inputs, 5, 9])]);

    [Theory]
    [InlineData("Avx512")]
    [InlineData("Avx2")]
    [InlineData("Portable")]
    public void Every_instruction_set_gives_the_reference_even_where_vectors_are_emulated(string isa) =>
        Check(isa, Vector128.IsHardwareAccelerated ? [.. Enumerable.Range(1, 11)] : [1, 5], Vector128.IsHardwareAccelerated ? [.. Shapes, [5, 1, 150, 8]] : [[8, 7, 3], [1, 1]]);

    /// <summary>Shapes of networks; few in a second look.</summary>
    internal static int[][] Shapes =>
        ShapeSweepTests.IsRerun ? [[37, 113, 5], [8, 7, 3], [1, 1]] : [[37, 113, 5], [64, 32, 32, 1], [8, 7, 3], [1, 1], [31, 190, 1], [3, 17, 33, 2, 1]];

    /// <summary>Every size up to one; fewer in a second look, where whole panels and their neighbours are met all the same, and few in software.</summary>
    internal static IEnumerable<int> Sizes(int most, int[] few) => !Vector128.IsHardwareAccelerated ? few
        : Enumerable.Range(1, most).Where(size => !ShapeSweepTests.IsRerun || size % 8 is 0 or 1 or 7);

    private static void Check(string isa, int[] batches, int[][] shapes)
    {
        var networks = shapes.Select((shape, index) => new FusedKernel(FusedPass.Backward, isa, shape.Skip(1).Select((units, layer) =>
        {
            var activation = Activations[(index + layer) % Activations.Length];
            return new FusedLayer(shape[layer], units, (Generator.Shared.Activation)activation, activation == Activation.LeakyRelu ? 0.1f : 0);
        }).ToEquatableArray())).ToArray();
        using var compiled = new CompiledKernels(networks);
        foreach (var network in networks)
        {
            foreach (var rows in batches)
            {
                using var memory = new Memory(network, rows, capacity: rows + (rows % 3), inputStride: network.Layers[0].Inputs + (rows % 2));
                memory.Check(new GradientRule(), compiled.Run<GradientRule>(network));
                memory.Check(new SgdRule(0.1f), compiled.Run<SgdRule>(network));
                memory.Check(new AdamRule(3, 0.1f, 0.9f, 0.99f, 1e-3f, 0.1f, decoupled: true), compiled.Run<AdamRule>(network));
            }
        }
    }

    /// <summary>A network after its forward pass and its loss, with random numbers.</summary>
    private sealed class Memory : IDisposable
    {
        private readonly FusedKernel network;
        private readonly int rows;
        private readonly int capacity;
        private readonly int inputStride;
        private readonly int width;
        private readonly int[] strides;
        private readonly int[] rowStarts;
        private readonly int[] parameterStarts;
        private readonly string where;
        private readonly GuardedBuffer input;
        private readonly GuardedBuffer parameters;
        private readonly GuardedBuffer first;
        private readonly GuardedBuffer second;
        private readonly GuardedBuffer activations;
        private readonly GuardedBuffer gradients;
        private readonly GuardedBuffer scratch;

        public Memory(FusedKernel network, int rows, int capacity, int inputStride)
        {
            (this.network, this.rows, this.capacity, this.inputStride) = (network, rows, capacity, inputStride);
            where = $"{network.ClassName} of {rows} rows";
            width = Scheduler.PanelWidth(InstructionTable.Named(network.InstructionSet));
            strides = network.Layers.Select(layer => RowLayout.Stride(layer.Outputs, width)).ToArray();
            rowStarts = [.. strides.Select((_, layer) => capacity * strides.Take(layer).Sum())];
            parameterStarts = [.. strides.Select((_, layer) => network.Layers.Take(layer).Sum(Length))];
            input = new GuardedBuffer("input", ((rows - 1) * inputStride) + network.Layers[0].Inputs);
            parameters = new GuardedBuffer("parameters", network.Layers.Sum(Length));
            first = new GuardedBuffer("first moments", parameters.Span.Length);
            second = new GuardedBuffer("second moments", parameters.Span.Length);
            activations = new GuardedBuffer("activations", capacity * strides.Sum());
            gradients = new GuardedBuffer("gradients", capacity * strides.Sum());
            scratch = new GuardedBuffer("scratch", width * (strides.Append(RowLayout.Stride(network.Layers[0].Inputs, width)).Max() + 1));
        }

        public void Check<TRule>(TRule rule, NetworkUpdateRun<TRule> run)
            where TRule : struct, IUpdateRule
        {
            Fill();
            var before = (Parameters: parameters.Span.ToArray(), First: first.Span.ToArray(), Second: second.Span.ToArray());
            var pass = new NetworkPass
            {
                Input = ref input.Start,
                InputStride = (nuint)inputStride,
                Parameters = ref parameters.Start,
                Activations = ref activations.Start,
                Gradients = ref gradients.Start,
                FirstMoment = ref first.Start,
                SecondMoment = ref second.Start,
                Scratch = ref scratch.Start,
                Capacity = (nuint)capacity,
                Rows = (nuint)rows,
            };
            run(in rule, in pass);
            Compare(rule, before);
            foreach (var buffer in new[] { input, parameters, first, second, activations, gradients, scratch })
            {
                buffer.AssertGuards(where);
            }
        }

        public void Dispose()
        {
            foreach (var buffer in new[] { input, parameters, first, second, activations, gradients, scratch })
            {
                buffer.Dispose();
            }
        }

        /// <summary>Padding is zero, but for that of activations, which may be any number.</summary>
        private void Fill()
        {
            var random = new Random(rows);
            foreach (ref var value in input.Span)
            {
                value = Next();
            }

            parameters.Span.Clear();
            first.Span.Clear();
            second.Span.Clear();
            GuardedBuffer.Seal(activations.Span);
            GuardedBuffer.Seal(gradients.Span);
            GuardedBuffer.Seal(scratch.Span);
            for (var layer = 0; layer < network.Layers.Count; layer++)
            {
                var shape = network.Layers[layer];
                for (var unit = 0; unit < shape.Outputs; unit++)
                {
                    for (var column = 0; column <= shape.Inputs; column++)
                    {
                        var at = Parameter(layer, column, unit);
                        (parameters.Span[at], first.Span[at], second.Span[at]) = (Next(), Next(), 1 + Next());
                    }
                }

                for (var row = 0; row < rows; row++)
                {
                    var d = gradients.Span.Slice(Row(layer, row), strides[layer]);
                    d[shape.Outputs..].Clear();
                    foreach (ref var value in activations.Span.Slice(Row(layer, row), strides[layer]))
                    {
                        value = Math.Max(Next(), shape.Activation == Generator.Shared.Activation.Relu ? 0 : -1);
                    }

                    for (var unit = 0; unit < shape.Outputs && layer == network.Layers.Count - 1; unit++)
                    {
                        d[unit] = Next();
                    }
                }
            }

            float Next() => (float)(random.NextDouble() - 0.5);
        }

        private void Compare<TRule>(TRule rule, (float[] Parameters, float[] First, float[] Second) before)
            where TRule : struct, IUpdateRule
        {
            for (var layer = network.Layers.Count - 1; layer >= 0; layer--)
            {
                var shape = network.Layers[layer];
                for (var unit = 0; unit < shape.Outputs; unit++)
                {
                    for (var column = 0; column <= shape.Inputs; column++)
                    {
                        var gradient = 0.0;
                        for (var row = 0; row < rows; row++)
                        {
                            gradient += (column == shape.Inputs ? 1 : Below(row, column)) * D(layer, row, unit);
                        }

                        var at = Parameter(layer, column, unit);
                        var (m, v) = (Lane(before.First[at]), Lane(before.Second[at]));
                        var updated = rule.Update(Lane(before.Parameters[at]), Lane((float)gradient), ref m, ref v);
                        Close(updated, parameters.Span[at], "parameter", layer, column, unit);
                        Close(TRule.MomentCount > 0 ? m : Lane(before.First[at]), first.Span[at], "first moment", layer, column, unit);
                        Close(TRule.MomentCount > 1 ? v : Lane(before.Second[at]), second.Span[at], "second moment", layer, column, unit);
                        parameters.Span[at] = first.Span[at] = second.Span[at] = 0;
                    }
                }

                for (var row = 0; row < rows; row++)
                {
                    var padding = gradients.Span.Slice(Row(layer, row) + shape.Outputs, strides[layer] - shape.Outputs);
                    Assert.False(padding.ContainsAnyExcept(0), $"{where} left the padding of gradients in layer {layer}.");
                    for (var column = 0; column < shape.Inputs && layer > 0; column++)
                    {
                        var sum = 0.0;
                        for (var unit = 0; unit < shape.Outputs; unit++)
                        {
                            sum += D(layer, row, unit) * before.Parameters[Parameter(layer, column, unit)];
                        }

                        var below = network.Layers[layer - 1];
                        var expected = sum * Reference.DerivativeAt((Activation)below.Activation, below.Slope, Below(row, column));
                        Assert.Equal(expected, D(layer - 1, row, column), 2e-5 * (1 + Math.Abs(expected)));
                    }
                }

                var unused = gradients.Span.Slice(Row(layer, rows), (capacity - rows) * strides[layer]);
                Assert.True(GuardedBuffer.IsSealed(unused), $"{where} wrote past its rows in layer {layer}.");

                double Below(int row, int column) => layer == 0 ? input.Span[(row * inputStride) + column] : activations.Span[Row(layer - 1, row) + column];
            }

            Assert.False(parameters.Span.ContainsAnyExcept(0), $"{where} changed the padding of parameters.");
            Assert.False(first.Span.ContainsAnyExcept(0), $"{where} changed the padding of first moments.");
            Assert.False(second.Span.ContainsAnyExcept(0), $"{where} changed the padding of second moments.");

            void Close(Lanes4 expected, float actual, string what, int layer, int column, int unit)
            {
                if (!(Math.Abs(expected.Value[0] - actual) <= 1e-4 * (1 + Math.Abs(expected.Value[0]))))
                {
                    Assert.Fail($"{where}, {typeof(TRule).Name}: the {what} of {column} to {unit} in layer {layer} is {actual}, not {expected.Value[0]}.");
                }
            }
        }

        private static Lanes4 Lane(float value) => Lanes4.Create(value);

        private double D(int layer, int row, int unit) => gradients.Span[Row(layer, row) + unit];

        private int Row(int layer, int row) => rowStarts[layer] + (row * strides[layer]);

        private int Parameter(int layer, int column, int unit) =>
            parameterStarts[layer] + (unit / width * (network.Layers[layer].Inputs + 1) * width) + (column * width) + (unit % width);

        private int Length(FusedLayer layer) => (int)AlignedMemory.Align((nuint)((layer.Outputs + width - 1) / width * (layer.Inputs + 1) * width));
    }
}
