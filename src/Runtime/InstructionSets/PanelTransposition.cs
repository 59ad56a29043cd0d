using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Whittle;

/// <summary>
/// Turns a panel of columns of a layer's weights into rows, so that the gradient of the inputs can run as broadcasts
/// times vectors as the forward product does, without a second copy of the weights.
/// </summary>
public static class PanelTransposition
{
    /// <summary>Writes W^T of the inputs from <paramref name="column"/> on: [nOut][w], with zeros where there is no input.</summary>
    /// <param name="parameters">W and b in panels, [P][nIn + 1][w].</param>
    /// <param name="column">The first input, a multiple of w.</param>
    /// <param name="transposed">Receives the nOut rows of w floats each.</param>
    /// <param name="inputs">nIn.</param>
    /// <param name="outputs">nOut; the rows up to the next multiple of a vector may be written too.</param>
    /// <param name="width">w.</param>
    public static void Run(ref float parameters, nuint column, ref float transposed, nuint inputs, nuint outputs, nuint width)
    {
        var panelLength = (inputs + 1) * width;
        var count = nuint.Min(width, inputs - column);
        var block = Avx512F.IsSupported && width == 32 ? 16u : Avx.IsSupported && width == 16 ? 8u : 0u;
        ref var source = ref Unsafe.Add(ref parameters, column * width);
        for (nuint output = 0; output < outputs; output += width)
        {
            ref var target = ref Unsafe.Add(ref transposed, output * width);
            var valid = nuint.Min(width, outputs - output);
            if (block == 0 || count < width)
            {
                Elements(ref source, ref target, count, valid, width);
            }
            else
            {
                for (nuint row = 0; row < valid; row += block)
                {
                    for (nuint input = 0; input < width; input += block)
                    {
                        ref var from = ref Unsafe.Add(ref source, (input * width) + row);
                        ref var to = ref Unsafe.Add(ref target, (row * width) + input);
                        if (block == 16)
                        {
                            Block16(ref from, ref to);
                        }
                        else
                        {
                            Block8(ref from, ref to);
                        }
                    }
                }
            }

            source = ref Unsafe.Add(ref source, panelLength);
        }
    }

    private static void Elements(ref float source, ref float target, nuint count, nuint outputs, nuint width)
    {
        for (nuint output = 0; output < outputs; output++)
        {
            for (nuint input = 0; input < width; input++)
            {
                Unsafe.Add(ref target, (output * width) + input) = input < count ? Unsafe.Add(ref source, (input * width) + output) : 0;
            }
        }
    }

    /// <summary>A block of 16 x 16 floats, both in rows of 32.</summary>
    private static void Block16(ref float source, ref float target)
    {
        const int Row = 32;
        var row0 = Vector512.LoadUnsafe(ref source);
        var row1 = Vector512.LoadUnsafe(ref source, Row);
        var row2 = Vector512.LoadUnsafe(ref source, 2 * Row);
        var row3 = Vector512.LoadUnsafe(ref source, 3 * Row);
        var row4 = Vector512.LoadUnsafe(ref source, 4 * Row);
        var row5 = Vector512.LoadUnsafe(ref source, 5 * Row);
        var row6 = Vector512.LoadUnsafe(ref source, 6 * Row);
        var row7 = Vector512.LoadUnsafe(ref source, 7 * Row);
        var row8 = Vector512.LoadUnsafe(ref source, 8 * Row);
        var row9 = Vector512.LoadUnsafe(ref source, 9 * Row);
        var row10 = Vector512.LoadUnsafe(ref source, 10 * Row);
        var row11 = Vector512.LoadUnsafe(ref source, 11 * Row);
        var row12 = Vector512.LoadUnsafe(ref source, 12 * Row);
        var row13 = Vector512.LoadUnsafe(ref source, 13 * Row);
        var row14 = Vector512.LoadUnsafe(ref source, 14 * Row);
        var row15 = Vector512.LoadUnsafe(ref source, 15 * Row);

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

    /// <summary>A block of 8 x 8 floats, both in rows of 16.</summary>
    private static void Block8(ref float source, ref float target)
    {
        const int Row = 16;
        var row0 = Vector256.LoadUnsafe(ref source);
        var row1 = Vector256.LoadUnsafe(ref source, Row);
        var row2 = Vector256.LoadUnsafe(ref source, 2 * Row);
        var row3 = Vector256.LoadUnsafe(ref source, 3 * Row);
        var row4 = Vector256.LoadUnsafe(ref source, 4 * Row);
        var row5 = Vector256.LoadUnsafe(ref source, 5 * Row);
        var row6 = Vector256.LoadUnsafe(ref source, 6 * Row);
        var row7 = Vector256.LoadUnsafe(ref source, 7 * Row);
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
}
