namespace Whittle;

public sealed partial class Dataset
{
    /// <summary>The rows from <paramref name="start"/> on; <c>data[100..200]</c> is the same as <c>data.Slice(100, 100)</c>.</summary>
    /// <param name="start">First row.</param>
    /// <param name="length">Number of rows.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rows are not all in the set.</exception>
    public Dataset Slice(int start, int length)
    {
        if ((uint)start > (uint)Count || (uint)length > (uint)(Count - start))
        {
            throw new ArgumentOutOfRangeException(nameof(length), length, $"Rows {start} to {(long)start + length - 1} are not all among the {Count} rows of the data.");
        }

        return rows is null
            ? new Dataset(this, inputs, null, first + start, labels, firstLabel + start, length)
            : new Dataset(this, inputs, rows[start..(start + length)], 0, labels, firstLabel + start, length);
    }

    /// <summary>The first rows.</summary>
    /// <param name="count">Number of rows, at most <see cref="Count"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer rows.</exception>
    public Dataset Take(int count) => Slice(0, count);

    /// <summary>The rows listed, in that order; a row may occur more than once.</summary>
    /// <param name="indices">Rows, each from 0 to <see cref="Count"/> - 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    public Dataset Subset(ReadOnlySpan<int> indices)
    {
        var sources = new int[indices.Length];
        var chosen = new int[Targets > 0 ? 0 : indices.Length];
        for (var position = 0; position < indices.Length; position++)
        {
            sources[position] = Source(indices[position]);
            if (chosen.Length > 0)
            {
                chosen[position] = labels[firstLabel + indices[position]];
            }
        }

        return new Dataset(this, inputs, sources, 0, chosen, 0, indices.Length);
    }

    /// <summary>The first <paramref name="count"/> rows and the rest.</summary>
    /// <param name="count">Rows of the first part, from 0 to <see cref="Count"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer rows.</exception>
    public (Dataset First, Dataset Second) SplitAt(int count) => (Take(count), Slice(count, Count - count));

    /// <summary>Divides the rows at random into two parts.</summary>
    /// <param name="fraction">Share of the rows in the first part, between 0 and 1.</param>
    /// <param name="seed">Seed of the draw; the same seed divides in the same way.</param>
    /// <param name="stratified">Whether each class is divided by the same fraction (to within a row).</param>
    /// <exception cref="ArgumentOutOfRangeException">The fraction is not between 0 and 1.</exception>
    /// <exception cref="DataFormatException">A part would be empty, or a stratified split has no labels to go by.</exception>
    public (Dataset First, Dataset Second) Split(double fraction, ulong seed, bool stratified = false)
    {
        if (!(fraction > 0 && fraction < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(fraction), fraction, "The fraction of the first part must be above 0 and below 1.");
        }

        var size = (int)Math.Round(fraction * Count);
        if (size == 0 || size == Count)
        {
            throw new DataFormatException(FormattableString.Invariant($"A fraction of {fraction} of {Count} rows leaves one part of the split empty; choose another fraction."));
        }

        var order = new int[Count];
        for (var row = 0; row < order.Length; row++)
        {
            order[row] = row;
        }

        var random = new RandomStream(seed, RandomStreams.Split);
        random.Shuffle(order);
        if (stratified)
        {
            Stratify(order, size);
        }

        return (Subset(order.AsSpan(0, size)), Subset(order.AsSpan(size)));
    }

    // Brings rows of each class to the front in proportion to the class, `size` rows in all; keeps the order otherwise.
    private void Stratify(int[] order, int size)
    {
        if (Targets > 0)
        {
            throw new DataFormatException("A stratified split goes by the classes, but this data has target values; split without stratifying.");
        }

        // Only classes that occur: the number of classes may be far above the number of rows.
        var quotas = new Dictionary<int, int>();
        foreach (var label in Labels)
        {
            quotas[label] = quotas.GetValueOrDefault(label) + 1;
        }

        // Largest remainders: round down, then one more row for the classes that lost most.
        var exact = quotas.Select(pair => (Label: pair.Key, Share: (double)pair.Value * size / Count)).ToArray();
        foreach (var (label, share) in exact)
        {
            quotas[label] = (int)share;
        }

        var byRemainder = exact.OrderByDescending(pair => pair.Share - Math.Floor(pair.Share)).ThenBy(pair => pair.Label);
        foreach (var (label, _) in byRemainder.Take(size - quotas.Values.Sum()))
        {
            quotas[label]++;
        }

        var isFirst = Array.ConvertAll(order, row => quotas[Labels[row]]-- > 0);
        var arranged = order.Where((_, position) => isFirst[position]).Concat(order.Where((_, position) => !isFirst[position])).ToArray();
        arranged.CopyTo(order, 0);
    }
}
