using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Whittle.Generator.Isa;
using Whittle.Generator.Lowering;

namespace Whittle.Kernels.Tests;

/// <summary>Hash functions, an input and some rows of weights in guarded memory, and the codes that the runtime's own functions give.</summary>
internal sealed unsafe class HashCase : IDisposable
{
    private const float Scale = 0.3f;

    private readonly Whittle.SignHash functions;
    private readonly GuardedBuffer input;
    private readonly GuardedBuffer parameters;
    private readonly GuardedBuffer projection;
    private readonly GuardedBuffer transform;
    private readonly Random random;
    private readonly int nodes;

    public HashCase(HashFamily family, int inputs, int bits, int tables, int nodes)
    {
        this.nodes = nodes;
        functions = (Whittle.SignHash)HashFunctions.Create(family, inputs, bits, tables, seed: 5, layer: 1);
        random = new Random((((inputs * 31) + bits) * 31) + tables);
        input = new("input", inputs);
        parameters = new("parameters", nodes * NodeRowLayout.Stride(inputs));
        var width = functions.Projection.Width;
        projection = new("projection", inputs * width);
        transform = new("transform", functions.Transform.Length);
        foreach (ref var x in input.Span)
        {
            x = random.Next(3) == 0 ? 0 : random.NextSingle() - 0.4f;
        }

        // What follows the weights in a row, or pads the last panel, stays poison: no code may depend on it.
        for (var node = 0; node < nodes; node++)
        {
            foreach (ref var weight in parameters.Span.Slice(node * NodeRowLayout.Stride(inputs), inputs))
            {
                weight = random.NextSingle() - 0.5f;
            }
        }

        for (var column = 0; column < bits * tables; column++)
        {
            for (var i = 0; i < inputs; i++)
            {
                projection.Span[(((column / 16 * inputs) + i) * 16) + (column % 16)] = functions.Projection.Row(i)[column];
            }

            for (var row = 0; row < transform.Span.Length / width; row++)
            {
                transform.Span[(row * width) + column] = functions.Transform[(row * width) + column];
            }
        }
    }

    private GuardedBuffer[] Buffers => [input, parameters, projection, transform];

    /// <summary>The kernel of a product for so many tables.</summary>
    public static KernelSpec Kernel(string isa, Product product, HashFamily family, int inputs, int bits, int tables) =>
        NetworkPlan.Hash(product, inputs, new HashCodes((Generator.Shared.HashFamily)family, bits), tables, InstructionTable.Named(isa));

    /// <summary>Checks codes of inputs of which all, some and few elements are listed.</summary>
    public void CheckInput(HashRun run, string where)
    {
        int[] all = [.. Enumerable.Range(0, functions.Inputs)];
        foreach (var list in (int[][])[all, [.. all.Where(index => input.Span[index] != 0)], .. Enumerable.Range(0, 6).Select(count => all[..Math.Min(count, all.Length)])])
        {
            var expected = new int[functions.Tables];
            var sums = new float[functions.Projection.Width];
            functions.HashInput(input.Span, list, expected);
            functions.ProjectInput(input.Span, list, sums);
            var factor = functions.InputFactor(input.Span);
            scoped var pass = NewPass();
            pass.NonZero = ref MemoryMarshal.GetArrayDataReference(list);
            pass.NonZeroCount = (nuint)list.Length;
            pass.Factors = ref factor;
            Check(run, ref pass, expected, sums, $"{where}, {list.Length} inputs");
        }
    }

    /// <summary>Checks codes of lists of nodes of every length.</summary>
    public void CheckNodes(HashRun run, string where)
    {
        var rows = new NodeRows((float*)Unsafe.AsPointer(ref parameters.Start), NodeRowLayout.Stride(functions.Inputs), functions.Inputs);
        for (var count = 0; count <= nodes; count++)
        {
            int[] list = [.. Enumerable.Range(0, nodes)];
            random.Shuffle(list);
            list = list[..count];
            var expected = new int[count * functions.Tables];
            var sums = new float[count * functions.Projection.Width];
            functions.HashNodes(rows, list, Scale, expected);
            functions.ProjectNodes(rows, list, Scale, sums);
            using var factors = new GuardedBuffer("factors", count * AsymmetricTransform.NodeFactors);
            functions.NodeFactors(rows, list, Scale, factors.Span);
            scoped var pass = NewPass();
            pass.Nodes = ref MemoryMarshal.GetArrayDataReference(list);
            pass.NodeCount = (nuint)count;
            pass.Factors = ref factors.Start;
            Check(run, ref pass, expected, sums, $"{where}, {count} nodes");
            factors.AssertGuards(where);
        }
    }

    public void Dispose()
    {
        foreach (var buffer in Buffers)
        {
            buffer.Dispose();
        }
    }

    private void Check(HashRun run, scoped ref HashPass pass, int[] expected, float[] expectedSums, string where)
    {
        using var codes = new GuardedBuffer("codes", expected.Length);
        using var sums = new GuardedBuffer("sums", expectedSums.Length);
        pass.Sums = ref sums.Start;
        pass.Codes = ref Unsafe.As<float, int>(ref codes.Start);
        run(in pass);
        codes.AssertGuards(where);
        sums.AssertGuards(where);
        Assert.True(MemoryMarshal.Cast<float, int>(codes.Span).SequenceEqual(expected), $"{where}: codes are not those of the runtime's functions.");
        for (var row = 0; row < expectedSums.Length; row += functions.Projection.Width)
        {
            var bits = MemoryMarshal.Cast<float, int>(sums.Span.Slice(row, functions.Projection.Columns));
            var expectedBits = MemoryMarshal.Cast<float, int>(expectedSums.AsSpan(row, functions.Projection.Columns));
            Assert.True(bits.SequenceEqual(expectedBits), $"{where}: sums are not bit for bit those of the runtime's functions.");
        }

        foreach (var buffer in Buffers)
        {
            buffer.AssertGuards(where);
        }
    }

    private HashPass NewPass() => new()
    {
        Input = ref input.Start,
        Parameters = ref parameters.Start,
        Projection = ref projection.Start,
        Transform = ref transform.Start,
    };
}
