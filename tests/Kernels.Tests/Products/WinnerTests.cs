using System.Runtime.Intrinsics;
using Whittle.Generator.Lowering;

namespace Whittle.Kernels.Tests;

/// <summary>Winner-take-all codes of inputs and of nodes are those of the runtime's own functions, in poisoned memory.</summary>
public class WinnerTests
{
    private static bool IsSlow => !Vector128.IsHardwareAccelerated;

    [Fact]
    public void Every_number_of_bits_gives_the_codes_of_the_runtime() =>
        Check(InstructionSets.Active.ToString(), [.. (IsSlow ? [1, 2, 3, 7] : Enumerable.Range(1, 20)).Select(bits => (19, bits, 1 + (bits * 7 % 11)))]);

    [Fact]
    public void Every_length_of_vectors_and_number_of_tables_gives_the_codes_of_the_runtime() =>
        Check(InstructionSets.Active.ToString(), [.. (IsSlow ? [1, 9, 33] : (int[])[.. Enumerable.Range(1, 17), 31, 32, 33, 127, 129, 257]).Select(size => (size, 1 + (size % 6), 1 + (size * 5 % 33)))]);

    [Theory]
    [InlineData("Avx512")]
    [InlineData("Avx2")]
    [InlineData("Portable")]
    public void Every_instruction_set_gives_the_codes_of_the_runtime_even_where_vectors_are_emulated(string isa) =>
        Check(isa, IsSlow ? [(1, 1, 1), (17, 5, 3)] : [(1, 1, 1), (3, 2, 2), (8, 3, 16), (9, 6, 17), (37, 4, 5), (129, 5, 3)]);

    [Fact]
    public void Large_and_prime_shapes_give_the_codes_of_the_runtime() =>
        Check(InstructionSets.Active.ToString(), IsSlow ? [(257, 4, 31)] : [(997, 4, 200), (784, 6, 50), (4001, 3, 5), (101, 20, 256)]);

    private static void Check(string isa, (int Inputs, int Bits, int Tables)[] shapes)
    {
        using var compiled = new CompiledKernels(shapes.SelectMany(shape => (KernelSpec[])[Kernel(Product.HashInput, shape), Kernel(Product.HashNodes, shape)]));
        foreach (var shape in shapes)
        {
            using var winners = new WinnerCase(shape.Inputs, shape.Bits, shape.Tables, nodes: 7);
            var (ofInput, ofNodes) = (Kernel(Product.HashInput, shape), Kernel(Product.HashNodes, shape));
            winners.CheckInput(compiled.Hash(ofInput), ofInput.ClassName);
            winners.CheckNodes(compiled.Hash(ofNodes), ofNodes.ClassName);
        }

        KernelSpec Kernel(Product product, (int Inputs, int Bits, int Tables) shape) =>
            HashCase.Kernel(isa, product, HashFamily.Dwta, shape.Inputs, shape.Bits, shape.Tables);
    }
}
