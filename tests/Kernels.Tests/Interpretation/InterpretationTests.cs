using CsCheck;
using Whittle.Generator.Isa;
using Whittle.Generator.Lowering;
using Whittle.Generator.Scheduling;

namespace Whittle.Kernels.Tests;

/// <summary>Scheduling changes the order of a nest, never its meaning.</summary>
public class InterpretationTests
{
    private static readonly Gen<(ParameterOrder Order, Product Product)> Products = Gen.Select(Gen.Enum<ParameterOrder>(), Gen.Enum<Product>())
        .Where((order, product) => product switch
        {
            Product.HashInput or Product.HashNodes => false,
            Product.BackwardSingle or Product.ForwardListed or Product.WeightGradientListed => order == ParameterOrder.Panels,
            Product.InputGradientSingle or Product.WeightGradientSparse => order == ParameterOrder.NodeRows,
            _ => true,
        });

    private static readonly Gen<(KernelSpec Kernel, int Rows)> Kernels = Gen.Select(
        Products, Gen.Int[0, 2].Select(index => InstructionTable.All[index].Name), Gen.Int[1, 40], Gen.Int[1, 40], Gen.Int[0, 4], Gen.Int[1, 25], Gen.Int[1, 40], Gen.Bool,
        (kind, isa, inputs, outputs, activation, rows, batch, differs) => (
            kind.Order == ParameterOrder.NodeRows
                ? NodeRowCase.Kernel(isa, kind.Product, inputs, outputs, (Activation)activation, 0.25f, batch)
                : differs && (kind.Product is Product.WeightGradient or Product.WeightGradientListed)
                    ? LayerCase.Packing(isa, inputs, outputs, kind.Product)
                    : LayerCase.Kernel(isa, kind.Product, inputs, outputs, (Activation)activation, 0.25f, batch),
            kind.Product is Product.ForwardSingle or Product.InputGradientSingle or Product.WeightGradientSingle or Product.BackwardSingle ? 1 : rows));

    private static readonly Gen<KernelSpec> Hashes = Gen.Select(
        Gen.Bool, Gen.Bool, Gen.Int[0, 2].Select(index => InstructionTable.All[index].Name),
        Gen.Int[1, 20], Gen.Int[1, 20], Gen.Int[1, 20],
        (ofNodes, asymmetric, isa, inputs, bits, tables) => HashCase.Kernel(
            isa, ofNodes ? Product.HashNodes : Product.HashInput, asymmetric ? HashFamily.Alsh : HashFamily.SimHash, inputs, bits, tables));

    [Fact]
    public void A_tiled_program_computes_what_its_nests_mean() => Kernels.Sample(
        sample =>
        {
            var (program, nests, isa, width) = Lower(sample.Kernel);
            // A seed that is even lists every input.
            var expected = new KernelMemory(sample.Kernel, width, sample.Rows, seed: sample.Rows);
            var actual = new KernelMemory(sample.Kernel, width, sample.Rows, seed: sample.Rows);
            foreach (var nest in nests)
            {
                new NestInterpreter(nest, expected, width).Run();
            }

            new ProgramInterpreter(program, isa, actual).Run();
            foreach (var name in new[] { "output", "inputGradient", "parameters", "firstMoment" })
            {
                AssertEqualWhereDefined(name, sample.Kernel, width, expected.Floats[name], actual.Floats[name]);
            }
        },
        iter: ShapeSweepTests.IsRerun ? 30 : 300);

    [Fact]
    public void A_tiled_program_computes_the_hash_codes_that_its_nest_means() => Hashes.Sample(
        kernel =>
        {
            var (program, nests, isa, width) = Lower(kernel);
            Assert.Empty(ProgramVerifier.Errors(program, isa));
            var (expected, actual) = (new KernelMemory(kernel, width, 1, seed: 3), new KernelMemory(kernel, width, 1, seed: 3));
            new NestInterpreter(nests[0], expected, width).Run();
            new ProgramInterpreter(program, isa, actual).Run();
            Assert.Equal(expected.Lists["codes"], actual.Lists["codes"]);
        },
        iter: 100);

    [Theory]
    [InlineData("Portable", 1031, 64)]
    [InlineData("Avx2", 515, 129)]
    [InlineData("Avx512", 261, 256)]
    public void A_forward_product_that_walks_rows_computes_what_its_nests_mean(string name, int inputs, int outputs)
    {
        var kernel = LayerCase.Kernel(name, Product.ForwardSingle, inputs, outputs, Activation.Tanh, 0, 1);
        var (program, nests, isa, width) = Lower(kernel);
        Assert.True(Scheduler.WalksRows(kernel, width));
        Assert.Empty(ProgramVerifier.Errors(program, isa));
        var (expected, actual) = (new KernelMemory(kernel, width, 1, seed: 2), new KernelMemory(kernel, width, 1, seed: 2));
        foreach (var nest in nests)
        {
            new NestInterpreter(nest, expected, width).Run();
        }

        new ProgramInterpreter(program, isa, actual).Run();
        AssertEqualWhereDefined("output", kernel, width, expected.Floats["output"], actual.Floats["output"]);
    }

    [Fact]
    public void A_tiled_program_is_well_formed() => Kernels.Sample(
        sample =>
        {
            var (program, _, isa, _) = Lower(sample.Kernel);
            Assert.Empty(ProgramVerifier.Errors(program, isa));
        },
        iter: ShapeSweepTests.IsRerun ? 30 : 300);

    /// <summary>A layer too large for the first cache fetches its next panel, in the last tile of each panel alone.</summary>
    [Fact]
    public void A_program_that_fetches_ahead_computes_what_its_nest_means()
    {
        var kernel = LayerCase.Kernel("Avx2", Product.Forward, 130, 140, Activation.Relu, 0, 13);
        var (program, nests, isa, width) = Lower(kernel);
        Assert.Contains(TileBuilder.NextPanel, program.Procedures[1].Views);
        Assert.Empty(ProgramVerifier.Errors(program, isa));
        var expected = new KernelMemory(kernel, width, 13, seed: 1);
        var actual = new KernelMemory(kernel, width, 13, seed: 1);
        new NestInterpreter(nests[0], expected, width).Run();
        new ProgramInterpreter(program, isa, actual).Run();
        AssertEqualWhereDefined("output", kernel, width, expected.Floats["output"], actual.Floats["output"]);
    }

    [Fact]
    public void The_verifier_finds_what_is_wrong()
    {
        var (program, _, isa, _) = Lower(LayerCase.Kernel("Avx2", Product.Forward, 20, 20, Activation.Relu, 0, 4));
        var tile = program.Procedures[1];
        var broken = tile with { Body = new Generator.Model.EquatableArray<Statement>([.. tile.Body, new Assign("lost", 8, new Load("nowhere", Affine.Of("nothing")), Declares: false)]) };
        var errors = ProgramVerifier.Errors(new KernelProgram(new Generator.Model.EquatableArray<Procedure>([program.Procedures[0], broken, .. program.Procedures.Skip(2)])), isa);
        Assert.Equal(3, errors.Count);
    }

    private static (KernelProgram Program, IReadOnlyList<Nest> Nests, InstructionTable Isa, int Width) Lower(KernelSpec kernel)
    {
        var isa = InstructionTable.Named(kernel.InstructionSet);
        var width = Scheduler.PanelWidth(kernel, isa);
        var nests = LayerNests.Of(kernel, width);
        return (Tiler.Apply(nests, [.. nests.Select(nest => Scheduler.Choose(kernel, nest, isa))]), nests, isa, width);
    }

    /// <summary>A program also writes the padding of a panel's last vector of outputs or inputs, which the nest leaves alone.</summary>
    private static void AssertEqualWhereDefined(string name, KernelSpec kernel, int width, float[] expected, float[] actual)
    {
        var units = name == "output" ? kernel.Outputs : name == "inputGradient" ? kernel.Inputs : int.MaxValue;
        var stride = name is "output" or "inputGradient" ? RowLayout.Stride(units, width) : int.MaxValue;
        for (var index = 0; index < expected.Length; index++)
        {
            if (index % stride < units)
            {
                Assert.True(Math.Abs(expected[index] - actual[index]) <= 1e-4, $"{name}[{index}] means {expected[index]:R}, the program gives {actual[index]:R}.");
            }
        }
    }
}
