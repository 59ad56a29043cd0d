namespace Whittle;

/// <summary>
/// Densified winner-take-all hashing (Chen and Shrivastava 2018; winner-take-all: Yagnik et al. 2011): three bits of a code say which
/// of eight random coordinates is largest (bits left over, which of two or four). Coordinates that are 0 do not compete; where all
/// are 0, the winner is borrowed from another bin, chosen by a fixed hash, so that sparse vectors borrow from the same bin.
/// </summary>
internal sealed class WinnerTakeAllHash : HashFunctions
{
    private readonly int[] coordinates;

    /// <summary>Draws the bins.</summary>
    public WinnerTakeAllHash(int inputs, int bits, int tables, ref RandomStream random)
        : base(inputs, bits, tables)
    {
        Bins = WinnerLayout.Bins(inputs, bits, tables);
        coordinates = new int[Bins * WinnerLayout.BinSize];
        var permutation = new int[inputs];
        for (var index = 0; index < inputs; index++)
        {
            permutation[index] = index;
        }

        for (var start = 0; start < coordinates.Length; start += inputs)
        {
            random.Shuffle(permutation);
            permutation.AsSpan(0, Math.Min(inputs, coordinates.Length - start)).CopyTo(coordinates.AsSpan(start));
        }
    }

    /// <summary>Number of bins.</summary>
    public int Bins { get; }

    /// <summary>The coordinates that compete in each bin, [bins][8].</summary>
    public ReadOnlySpan<int> Coordinates => coordinates;

    /// <inheritdoc/>
    public override void HashInput(ReadOnlySpan<float> x, ReadOnlySpan<int> nonZero, Span<int> codes)
    {
        if (nonZero.IsEmpty)
        {
            codes[..Tables].Clear();
            return;
        }

        Hash(x, codes);
    }

    /// <inheritdoc/>
    public override void HashNodes(NodeRows rows, ReadOnlySpan<int> nodes, float scale, Span<int> codes)
    {
        for (var position = 0; position < nodes.Length; position++)
        {
            Hash(rows.Row(nodes[position]), codes.Slice(position * Tables, Tables));
        }
    }

    /// <summary>
    /// As <see cref="HashFunctions.CollisionProbability"/>, for coordinates that are normal and independent of each other; other
    /// vectors may collide more or less often.
    /// </summary>
    public override double CollisionProbability(double product, double inputLength, double weightLength, float scale)
    {
        var cosine = Cosine(product, inputLength * weightLength);
        var rest = WinnerLayout.RestBits(Bits);
        return Math.Pow(WinnerAgreement.Probability(WinnerLayout.BinBits, cosine), Bits / WinnerLayout.BinBits) * (rest == 0 ? 1 : WinnerAgreement.Probability(rest, cosine));
    }

    private void Hash(ReadOnlySpan<float> x, Span<int> codes)
    {
        for (var table = 0; table < Tables; table++)
        {
            var code = 0;
            for (var (shift, bin) = (0, table * WinnerLayout.BinsPerTable(Bits)); shift < Bits; shift += WinnerLayout.BinBits, bin++)
            {
                code |= WinnerOrLoan(x, bin, 1 << Math.Min(WinnerLayout.BinBits, Bits - shift)) << shift;
            }

            codes[table] = code;
        }
    }

    private int WinnerOrLoan(ReadOnlySpan<float> x, int bin, int size)
    {
        var winner = Winner(x, bin, size);
        for (uint loan = 1; winner < 0 && loan <= BinWinner.MostLoans; loan++)
        {
            winner = Winner(x, (int)BinWinner.Lender((uint)bin, loan, (uint)Bins), size);
        }

        return Math.Max(0, winner);
    }

    private int Winner(ReadOnlySpan<float> x, int bin, int size)
    {
        var winner = -1;
        var largest = float.NegativeInfinity;
        var candidates = coordinates.AsSpan(bin * WinnerLayout.BinSize, size);
        for (var position = 0; position < size; position++)
        {
            var value = x[candidates[position]];
            if (value > largest && value != 0)
            {
                (winner, largest) = (position, value);
            }
        }

        return winner;
    }
}
