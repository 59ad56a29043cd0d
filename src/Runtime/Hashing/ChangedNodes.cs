namespace Whittle;

/// <summary>
/// The nodes whose weights have changed, a byte for each: several threads may add at once, while one takes them out. What is added during
/// that is taken out then or the next time.
/// </summary>
/// <param name="nodes">Number of nodes.</param>
internal sealed class ChangedNodes(int nodes)
{
    private readonly bool[] changed = new bool[nodes];

    /// <summary>How many there are.</summary>
    public int Count => changed.AsSpan().Count(true);

    /// <summary>Adds a node.</summary>
    public void Add(int node) => changed[node] = true;

    /// <summary>Adds nodes.</summary>
    public void AddRange(ReadOnlySpan<int> some)
    {
        foreach (var node in some)
        {
            changed[node] = true;
        }
    }

    /// <summary>Adds all nodes.</summary>
    public void AddAll() => changed.AsSpan().Fill(true);

    /// <summary>Writes the nodes in ascending order.</summary>
    /// <returns>How many.</returns>
    public int CopyTo(Span<int> target)
    {
        var count = 0;
        for (var node = 0; node < changed.Length; node++)
        {
            if (changed[node])
            {
                target[count++] = node;
            }
        }

        return count;
    }

    /// <summary>Writes the nodes in ascending order and takes them out.</summary>
    /// <returns>How many.</returns>
    public int MoveTo(Span<int> target)
    {
        var count = CopyTo(target);
        foreach (var node in target[..count])
        {
            changed[node] = false;
        }

        // Weights are read after this: who changes them later adds the node again.
        Interlocked.MemoryBarrier();
        return count;
    }
}
