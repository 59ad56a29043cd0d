using System.Numerics;

namespace Whittle;

/// <summary>A set of indices below a fixed bound, one bit each, which comes out in ascending order.</summary>
internal sealed class IndexSet
{
    private readonly ulong[] words;

    /// <summary>Makes an empty set.</summary>
    /// <param name="bound">One more than the largest index.</param>
    public IndexSet(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bound);
        Bound = bound;
        words = new ulong[(bound + 63) / 64];
    }

    /// <summary>One more than the largest possible index.</summary>
    public int Bound { get; }

    /// <summary>How many indices are in the set.</summary>
    public int Count { get; private set; }

    /// <summary>Whether an index is in the set.</summary>
    public bool Contains(int index) => (words[index >> 6] >> index & 1) != 0;

    /// <summary>Adds an index; false if it was there.</summary>
    public bool Add(int index)
    {
        ref var word = ref words[index >> 6];
        var bit = 1UL << index;
        if ((word & bit) != 0)
        {
            return false;
        }

        word |= bit;
        Count++;
        return true;
    }

    /// <summary>Adds indices, of which any may be there already.</summary>
    public void AddRange(ReadOnlySpan<int> indices)
    {
        foreach (var index in indices)
        {
            Add(index);
        }
    }

    /// <summary>Adds all indices below the bound.</summary>
    public void AddAll()
    {
        words.AsSpan().Fill(ulong.MaxValue);
        if (Bound % 64 != 0)
        {
            words[^1] = (1UL << Bound) - 1;
        }

        Count = Bound;
    }

    /// <summary>Removes all indices.</summary>
    public void Clear()
    {
        words.AsSpan().Clear();
        Count = 0;
    }

    /// <summary>
    /// Adds <paramref name="count"/> of the indices that are not in the set, every choice equally likely: one draw each
    /// (Floyd's algorithm, Bentley 1987; by rejection where the set already has indices).
    /// </summary>
    public void AddRandom(int count, ref RandomStream random)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Bound - Count);
        if (Count == 0)
        {
            for (var last = Bound - count; last < Bound; last++)
            {
                if (!Add(random.NextInt32(last + 1)))
                {
                    Add(last);
                }
            }

            return;
        }

        // While at least a quarter is free, rejection needs at most four draws on average.
        while (count > 0 && Count <= Bound / 4 * 3)
        {
            count -= Add(random.NextInt32(Bound)) ? 1 : 0;
        }

        // Then walk over the free indices; each is taken with the share still needed (Knuth, algorithm S).
        var free = Bound - Count;
        for (var index = 0; count > 0; index++)
        {
            if (!Contains(index))
            {
                if (random.NextInt32(free) < count)
                {
                    Add(index);
                    count--;
                }

                free--;
            }
        }
    }

    /// <summary>Writes the indices in ascending order.</summary>
    /// <returns>How many.</returns>
    public int CopyTo(Span<int> indices)
    {
        var count = 0;
        for (var position = 0; position < words.Length; position++)
        {
            for (var word = words[position]; word != 0; word &= word - 1)
            {
                indices[count++] = (position * 64) + BitOperations.TrailingZeroCount(word);
            }
        }

        return count;
    }

    /// <summary>Writes the indices in ascending order and empties the set.</summary>
    /// <returns>How many.</returns>
    public int MoveTo(Span<int> indices)
    {
        var count = CopyTo(indices);
        Clear();
        return count;
    }
}
