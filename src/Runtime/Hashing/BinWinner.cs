using System.Runtime.CompilerServices;

namespace Whittle;

/// <summary>
/// The winner of a bin in densified winner-take-all hashing, borrowed from another bin where all coordinates are 0
/// (Chen and Shrivastava 2018): the end of generated kernels.
/// </summary>
public static class BinWinner
{
    internal const int MostLoans = 100;

    /// <summary>Position of the largest coordinate of a bin or of the first bin that lends it one; 0 if none does.</summary>
    /// <param name="winners">The winner of each bin, -1 where no coordinate competes.</param>
    /// <param name="bin">Index of the bin.</param>
    /// <param name="bins">Number of bins.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Of(ref float winners, nuint bin, uint bins)
    {
        var winner = Unsafe.Add(ref winners, bin);
        return winner >= 0 ? (int)winner : Borrowed(ref winners, (uint)bin, bins);
    }

    /// <summary>The bin that is asked for a loan, chosen by a fixed hash, so that sparse vectors borrow from the same bin.</summary>
    internal static uint Lender(uint bin, uint loan, uint bins) => Mix(bin, loan) % bins;

    private static int Borrowed(ref float winners, uint bin, uint bins)
    {
        for (uint loan = 1; loan <= MostLoans; loan++)
        {
            if (Unsafe.Add(ref winners, Lender(bin, loan, bins)) is >= 0 and var winner)
            {
                return (int)winner;
            }
        }

        return 0;
    }

    /// <summary>A well mixed number of a bin and a loan (the finaliser of MurmurHash3).</summary>
    private static uint Mix(uint bin, uint loan)
    {
        var mixed = bin ^ (loan * 0x9E3779B9);
        mixed = (mixed ^ (mixed >> 16)) * 0x85EBCA6B;
        mixed = (mixed ^ (mixed >> 13)) * 0xC2B2AE35;
        return mixed ^ (mixed >> 16);
    }
}
