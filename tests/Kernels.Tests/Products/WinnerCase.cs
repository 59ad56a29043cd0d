using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Whittle.Kernels.Tests;

/// <summary>Winner-take-all hash functions, inputs and rows of weights in guarded memory, and the codes that the runtime's own functions give.</summary>
internal sealed unsafe class WinnerCase : IDisposable
{
    private readonly WinnerTakeAllHash functions;
    private readonly GuardedBuffer input;
    private readonly GuardedBuffer parameters;
    private readonly GuardedBuffer coordinates;
    private readonly Random random;
    private readonly int nodes;

    public WinnerCase(int inputs, int bits, int tables, int nodes)
    {
        this.nodes = nodes;
        functions = (WinnerTakeAllHash)HashFunctions.Create(HashFamily.Dwta, inputs, bits, tables, seed: 5, layer: 1);
        random = new Random((((inputs * 31) + bits) * 31) + tables);
        input = new("input", inputs);
        parameters = new("parameters", nodes * NodeRowLayout.Stride(inputs));
        var turned = CompiledWinnerHash.CoordinatesByPosition(functions);
        coordinates = new("coordinates", turned.Length);
        turned.CopyTo(MemoryMarshal.Cast<float, int>(coordinates.Span));

        // What follows the weights in a row stays poison: no code may depend on it.
        for (var node = 0; node < nodes; node++)
        {
            Fill(parameters.Span.Slice(node * NodeRowLayout.Stride(inputs), inputs), nonZero: node % 3 == 0 ? 0.3 : 1);
        }
    }

    private GuardedBuffer[] Buffers => [input, parameters, coordinates];

    /// <summary>Checks codes of inputs of which all, some, few and no elements are zero, with equal and with infinite ones.</summary>
    public void CheckInput(HashRun run, string where)
    {
        foreach (var nonZero in (double[])[1, 0.5, 0.1, 0.02, 0])
        {
            Fill(input.Span, nonZero);
            Check("numbers");
            foreach (ref var x in input.Span)
            {
                x = MathF.Round(x * 3);
            }

            Check("equal numbers");
            foreach (ref var x in input.Span)
            {
                x = random.Next(4) switch { 0 => float.PositiveInfinity, 1 => float.NegativeInfinity, 2 => -0f, _ => float.Epsilon };
            }

            Check("limits");

            void Check(string what)
            {
                var expected = new int[functions.Tables];
                functions.HashInput(input.Span, [0], expected);
                scoped var pass = NewPass();
                this.Check(run, ref pass, expected, $"{where}, {nonZero} of the inputs, {what}");
            }
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
            functions.HashNodes(rows, list, 1, expected);
            scoped var pass = NewPass();
            pass.Nodes = ref MemoryMarshal.GetArrayDataReference(list);
            pass.NodeCount = (nuint)count;
            Check(run, ref pass, expected, $"{where}, {count} nodes");
        }
    }

    public void Dispose()
    {
        foreach (var buffer in Buffers)
        {
            buffer.Dispose();
        }
    }

    private void Fill(Span<float> vector, double nonZero)
    {
        foreach (ref var x in vector)
        {
            x = random.NextDouble() < nonZero ? random.NextSingle() - 0.5f : 0;
        }
    }

    private void Check(HashRun run, scoped ref HashPass pass, int[] expected, string where)
    {
        using var codes = new GuardedBuffer("codes", expected.Length);
        using var winners = new GuardedBuffer("winners", WinnerLayout.WinnerCount(functions.Bins, functions.Bits));
        pass.Sums = ref winners.Start;
        pass.Codes = ref Unsafe.As<float, int>(ref codes.Start);
        run(in pass);
        codes.AssertGuards(where);
        winners.AssertGuards(where);
        Assert.True(MemoryMarshal.Cast<float, int>(codes.Span).SequenceEqual(expected), $"{where}: codes are not those of the runtime's functions.");
        foreach (var buffer in Buffers)
        {
            buffer.AssertGuards(where);
        }
    }

    private HashPass NewPass() => new()
    {
        Input = ref input.Start,
        Parameters = ref parameters.Start,
        Coordinates = ref Unsafe.As<float, int>(ref coordinates.Start),
    };
}
