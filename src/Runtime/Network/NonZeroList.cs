using System.Numerics;
using System.Runtime.Intrinsics;

namespace Whittle;

/// <summary>Lists the inputs of a layer that a pass over one sample has to visit.</summary>
internal static unsafe class NonZeroList
{
    private const int Group = 8;

    /// <summary>For each set of eight lanes, the numbers of its members, ascending, a byte each.</summary>
    private static readonly ulong[] Members = [.. Enumerable.Range(0, 1 << Group).Select(MembersOf)];

    /// <summary>Writes the ascending indices of the values that are not zero; no branch depends on a value.</summary>
    /// <param name="values">The values.</param>
    /// <param name="length">How many they are.</param>
    /// <param name="indices">Room for as many indices as there are values; what follows the listed ones is undefined.</param>
    /// <returns>How many are listed.</returns>
    public static int Write(float* values, int length, int* indices)
    {
        var members = Members;
        var count = 0;
        var position = 0;
        for (; position + Group <= length; position += Group)
        {
            // NaN differs from zero and is listed, so that it is not hidden.
            var zero = Vector256.Equals(Vector256.Load(values + position), Vector256<float>.Zero);
            var set = ~zero.ExtractMostSignificantBits() & 0xFF;
            var lanes = Vector128.WidenLower(Vector128.CreateScalarUnsafe(members[(int)set]).AsByte());
            var (lower, upper) = Vector128.Widen(lanes);
            var first = Vector128.Create((uint)position);
            (lower + first).AsInt32().Store(indices + count);
            (upper + first).AsInt32().Store(indices + count + (Group / 2));
            count += BitOperations.PopCount(set);
        }

        for (; position < length; position++)
        {
            indices[count] = position;
            count += values[position] != 0 ? 1 : 0;
        }

        return count;
    }

    private static ulong MembersOf(int set)
    {
        var members = 0UL;
        var count = 0;
        for (var lane = 0; lane < Group; lane++)
        {
            if ((set >> lane & 1) != 0)
            {
                members |= (ulong)lane << (8 * count++);
            }
        }

        return members;
    }
}
