using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Whittle.Generator.Lowering;

namespace Whittle.Kernels.Tests;

/// <summary>Hash codes of inputs and of nodes are bit for bit those of the runtime's own functions, in poisoned memory.</summary>
public class HashTests
{
    private static readonly HashFamily[] Families = [HashFamily.Alsh, HashFamily.SimHash];

    private static bool IsSlow => !Vector128.IsHardwareAccelerated;

    [Fact]
    public void Every_length_of_vectors_gives_the_codes_of_the_runtime() =>
        Check(InstructionSets.Active.ToString(), [.. (IsSlow ? [1, 4, 17] : (int[])[.. Enumerable.Range(1, 9), 15, 16, 17, 31, 32, 33, 65, 127]).Select(inputs => (inputs, 6, 5))]);

    [Fact]
    public void Every_number_of_bits_gives_the_codes_of_the_runtime() =>
        Check(InstructionSets.Active.ToString(), [.. (IsSlow ? [1, 20] : Enumerable.Range(1, 20)).Select(bits => (19, bits, 1 + (bits * 7 % 11)))]);

    [Fact]
    public void Every_number_of_tables_gives_the_codes_of_the_runtime() =>
        Check(InstructionSets.Active.ToString(), [.. (IsSlow ? [1, 9] : (int[])[.. Enumerable.Range(1, 17), 23, 24, 25, 31, 32, 33, 64, 65]).Select(tables => (13, 3, tables))]);

    [Theory]
    [InlineData("Avx512")]
    [InlineData("Avx2")]
    [InlineData("Portable")]
    public void Every_instruction_set_gives_the_codes_of_the_runtime_even_where_vectors_are_emulated(string isa)
    {
        Assert.SkipWhen(isa != "Portable" && !Fma.IsSupported, "Without fused multiply-adds the runtime's functions round otherwise than these kernels.");
        (int, int, int)[] shapes = [(1, 1, 1), (3, 2, 2), (7, 1, 16), (8, 1, 17), (16, 20, 3), (17, 6, 5), (33, 16, 4), (37, 13, 5), (41, 6, 11), (43, 5, 13), (47, 7, 37)];
        Check(isa, IsSlow ? shapes[..5] : shapes);
    }

    [Fact]
    public void Large_and_prime_shapes_give_the_codes_of_the_runtime()
    {
        Assert.SkipWhen(IsSlow, "Vectors run in software here; the small shapes cover this path.");
        Check(InstructionSets.Active.ToString(), [(997, 6, 5), (784, 6, 50), (101, 20, 256), (1021, 9, 31), (257, 1, 256)]);
    }

    private static void Check(string isa, (int Inputs, int Bits, int Tables)[] shapes)
    {
        Product[] products = [Product.HashInput, Product.HashNodes];
        using var compiled = new CompiledKernels(shapes.SelectMany(shape => Families.SelectMany(family => products.Select(product =>
            HashCase.Kernel(isa, product, family, shape.Inputs, shape.Bits, shape.Tables)))));
        foreach (var (inputs, bits, tables) in shapes)
        {
            foreach (var family in Families)
            {
                using var hash = new HashCase(family, inputs, bits, tables, nodes: IsSlow ? 5 : 25);
                var (ofInput, ofNodes) = (Kernel(Product.HashInput), Kernel(Product.HashNodes));
                hash.CheckInput(compiled.Hash(ofInput), ofInput.ClassName);
                hash.CheckNodes(compiled.Hash(ofNodes), ofNodes.ClassName);

                KernelSpec Kernel(Product product) => HashCase.Kernel(isa, product, family, inputs, bits, tables);
            }
        }
    }
}
