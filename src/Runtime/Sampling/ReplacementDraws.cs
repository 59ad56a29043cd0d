namespace Whittle;

/// <summary>Draws with replacement, each index with a probability proportional to its mass; equal draws are merged.</summary>
/// <param name="capacity">The most draws at once.</param>
internal sealed class ReplacementDraws(int capacity)
{
    private const double Unit = 1.0 / (1UL << 32);

    private readonly uint[] positions = new uint[capacity];

    /// <summary>
    /// Appends the indices drawn, each weighted by its draws / (count p), merged in ascending order with indices that are certain and
    /// have weight 1.
    /// </summary>
    /// <param name="masses">Not negative; 0 for the certain indices.</param>
    /// <param name="total">Their sum, added up in any order; nothing is drawn where it is 0.</param>
    /// <param name="count">Number of draws.</param>
    /// <param name="certain">Ascending indices that are in every sample.</param>
    /// <param name="random">The stream to draw from.</param>
    /// <param name="sample">The sample to append to.</param>
    public void Draw(ReadOnlySpan<float> masses, double total, int count, ReadOnlySpan<int> certain, ref RandomStream random, IndexSample sample)
    {
        count = total > 0 ? count : 0;
        var drawn = positions.AsSpan(0, count);
        random.Fill(drawn);
        drawn.Sort();

        // Positions are the middles of 2^32 equal parts of the total. The walk stops before the last index of mass: what rounding
        // leaves over belongs to it.
        var end = masses.Length - 1;
        while (end > 0 && masses[end] == 0)
        {
            end--;
        }

        var scale = total / count;
        var reached = 0.0;
        var next = 0;
        var nextCertain = 0;
        for (var index = 0; next < count; index++)
        {
            reached = index == end ? double.PositiveInfinity : reached + masses[index];
            var before = next;
            while (next < count && (drawn[next] + 0.5) * Unit * total < reached)
            {
                next++;
            }

            if (next > before)
            {
                AddCertain(certain, ref nextCertain, index, sample);
                sample.Add(index, (float)((next - before) * scale / masses[index]));
            }
        }

        AddCertain(certain, ref nextCertain, int.MaxValue, sample);
    }

    /// <summary>E|estimate from one draw|^2: the sum of s^2 / p; infinite where an index with a score cannot be drawn.</summary>
    public static double SecondMoment(ReadOnlySpan<float> scores, ReadOnlySpan<float> masses, double total)
    {
        var sum = 0.0;
        for (var index = 0; index < scores.Length; index++)
        {
            if (scores[index] != 0)
            {
                sum += (double)scores[index] * scores[index] / masses[index];
            }
        }

        return sum * total;
    }

    private static void AddCertain(ReadOnlySpan<int> certain, ref int next, int bound, IndexSample sample)
    {
        for (; next < certain.Length && certain[next] < bound; next++)
        {
            sample.Add(certain[next], 1);
        }
    }
}
