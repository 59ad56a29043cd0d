using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Whittle;

/// <summary>
/// Finds the k largest of n floats by bisecting for the k-th largest, counting with vectors. Among equal values the lower index
/// wins, -0 equals 0, and a value that is not a number counts as the largest, so that it cannot hide.
/// </summary>
internal sealed class TopKSelector
{
    private const int Width = 8;

    // From here on a sample of the values narrows the search first.
    private const int LargeCount = 4096;
    private const int SampleCount = 1024;

    private readonly int[] keys;
    private readonly int[] candidates;
    private int length;
    private int smallest;
    private int largest;

    /// <summary>Reserves the working memory.</summary>
    /// <param name="capacity">The most values to choose from.</param>
    public TopKSelector(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(capacity);
        keys = new int[Padded(capacity)];
        candidates = new int[capacity > LargeCount ? Padded(capacity) : 0];
    }

    /// <summary>Writes the indices of the largest values in ascending order.</summary>
    /// <param name="values">At most the capacity.</param>
    /// <param name="count">k; all values where there are no more than that.</param>
    /// <param name="indices">Room for k indices.</param>
    /// <returns>How many indices: the smaller of k and the number of values.</returns>
    public int Select(ReadOnlySpan<float> values, int count, Span<int> indices)
    {
        Load(values);
        return Take(count, indices);
    }

    /// <summary>Takes over the values to choose from.</summary>
    public void Load(ReadOnlySpan<float> values)
    {
        length = values.Length;
        ref var source = ref MemoryMarshal.GetReference(values);
        ref var target = ref keys[0];
        var low = Vector256.Create(int.MaxValue);
        var high = Vector256.Create(int.MinValue);
        var index = 0;
        for (; index <= length - Width; index += Width)
        {
            var key = Keys(Vector256.LoadUnsafe(ref source, (nuint)index));
            key.StoreUnsafe(ref target, (nuint)index);
            low = Vector256.Min(low, key);
            high = Vector256.Max(high, key);
        }

        if (index < length)
        {
            Span<float> rest = stackalloc float[Width];
            rest.Fill(values[^1]);
            values[index..].CopyTo(rest);
            var key = Keys(Vector256.Create<float>(rest));
            low = Vector256.Min(low, key);
            high = Vector256.Max(high, key);
            key.StoreUnsafe(ref target, (nuint)index);
            keys.AsSpan(length, Padded(length) - length).Fill(int.MinValue);
        }

        (smallest, largest) = (int.MaxValue, int.MinValue);
        for (var lane = 0; lane < Width; lane++)
        {
            smallest = Math.Min(smallest, low.GetElement(lane));
            largest = Math.Max(largest, high.GetElement(lane));
        }
    }

    /// <summary>Makes one of the loaded values the largest.</summary>
    public void Force(int index)
    {
        keys[index] = int.MaxValue;
        largest = int.MaxValue;
    }

    /// <summary>Writes the indices of the k largest loaded values in ascending order.</summary>
    /// <returns>How many indices: the smaller of k and the number of values.</returns>
    public int Take(int count, Span<int> indices)
    {
        if (count >= length)
        {
            for (var index = 0; index < length; index++)
            {
                indices[index] = index;
            }

            return length;
        }

        if (count <= 0)
        {
            return 0;
        }

        var (threshold, above) = FindThreshold(count);
        Write(threshold, count - above, indices[..count]);
        return count;
    }

    private static int Padded(int count) => (count + Width - 1) / Width * Width;

    /// <summary>Integers in the order of the floats.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Keys(Vector256<float> values)
    {
        // Adding 0 turns -0 into 0.
        var bits = (values + Vector256<float>.Zero).AsInt32();
        var ordered = bits ^ ((bits >> 31) & Vector256.Create(int.MaxValue));
        return Vector256.ConditionalSelect(Vector256.Equals(values, values).AsInt32(), ordered, Vector256.Create(int.MaxValue));
    }

    /// <summary>A key below or at which the k-th largest lies so that all larger keys are taken, and how many those are.</summary>
    private (int Threshold, int Above) FindThreshold(int count)
    {
        if (length <= LargeCount)
        {
            return Bisect(keys.AsSpan(0, Padded(length)), count, smallest - 1L, largest, 0);
        }

        var (low, high) = Bracket(count);
        var all = keys.AsSpan(0, Padded(length));
        var above = CountAbove(all, high);
        if (above >= count || CountAbove(all, low) < count)
        {
            return Bisect(all, count, smallest - 1L, largest, 0);
        }

        return high - (long)low <= 1
            ? (high, above)
            : Bisect(candidates.AsSpan(0, Collect(low, high)), count, low, high, above);
    }

    /// <summary>Bounds of the k-th largest key that are almost surely right: quantiles of a sample (Floyd and Rivest 1975).</summary>
    private (int Low, int High) Bracket(int count)
    {
        var sample = candidates.AsSpan(0, SampleCount);
        var step = (double)length / SampleCount;
        for (var index = 0; index < SampleCount; index++)
        {
            sample[index] = keys[(int)(index * step)];
        }

        var share = (double)count / length;
        var rank = share * SampleCount;
        var margin = 2 + (3 * Math.Sqrt(rank * (1 - share)));
        var upper = (int)(rank - margin);
        var lower = (int)(rank + margin);
        var high = upper < 1 ? largest : Bisect(sample, upper, smallest - 1L, largest, 0).Threshold;
        var low = lower > SampleCount ? smallest - 1 : Bisect(sample, lower, smallest - 1L, largest, 0).Threshold - 1;
        return (low, high);
    }

    /// <summary>Copies the keys in (low, high] to the candidates.</summary>
    /// <returns>How many there are with padding.</returns>
    private int Collect(int low, int high)
    {
        var lows = Vector256.Create(low);
        var highs = Vector256.Create(high);
        ref var source = ref keys[0];
        var count = 0;
        for (var index = 0; index < length; index += Width)
        {
            var key = Vector256.LoadUnsafe(ref source, (nuint)index);
            var inside = Vector256.AndNot(Vector256.GreaterThan(key, lows), Vector256.GreaterThan(key, highs));
            for (var mask = inside.ExtractMostSignificantBits(); mask != 0; mask &= mask - 1)
            {
                candidates[count++] = keys[index + BitOperations.TrailingZeroCount(mask)];
            }
        }

        candidates.AsSpan(count, Padded(count) - count).Fill(int.MinValue);
        return Padded(count);
    }

    /// <summary>
    /// Bisects for a key t with at most k keys above it and at least k above or at it. There are at least k keys above
    /// <paramref name="low"/> and fewer than k above <paramref name="high"/>.
    /// </summary>
    /// <param name="items">Keys, a multiple of the vector's width.</param>
    /// <param name="count">k.</param>
    /// <param name="low">Lower bound.</param>
    /// <param name="high">Upper bound.</param>
    /// <param name="outside">Keys above the upper bound that are not among the items.</param>
    private static (int Threshold, int Above) Bisect(ReadOnlySpan<int> items, int count, long low, long high, int outside)
    {
        var above = outside;
        while (high - low > 1)
        {
            var middle = low + ((high - low) / 2);
            var found = outside + CountAbove(items, (int)middle);
            if (found == count)
            {
                return ((int)middle, found);
            }

            if (found > count)
            {
                low = middle;
            }
            else
            {
                (high, above) = (middle, found);
            }
        }

        return ((int)high, above);
    }

    private static int CountAbove(ReadOnlySpan<int> items, int threshold)
    {
        ref var first = ref MemoryMarshal.GetReference(items);
        var bound = Vector256.Create(threshold);
        Vector256<int> count0 = default, count1 = default, count2 = default, count3 = default;
        var index = 0;
        for (; index <= items.Length - (4 * Width); index += 4 * Width)
        {
            // True lanes are -1.
            count0 -= Vector256.GreaterThan(Vector256.LoadUnsafe(ref first, (nuint)index), bound);
            count1 -= Vector256.GreaterThan(Vector256.LoadUnsafe(ref first, (nuint)index + Width), bound);
            count2 -= Vector256.GreaterThan(Vector256.LoadUnsafe(ref first, (nuint)index + (2 * Width)), bound);
            count3 -= Vector256.GreaterThan(Vector256.LoadUnsafe(ref first, (nuint)index + (3 * Width)), bound);
        }

        for (; index < items.Length; index += Width)
        {
            count0 -= Vector256.GreaterThan(Vector256.LoadUnsafe(ref first, (nuint)index), bound);
        }

        return Vector256.Sum(count0 + count1 + count2 + count3);
    }

    /// <summary>Writes the indices of all keys above the threshold and of the first <paramref name="ties"/> at it.</summary>
    private void Write(int threshold, int ties, Span<int> indices)
    {
        ref var first = ref keys[0];
        var bound = Vector256.Create(threshold);
        var written = 0;
        for (var index = 0; written < indices.Length; index += Width)
        {
            var key = Vector256.LoadUnsafe(ref first, (nuint)index);
            var mask = Vector256.GreaterThan(key, bound).ExtractMostSignificantBits();
            if (ties > 0)
            {
                var equal = Vector256.Equals(key, bound).ExtractMostSignificantBits();
                for (; equal != 0 && ties > 0; equal &= equal - 1, ties--)
                {
                    mask |= equal & (uint)-(int)equal;
                }
            }

            for (; mask != 0; mask &= mask - 1)
            {
                indices[written++] = index + BitOperations.TrailingZeroCount(mask);
            }
        }
    }
}
