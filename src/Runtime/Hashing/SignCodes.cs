using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Whittle;

/// <summary>Packs the signs of projections into codes.</summary>
internal static class SignCodes
{
    /// <summary>Code t has bits t K to (t + 1) K - 1, the first lowest; a bit is 1 where the sum is below 0.</summary>
    /// <param name="sums">At least K L sums, padded to a multiple of 8.</param>
    /// <param name="bits">K.</param>
    /// <param name="codes">Room for L codes.</param>
    public static void Pack(ReadOnlySpan<float> sums, int bits, Span<int> codes)
    {
        ref var first = ref MemoryMarshal.GetReference(sums);
        var mask = (1UL << bits) - 1;
        ulong waiting = 0;
        var count = 0;
        var next = 0;
        foreach (ref var code in codes)
        {
            while (count < bits)
            {
                ulong signs = Vector256.LessThan(Vector256.LoadUnsafe(ref first, (nuint)next), Vector256<float>.Zero).ExtractMostSignificantBits();
                waiting |= signs << count;
                count += 8;
                next += 8;
            }

            code = (int)(waiting & mask);
            waiting >>= bits;
            count -= bits;
        }
    }

    /// <summary>The probability that a Gaussian projection of two vectors has the same sign: 1 - angle / pi (Charikar 2002).</summary>
    public static double SameSignProbability(double cosine) => 1 - (Math.Acos(cosine) / Math.PI);
}
