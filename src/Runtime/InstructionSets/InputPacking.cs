using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Whittle;

/// <summary>Copies the inputs of a batch into the order in which the tiles of a weight gradient read them: <see cref="GradientPacking"/>.</summary>
internal static class InputPacking
{
    /// <summary>Writes some blocks: [blocks][B][h], after the last input a 1, for the biases, and then zeros.</summary>
    /// <param name="inputs">x, [B][stride].</param>
    /// <param name="stride">Floats from one row of x to the next.</param>
    /// <param name="count">nIn.</param>
    /// <param name="rows">B.</param>
    /// <param name="height">h: 6 or 12.</param>
    /// <param name="packed">Receives block b at b B h.</param>
    /// <param name="begin">The first block.</param>
    /// <param name="end">One past the last block.</param>
    public static unsafe void Run(float* inputs, nuint stride, int count, int rows, int height, float* packed, int begin, int end)
    {
        for (var block = begin; block < end; block++)
        {
            var source = inputs + (block * height);
            var target = packed + ((nuint)block * (nuint)rows * (nuint)height);
            var valid = count - (block * height);
            for (var row = 0; row < rows; row++)
            {
                if (valid < height)
                {
                    Last(source, valid, height, target);
                }
                else
                {
                    Whole(source, height, target);
                }

                source += stride;
                target += height;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe void Whole(float* source, int height, float* target)
    {
        Vector128.Store(Vector128.Load(source), target);
        if (height == 12)
        {
            Vector128.Store(Vector128.Load(source + 4), target + 4);
            Vector128.Store(Vector128.Load(source + 8), target + 8);
        }
        else
        {
            // Two floats at once.
            Unsafe.WriteUnaligned(target + 4, Unsafe.ReadUnaligned<ulong>(source + 4));
        }
    }

    private static unsafe void Last(float* source, int valid, int height, float* target)
    {
        for (var column = 0; column < height; column++)
        {
            target[column] = column < valid ? source[column] : column == valid ? 1 : 0;
        }
    }
}
