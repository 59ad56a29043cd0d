using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Whittle;

/// <summary>Where the rows of a matrix begin: how many floats after the start of its memory.</summary>
internal interface IRowOffsets
{
    /// <summary>Start of a row.</summary>
    nuint this[nuint row] { get; }
}

/// <summary>Rows one after the other.</summary>
/// <param name="stride">Floats from one row to the next.</param>
internal readonly struct EquidistantRows(nuint stride) : IRowOffsets
{
    /// <inheritdoc/>
    public nuint this[nuint row] => row * stride;
}

/// <summary>Rows anywhere.</summary>
/// <param name="offsets">The start of each.</param>
internal readonly unsafe struct ScatteredRows(nuint* offsets) : IRowOffsets
{
    /// <inheritdoc/>
    public nuint this[nuint row] => offsets[row];
}

/// <summary>Square blocks of floats turned round in registers: columns of the source become rows of a panel that is two blocks wide.</summary>
internal static class BlockTransposition
{
    /// <summary>A block of 16 x 16 floats.</summary>
    /// <param name="rows">Where the rows of the source lie.</param>
    /// <param name="source">The source.</param>
    /// <param name="target">Receives a row of 32 floats for each column, of which it writes 16.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Block16<TRows>(TRows rows, ref float source, ref float target)
        where TRows : struct, IRowOffsets
    {
        var row0 = Vector512.LoadUnsafe(ref source, rows[0]);
        var row1 = Vector512.LoadUnsafe(ref source, rows[1]);
        var row2 = Vector512.LoadUnsafe(ref source, rows[2]);
        var row3 = Vector512.LoadUnsafe(ref source, rows[3]);
        var row4 = Vector512.LoadUnsafe(ref source, rows[4]);
        var row5 = Vector512.LoadUnsafe(ref source, rows[5]);
        var row6 = Vector512.LoadUnsafe(ref source, rows[6]);
        var row7 = Vector512.LoadUnsafe(ref source, rows[7]);
        var row8 = Vector512.LoadUnsafe(ref source, rows[8]);
        var row9 = Vector512.LoadUnsafe(ref source, rows[9]);
        var row10 = Vector512.LoadUnsafe(ref source, rows[10]);
        var row11 = Vector512.LoadUnsafe(ref source, rows[11]);
        var row12 = Vector512.LoadUnsafe(ref source, rows[12]);
        var row13 = Vector512.LoadUnsafe(ref source, rows[13]);
        var row14 = Vector512.LoadUnsafe(ref source, rows[14]);
        var row15 = Vector512.LoadUnsafe(ref source, rows[15]);

        // First within quarters of four floats, then the quarters themselves.
        Quarters(ref row0, ref row1, ref row2, ref row3);
        Quarters(ref row4, ref row5, ref row6, ref row7);
        Quarters(ref row8, ref row9, ref row10, ref row11);
        Quarters(ref row12, ref row13, ref row14, ref row15);
        StoreQuarters(row0, row4, row8, row12, ref target, 0);
        StoreQuarters(row1, row5, row9, row13, ref target, 1);
        StoreQuarters(row2, row6, row10, row14, ref target, 2);
        StoreQuarters(row3, row7, row11, row15, ref target, 3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Quarters(ref Vector512<float> a, ref Vector512<float> b, ref Vector512<float> c, ref Vector512<float> d)
    {
        var ab = Avx512F.UnpackLow(a, b);
        var abHigh = Avx512F.UnpackHigh(a, b);
        var cd = Avx512F.UnpackLow(c, d);
        var cdHigh = Avx512F.UnpackHigh(c, d);
        a = Avx512F.Shuffle(ab, cd, 0x44);
        b = Avx512F.Shuffle(ab, cd, 0xEE);
        c = Avx512F.Shuffle(abHigh, cdHigh, 0x44);
        d = Avx512F.Shuffle(abHigh, cdHigh, 0xEE);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreQuarters(Vector512<float> a, Vector512<float> b, Vector512<float> c, Vector512<float> d, ref float target, nuint row)
    {
        const int Row = 32;
        var abEven = Avx512F.Shuffle4x128(a, b, 0x88);
        var abOdd = Avx512F.Shuffle4x128(a, b, 0xDD);
        var cdEven = Avx512F.Shuffle4x128(c, d, 0x88);
        var cdOdd = Avx512F.Shuffle4x128(c, d, 0xDD);
        Avx512F.Shuffle4x128(abEven, cdEven, 0x88).StoreUnsafe(ref target, row * Row);
        Avx512F.Shuffle4x128(abOdd, cdOdd, 0x88).StoreUnsafe(ref target, (row + 4) * Row);
        Avx512F.Shuffle4x128(abEven, cdEven, 0xDD).StoreUnsafe(ref target, (row + 8) * Row);
        Avx512F.Shuffle4x128(abOdd, cdOdd, 0xDD).StoreUnsafe(ref target, (row + 12) * Row);
    }

    /// <summary>A block of 8 x 8 floats.</summary>
    /// <param name="rows">Where the rows of the source lie.</param>
    /// <param name="source">The source.</param>
    /// <param name="target">Receives a row of 16 floats for each column, of which it writes 8.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Block8<TRows>(TRows rows, ref float source, ref float target)
        where TRows : struct, IRowOffsets
    {
        var row0 = Vector256.LoadUnsafe(ref source, rows[0]);
        var row1 = Vector256.LoadUnsafe(ref source, rows[1]);
        var row2 = Vector256.LoadUnsafe(ref source, rows[2]);
        var row3 = Vector256.LoadUnsafe(ref source, rows[3]);
        var row4 = Vector256.LoadUnsafe(ref source, rows[4]);
        var row5 = Vector256.LoadUnsafe(ref source, rows[5]);
        var row6 = Vector256.LoadUnsafe(ref source, rows[6]);
        var row7 = Vector256.LoadUnsafe(ref source, rows[7]);
        Quarters(ref row0, ref row1, ref row2, ref row3);
        Quarters(ref row4, ref row5, ref row6, ref row7);
        StoreHalves(row0, row4, ref target, 0);
        StoreHalves(row1, row5, ref target, 1);
        StoreHalves(row2, row6, ref target, 2);
        StoreHalves(row3, row7, ref target, 3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Quarters(ref Vector256<float> a, ref Vector256<float> b, ref Vector256<float> c, ref Vector256<float> d)
    {
        var ab = Avx.UnpackLow(a, b);
        var abHigh = Avx.UnpackHigh(a, b);
        var cd = Avx.UnpackLow(c, d);
        var cdHigh = Avx.UnpackHigh(c, d);
        a = Avx.Shuffle(ab, cd, 0x44);
        b = Avx.Shuffle(ab, cd, 0xEE);
        c = Avx.Shuffle(abHigh, cdHigh, 0x44);
        d = Avx.Shuffle(abHigh, cdHigh, 0xEE);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreHalves(Vector256<float> a, Vector256<float> b, ref float target, nuint row)
    {
        const int Row = 16;
        Avx.Permute2x128(a, b, 0x20).StoreUnsafe(ref target, row * Row);
        Avx.Permute2x128(a, b, 0x31).StoreUnsafe(ref target, (row + 4) * Row);
    }

    /// <summary>A block of 4 x 4 floats.</summary>
    /// <param name="rows">Where the rows of the source lie.</param>
    /// <param name="source">The source.</param>
    /// <param name="target">Receives a row of 8 floats for each column, of which it writes 4.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Block4<TRows>(TRows rows, ref float source, ref float target)
        where TRows : struct, IRowOffsets
    {
        const int Row = 8;
        var row0 = Vector128.LoadUnsafe(ref source, rows[0]);
        var row1 = Vector128.LoadUnsafe(ref source, rows[1]);
        var row2 = Vector128.LoadUnsafe(ref source, rows[2]);
        var row3 = Vector128.LoadUnsafe(ref source, rows[3]);
        var low01 = Sse.UnpackLow(row0, row1);
        var high01 = Sse.UnpackHigh(row0, row1);
        var low23 = Sse.UnpackLow(row2, row3);
        var high23 = Sse.UnpackHigh(row2, row3);
        Sse.MoveLowToHigh(low01, low23).StoreUnsafe(ref target);
        Sse.MoveHighToLow(low23, low01).StoreUnsafe(ref target, Row);
        Sse.MoveLowToHigh(high01, high23).StoreUnsafe(ref target, 2 * Row);
        Sse.MoveHighToLow(high23, high01).StoreUnsafe(ref target, 3 * Row);
    }
}
