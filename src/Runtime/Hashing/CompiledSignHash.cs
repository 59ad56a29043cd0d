using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Whittle;

/// <summary>Codes that are signs of projections, by the kernels of a layer.</summary>
internal sealed class CompiledSignHash : CompiledHash
{
    // Whole tiles of nodes, whatever their height, and sums that stay in the cache.
    private const int NodesAtOnce = 120;
    private const int MostFloatsAtOnce = 16_384;

    private readonly SignHash functions;
    private readonly float[] panels;
    private readonly int firstPanel;

    /// <summary>Turns the projections into the panels that the kernels read.</summary>
    /// <param name="functions">The hash functions.</param>
    /// <param name="network">The network with the kernels.</param>
    /// <param name="kernel">Index of the compiled layer.</param>
    public CompiledSignHash(SignHash functions, CompiledNetwork network, int kernel)
        : base(functions, network, kernel)
    {
        this.functions = functions;

        // A row of a panel is a cache line.
        var matrix = functions.Projection.Matrix;
        panels = GC.AllocateArray<float>(matrix.Length + RowLayout.Line, pinned: true);
        firstPanel = FloatsToLine(panels);
        for (var start = 0; start < matrix.Length; start += ProjectionLayout.Block)
        {
            var (input, panel) = (start / functions.Projection.Width, start % functions.Projection.Width / ProjectionLayout.Block);
            matrix.Slice(start, ProjectionLayout.Block).CopyTo(panels.AsSpan(firstPanel + (((panel * Inputs) + input) * ProjectionLayout.Block)));
        }
    }

    /// <inheritdoc/>
    public override void HashInput(ReadOnlySpan<float> x, ReadOnlySpan<int> nonZero, Span<int> codes)
    {
        var factor = functions.InputFactor(x);
        Span<float> sums = stackalloc float[functions.Projection.Width];
        scoped var pass = NewPass(sums, codes[..Tables]);
        pass.Input = ref MemoryMarshal.GetReference(x[..Inputs]);
        pass.NonZero = ref MemoryMarshal.GetReference(nonZero);
        pass.NonZeroCount = (nuint)nonZero.Length;
        pass.Factors = ref factor;
        RunInput(in pass);
    }

    /// <inheritdoc/>
    public override void HashNodes(NodeRows rows, ReadOnlySpan<int> nodes, float scale, Span<int> codes)
    {
        Check(rows);
        var width = functions.Projection.Width;
        var atOnce = Math.Min(nodes.Length, Math.Clamp(MostFloatsAtOnce / width, 1, NodesAtOnce));
        Span<float> sums = stackalloc float[atOnce * width];
        Span<float> factors = stackalloc float[atOnce * AsymmetricTransform.NodeFactors];
        for (var start = 0; start < nodes.Length; start += atOnce)
        {
            var some = nodes[start..Math.Min(start + atOnce, nodes.Length)];
            functions.NodeFactors(rows, some, scale, factors);
            scoped var pass = NewPass(sums, codes.Slice(start * Tables, some.Length * Tables));
            pass.Parameters = ref rows.First;
            pass.Nodes = ref MemoryMarshal.GetReference(some);
            pass.NodeCount = (nuint)some.Length;
            pass.Factors = ref MemoryMarshal.GetReference(factors);
            RunNodes(in pass);
        }
    }

    private static unsafe int FloatsToLine(float[] pinned)
    {
        const int line = RowLayout.Line * sizeof(float);
        var address = (nint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(pinned));
        return (int)(-address & (line - 1)) / sizeof(float);
    }

    private HashPass NewPass(Span<float> sums, Span<int> codes) => new()
    {
        Projection = ref panels[firstPanel],
        Transform = ref MemoryMarshal.GetReference(functions.Transform),
        Sums = ref MemoryMarshal.GetReference(sums),
        Codes = ref MemoryMarshal.GetReference(codes),
    };
}
