using System.Runtime.Intrinsics;
using Whittle.Generator.Lowering;

namespace Whittle.Kernels.Tests;

/// <summary>Every product, over many shapes and batches, against double precision, in poisoned memory.</summary>
public class ShapeSweepTests
{
    private const float Slope = 0.125f;

    private static readonly int[] OtherDimension = [1, 15, 16, 17, 33];

    /// <summary>Vector code in software is some hundred times slower: fewer shapes there.</summary>
    private static bool IsSlow => !Vector128.IsHardwareAccelerated;

    /// <summary>Whether the runtime was told to leave instructions out: a second look at paths that run whole elsewhere.</summary>
    public static bool IsRerun => new[] { "DOTNET_EnableAVX512", "DOTNET_EnableAVX2", "DOTNET_EnableHWIntrinsic" }
        .Any(name => Environment.GetEnvironmentVariable(name) == "0");

    public static TheoryData<int> OtherDimensions() => [.. IsRerun ? [17] : OtherDimension];

    [Theory]
    [MemberData(nameof(OtherDimensions))]
    public void Every_width_from_1_to_34_gives_the_reference_products_at_batches_1_to_40(int inputs)
    {
        var widths = IsSlow ? [1, 16, 19] : Enumerable.Range(1, 34).ToArray();
        var batches = IsSlow ? [1, 7] : Enumerable.Range(1, 40).ToArray();
        Check(InstructionSets.Active.ToString(), widths.Select(width => (inputs, width)).ToList(), batches);
    }

    [Fact]
    public void Every_number_of_inputs_from_1_to_34_gives_the_reference_products()
    {
        var widths = IsSlow ? [1, 16, 19] : Enumerable.Range(1, 34).Where(width => !IsRerun || width % 8 is 0 or 1 or 7).ToArray();
        Check(InstructionSets.Active.ToString(), widths.Select(width => (width, 17)).ToList(), IsSlow ? [1, 7] : [1, 5, 12, 19]);
    }

    [Theory]
    [InlineData("Avx512")]
    [InlineData("Avx2")]
    [InlineData("Portable")]
    public void Every_instruction_set_gives_the_reference_products_even_where_vectors_are_emulated(string isa)
    {
        (int, int)[] shapes = [(1, 1), (3, 2), (7, 8), (16, 33), (31, 17), (33, 65), (70, 47)];
        Check(isa, IsSlow ? shapes[..4] : IsRerun ? shapes[2..5] : shapes, IsSlow ? [1, 13] : [1, 2, 3, 5, 11, 12, 13, 20, 26]);
    }

    [Fact]
    public void Large_and_prime_shapes_give_the_reference_products()
    {
        Assert.SkipWhen(IsSlow, "Vectors run in software here; the small shapes cover this path.");
        Check(InstructionSets.Active.ToString(), [(997, 211), (211, 997), (1000, 10), (784, 128), (1, 1009), (1021, 1)], [1, 6, 20, 37]);
    }

    private static void Check(string isa, IReadOnlyList<(int Inputs, int Outputs)> shapes, int[] batches)
    {
        var products = Enum.GetValues<Product>().Except([Product.InputGradientSingle, Product.WeightGradientSparse, Product.HashInput, Product.HashNodes]).ToArray();
        using var compiled = new CompiledKernels(shapes.SelectMany((shape, index) => products.Select(product => Kernel(shape, index, product)).Append(Transposing(shape, index)).Append(LayerCase.Packing(isa, shape.Inputs, shape.Outputs)).Append(LayerCase.Packing(isa, shape.Inputs, shape.Outputs, Product.WeightGradientListed))));
        for (var index = 0; index < shapes.Count; index++)
        {
            var (inputs, outputs) = shapes[index];
            var kernels = products.ToDictionary(product => product, product => Kernel(shapes[index], index, product));
            foreach (var rows in batches)
            {
                using var layer = new LayerCase(isa, inputs, outputs, ActivationOf(index), Slope, rows);
                string Where(Product product) => $"{kernels[product].ClassName} with {rows} rows";
                layer.CheckForward(compiled.Run(kernels[Product.Forward]), Where(Product.Forward));
                layer.CheckForwardListed(compiled.Run(kernels[Product.ForwardListed]), Where(Product.ForwardListed));
                layer.CheckInputGradient(compiled.Run(kernels[Product.InputGradient]), transposes: false, Where(Product.InputGradient));
                var transposing = Transposing(shapes[index], index);
                layer.CheckInputGradient(compiled.Run(transposing), transposes: true, $"{transposing.ClassName} with {rows} rows");
                layer.CheckWeightGradient(compiled.Run<ProbeRule>(kernels[Product.WeightGradient]), Where(Product.WeightGradient));
                var packing = LayerCase.Packing(isa, inputs, outputs);
                layer.CheckWeightGradient(compiled.Run<ProbeRule>(packing), $"{packing.ClassName} with {rows} rows");
                layer.CheckWeightGradientListed(compiled.Run<ProbeRule>(kernels[Product.WeightGradientListed]), Where(Product.WeightGradientListed));
                var packingListed = LayerCase.Packing(isa, inputs, outputs, Product.WeightGradientListed);
                layer.CheckWeightGradientListed(compiled.Run<ProbeRule>(packingListed), $"{packingListed.ClassName} with {rows} rows");
                if (rows == 1)
                {
                    layer.CheckForward(compiled.Run(kernels[Product.ForwardSingle]), Where(Product.ForwardSingle));
                    layer.CheckBackwardSingle(compiled.Run<ProbeRule>(kernels[Product.BackwardSingle]), Where(Product.BackwardSingle));
                    layer.CheckWeightGradient(compiled.Run<ProbeRule>(kernels[Product.WeightGradientSingle]), Where(Product.WeightGradientSingle));
                }
            }
        }

        // The declared batch varies over the shapes, so that every height of tile is met.
        KernelSpec Kernel((int Inputs, int Outputs) shape, int index, Product product) =>
            LayerCase.Kernel(isa, product, shape.Inputs, shape.Outputs, ActivationOf(index), Slope, 1 + (index * 7 % 40), transposes: false);

        KernelSpec Transposing((int Inputs, int Outputs) shape, int index) =>
            LayerCase.Kernel(isa, Product.InputGradient, shape.Inputs, shape.Outputs, ActivationOf(index), Slope, 1 + (index * 7 % 40), transposes: true);
    }

    private static Activation ActivationOf(int index) => (Activation)(index % 5);
}
