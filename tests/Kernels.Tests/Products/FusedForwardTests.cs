using System.Runtime.Intrinsics;
using Whittle.Generator.Isa;
using Whittle.Generator.Lowering;
using Whittle.Generator.Model;
using Whittle.Generator.Scheduling;

namespace Whittle.Kernels.Tests;

/// <summary>The forward pass of whole small networks gives the reference's activations, in poisoned memory.</summary>
public class FusedForwardTests
{
    private static readonly Activation[] Activations = [Activation.Relu, Activation.Identity, Activation.Tanh, Activation.LeakyRelu, Activation.Sigmoid];

    private static int[] Rows => Vector128.IsHardwareAccelerated ? [1, 2, 3, 4, 5, 8, 11] : [1, 5];

    [Fact]
    public void Every_width_from_1_to_50_gives_the_reference() =>
        Check(InstructionSets.Active.ToString(), [.. FusedBackwardTests.Sizes(50, [1, 5, 17]).Select(width => (int[])[7, width, 51 - width, 3])]);

    [Fact]
    public void Every_number_of_inputs_from_1_to_34_gives_the_reference() =>
        Check(InstructionSets.Active.ToString(), [.. FusedBackwardTests.Sizes(34, [1, 9]).Select(inputs => (int[])[inputs, 5, 9])]);

    [Theory]
    [InlineData("Avx512")]
    [InlineData("Avx2")]
    [InlineData("Portable")]
    public void Every_instruction_set_gives_the_reference_even_where_vectors_are_emulated(string isa) =>
        Check(isa, Vector128.IsHardwareAccelerated ? FusedBackwardTests.Shapes : [[8, 7, 3], [1, 1]]);

    [Fact]
    public void Networks_that_are_large_sampled_residual_or_repeated_have_a_kernel_for_each_layer()
    {
        Assert.Equal(InstructionTable.All.Count, Of(Network(new(113), new(5))).Count);
        Assert.Empty(Of(Network(new(150), new(50))));
        Assert.Empty(Of(Network(new(64), new(64), new(65))));
        Assert.Empty(Of(Network(new(37, Residual: 0.5f), new(5))));
        Assert.Empty(Of(Network(new(37, Repeat: 2), new(5))));
    }

    private static EquatableArray<FusedKernel> Of(NetworkSpec network) => FusedKernel.Of(network, FusedPass.Forward);

    private static NetworkSpec Network(params Dense[] layers) => new(
        "",
        default,
        "N",
        "sealed",
        37,
        1,
        default,
        layers.Select(layer => new LayerSpec(layer.Units, default, 0, default, layer.Repeat, layer.Residual)).ToEquatableArray());

    private static void Check(string isa, int[][] shapes)
    {
        var networks = shapes.Select((shape, index) => new FusedKernel(FusedPass.Forward, isa, shape.Skip(1).Select((units, layer) =>
        {
            var activation = Activations[(index + layer) % Activations.Length];
            return new FusedLayer(shape[layer], units, (Generator.Shared.Activation)activation, activation == Activation.LeakyRelu ? 0.1f : 0);
        }).ToEquatableArray())).ToArray();
        using var compiled = new CompiledKernels(networks);
        foreach (var network in networks)
        {
            var run = compiled.Run(network);
            foreach (var rows in Rows)
            {
                Check(network, run, rows, capacity: rows + (rows % 3), inputStride: network.Layers[0].Inputs + (rows % 2));
            }
        }
    }

    private static void Check(FusedKernel network, NetworkRun run, int rows, int capacity, int inputStride)
    {
        var where = $"{network.ClassName} of {rows} rows";
        var random = new Random(rows);
        var width = Scheduler.PanelWidth(InstructionTable.Named(network.InstructionSet));
        var strides = network.Layers.Select(layer => RowLayout.Stride(layer.Outputs, width)).ToArray();
        using var input = new GuardedBuffer("input", ((rows - 1) * inputStride) + network.Layers[0].Inputs);
        using var parameters = new GuardedBuffer("parameters", network.Layers.Sum(Length));
        using var activations = new GuardedBuffer("activations", capacity * strides.Sum());
        foreach (ref var value in parameters.Span)
        {
            value = (float)(random.NextDouble() - 0.5);
        }

        var below = new double[rows, network.Layers[0].Inputs];
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < network.Layers[0].Inputs; column++)
            {
                input.Span[(row * inputStride) + column] = (float)(below[row, column] = (float)(random.NextDouble() - 0.5));
            }
        }

        var pass = new NetworkPass
        {
            Input = ref input.Start,
            InputStride = (nuint)inputStride,
            Parameters = ref parameters.Start,
            Activations = ref activations.Start,
            Capacity = (nuint)capacity,
            Rows = (nuint)rows,
        };
        run(in pass);

        var (parameterStart, activationStart) = (0, 0);
        for (var index = 0; index < network.Layers.Count; index++)
        {
            var layer = network.Layers[index];
            var above = new double[rows, layer.Outputs];
            for (var row = 0; row < rows; row++)
            {
                for (var unit = 0; unit < layer.Outputs; unit++)
                {
                    var sum = Weight(layer.Inputs);
                    for (var column = 0; column < layer.Inputs; column++)
                    {
                        sum += below[row, column] * Weight(column);
                    }

                    above[row, unit] = Reference.Activate((Activation)layer.Activation, layer.Slope, sum);
                    Assert.Equal(above[row, unit], activations.Span[activationStart + (row * strides[index]) + unit], 2e-5 * (1 + Math.Abs(above[row, unit])));

                    double Weight(int column) =>
                        parameters.Span[parameterStart + (unit / width * (layer.Inputs + 1) * width) + (column * width) + (unit % width)];
                }
            }

            var unused = activations.Span.Slice(activationStart + (rows * strides[index]), (capacity - rows) * strides[index]);
            Assert.True(GuardedBuffer.IsSealed(unused), $"{where} wrote past its rows in layer {index}.");
            parameterStart += Length(layer);
            activationStart += capacity * strides[index];
            below = above;
        }

        input.AssertGuards(where);
        parameters.AssertGuards(where);
        activations.AssertGuards(where);

        int Length(FusedLayer layer) => (int)AlignedMemory.Align((nuint)((layer.Outputs + width - 1) / width * (layer.Inputs + 1) * width));
    }

    private sealed record Dense(int Units, float Residual = 0, int Repeat = 1);
}
