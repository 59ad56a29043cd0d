namespace Whittle;

/// <summary>The active nodes of a layer in one batch: a set for each row, or one for all of them.</summary>
/// <param name="nodes">Nodes of the layer.</param>
/// <param name="capacity">The most nodes of a set.</param>
/// <param name="isShared">Whether all rows have the same set.</param>
internal sealed class ActiveNodes(int nodes, int capacity, bool isShared)
{
    private readonly IndexSet touched = new(nodes);
    private IndexSample union = new(0);
    private IndexSample[] sets = [];

    /// <summary>Whether all rows have the same set.</summary>
    public bool IsShared => isShared;

    /// <summary>The set of a row.</summary>
    public IndexSample this[int row] => sets[isShared ? 0 : row];

    /// <summary>Makes room for a batch of so many rows.</summary>
    public void Reserve(int rows)
    {
        var wanted = isShared ? 1 : rows;
        if (sets.Length < wanted)
        {
            sets = [.. sets, .. Enumerable.Range(sets.Length, wanted - sets.Length).Select(_ => new IndexSample(capacity))];
            union = new IndexSample((int)Math.Min((long)capacity * wanted, nodes));
        }
    }

    /// <summary>The nodes that are active in any of the first <paramref name="rows"/> rows, each once; their weights mean nothing.</summary>
    public IndexSample Union(int rows)
    {
        if (isShared || rows == 1)
        {
            return sets[0];
        }

        for (var row = 0; row < rows; row++)
        {
            touched.AddRange(sets[row].Indices);
        }

        union.Complete(touched.MoveTo(union.Room));
        return union;
    }
}
