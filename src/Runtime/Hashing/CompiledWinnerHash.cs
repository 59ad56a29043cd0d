using System.Buffers;
using System.Runtime.InteropServices;

namespace Whittle;

/// <summary>Codes that are winners of bins, by the kernels of a layer.</summary>
internal sealed class CompiledWinnerHash : CompiledHash
{
    // More winners than on the stack are in memory of a pool.
    private const int MostWinnersOnStack = 8_192;

    private readonly int[] coordinates;
    private readonly int winnerCount;

    /// <summary>Turns the bins round, so that a vector holds one coordinate of many of them.</summary>
    /// <param name="functions">The hash functions.</param>
    /// <param name="network">The network with the kernels.</param>
    /// <param name="kernel">Index of the compiled layer.</param>
    public CompiledWinnerHash(WinnerTakeAllHash functions, CompiledNetwork network, int kernel)
        : base(functions, network, kernel)
    {
        winnerCount = WinnerLayout.WinnerCount(functions.Bins, Bits);
        coordinates = CoordinatesByPosition(functions);
    }

    /// <summary>The coordinates of bins as kernels read them, [8][width]; bins that fill the last vector have coordinate 0.</summary>
    public static int[] CoordinatesByPosition(WinnerTakeAllHash functions)
    {
        var width = WinnerLayout.Width(functions.Bins);
        var coordinates = new int[WinnerLayout.BinSize * width];
        for (var index = 0; index < functions.Coordinates.Length; index++)
        {
            coordinates[(index % WinnerLayout.BinSize * width) + (index / WinnerLayout.BinSize)] = functions.Coordinates[index];
        }

        return coordinates;
    }

    /// <inheritdoc/>
    public override void HashInput(ReadOnlySpan<float> x, ReadOnlySpan<int> nonZero, Span<int> codes)
    {
        codes = codes[..Tables];
        x = x[..Inputs];
        if (nonZero.IsEmpty)
        {
            codes.Clear();
            return;
        }

        using var winners = new Winners(winnerCount, stackalloc float[winnerCount <= MostWinnersOnStack ? winnerCount : 0]);
        scoped var pass = NewPass(winners.Floats, codes);
        pass.Input = ref MemoryMarshal.GetReference(x);
        RunInput(in pass);
    }

    /// <inheritdoc/>
    public override void HashNodes(NodeRows rows, ReadOnlySpan<int> nodes, float scale, Span<int> codes)
    {
        Check(rows);
        using var winners = new Winners(winnerCount, stackalloc float[winnerCount <= MostWinnersOnStack ? winnerCount : 0]);
        scoped var pass = NewPass(winners.Floats, codes[..(nodes.Length * Tables)]);
        pass.Parameters = ref rows.First;
        pass.Nodes = ref MemoryMarshal.GetReference(nodes);
        pass.NodeCount = (nuint)nodes.Length;
        RunNodes(in pass);
    }

    private HashPass NewPass(Span<float> winners, Span<int> codes) => new()
    {
        Coordinates = ref MemoryMarshal.GetArrayDataReference(coordinates),
        Sums = ref MemoryMarshal.GetReference(winners),
        Codes = ref MemoryMarshal.GetReference(codes),
    };

    /// <summary>Room for winners: the given one, or where there is none, an array of the pool.</summary>
    private readonly ref struct Winners(int count, Span<float> room)
    {
        private readonly float[]? rented = room.Length < count ? ArrayPool<float>.Shared.Rent(count) : null;

        private readonly Span<float> room = room;

        public Span<float> Floats => rented ?? room;

        public void Dispose()
        {
            if (rented is not null)
            {
                ArrayPool<float>.Shared.Return(rented);
            }
        }
    }
}
