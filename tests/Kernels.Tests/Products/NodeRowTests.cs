using System.Runtime.Intrinsics;
using Whittle.Generator.Lowering;

namespace Whittle.Kernels.Tests;

/// <summary>Every product of layers with a row of parameters for each node, with few, many, all and no nodes listed, against double precision.</summary>
public class NodeRowTests
{
    private const float Slope = 0.125f;

    private static bool IsSlow => !Vector128.IsHardwareAccelerated;

    [Fact]
    public void Widths_around_vectors_and_tiles_give_the_reference_products()
    {
        int[] sizes = IsSlow ? [1, 16, 19] : [1, 2, 3, 7, 8, 15, 16, 17, 31, 32, 33, 47, 64, 65];
        Check(InstructionSets.Active.ToString(), [.. sizes.Select(size => (size, 19)), .. sizes.Select(size => (37, size))], IsSlow ? [1, 7] : [1, 2, 5, 13, 20]);
    }

    [Theory]
    [InlineData("Avx512")]
    [InlineData("Avx2")]
    [InlineData("Portable")]
    public void Every_instruction_set_gives_the_reference_products_even_where_vectors_are_emulated(string isa)
    {
        (int, int)[] shapes = [(1, 1), (3, 2), (7, 8), (16, 33), (31, 17), (33, 65), (70, 47)];
        Check(isa, IsSlow ? shapes[..4] : shapes, IsSlow ? [1, 13] : [1, 3, 12, 26]);
    }

    [Fact]
    public void Large_and_prime_shapes_give_the_reference_products()
    {
        Assert.SkipWhen(IsSlow, "Vectors run in software here; the small shapes cover this path.");
        Check(InstructionSets.Active.ToString(), [(997, 211), (211, 499), (784, 128), (1, 509), (1021, 1)], [1, 6, 20]);
    }

    /// <summary>The runtime updates biases: a rule whose moments decay must not be applied to them a second time.</summary>
    [Theory]
    [InlineData("Avx512")]
    [InlineData("Avx2")]
    [InlineData("Portable")]
    public void Each_weight_is_updated_once_and_no_bias_even_within_the_last_panel(string isa)
    {
        // The last of five panels of two vectors of 16 inputs begins with the last inputs and ends with the bias.
        (int Inputs, int Outputs)[] shapes = [(138, 13), (129, 1), (70, 3)];
        Product[] products = [Product.WeightGradient, Product.WeightGradientSingle, Product.WeightGradientSparse];
        using var compiled = new CompiledKernels(shapes.SelectMany(shape => products.Select(product => Kernel(shape, product))));
        foreach (var shape in shapes)
        {
            using var layer = new NodeRowCase(isa, shape.Inputs, shape.Outputs, Activation.Relu, Slope, rows: 1, share: 1);
            foreach (var product in products)
            {
                var kernel = Kernel(shape, product);
                layer.CheckUpdates(compiled.Run<CountingRule>(kernel), product == Product.WeightGradientSparse ? 1 : shape.Outputs, kernel.ClassName);
            }
        }

        KernelSpec Kernel((int Inputs, int Outputs) shape, Product product) =>
            NodeRowCase.Kernel(isa, product, shape.Inputs, shape.Outputs, Activation.Relu, Slope, batch: 20);
    }

    private static void Check(string isa, IReadOnlyList<(int Inputs, int Outputs)> shapes, int[] batches)
    {
        var products = Enum.GetValues<Product>().Except([Product.BackwardSingle, Product.ForwardListed, Product.WeightGradientListed, Product.HashInput, Product.HashNodes]).ToArray();
        using var compiled = new CompiledKernels(shapes.SelectMany((shape, index) => products.Select(product => Kernel(shape, index, product))));
        for (var index = 0; index < shapes.Count; index++)
        {
            var (inputs, outputs) = shapes[index];
            var kernels = products.ToDictionary(product => product, product => Kernel(shapes[index], index, product));
            foreach (var rows in batches)
            {
                foreach (var share in (double[])[0, 0.1, 0.6, 1])
                {
                    using var layer = new NodeRowCase(isa, inputs, outputs, ActivationOf(index), Slope, rows, share);
                    string Where(Product product) => $"{kernels[product].ClassName} with {rows} rows and a share of {share}";
                    layer.CheckForward(compiled.Run(kernels[Product.Forward]), Where(Product.Forward));
                    layer.CheckInputGradient(compiled.Run(kernels[Product.InputGradient]), inOrderOfList: true, Where(Product.InputGradient));
                    layer.CheckWeightGradient(compiled.Run<ProbeRule>(kernels[Product.WeightGradient]), inOrderOfList: true, Where(Product.WeightGradient));
                    if (share == 1)
                    {
                        layer.CheckWeightGradientSparse(compiled.Run<ProbeRule>(kernels[Product.WeightGradientSparse]), Where(Product.WeightGradientSparse));
                    }

                    if (rows == 1)
                    {
                        layer.CheckForwardSingle(compiled.Run(kernels[Product.ForwardSingle]), Where(Product.ForwardSingle));
                        layer.CheckInputGradient(compiled.Run(kernels[Product.InputGradientSingle]), inOrderOfList: false, Where(Product.InputGradientSingle));
                        layer.CheckWeightGradient(compiled.Run<ProbeRule>(kernels[Product.WeightGradientSingle]), inOrderOfList: false, Where(Product.WeightGradientSingle));
                    }
                }
            }
        }

        KernelSpec Kernel((int Inputs, int Outputs) shape, int index, Product product) =>
            NodeRowCase.Kernel(isa, product, shape.Inputs, shape.Outputs, ActivationOf(index), Slope, 1 + (index * 7 % 40));
    }

    private static Activation ActivationOf(int index) => (Activation)(index % 5);
}
