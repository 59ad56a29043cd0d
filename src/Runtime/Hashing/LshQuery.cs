namespace Whittle;

/// <summary>Chooses active nodes from the buckets of an input. Belongs to one thread; allocates nothing after construction.</summary>
internal sealed class LshQuery
{
    private readonly IndexSet chosen;
    private readonly int[] order;
    private readonly int[] candidates;
    private readonly int[] counts;
    private readonly int[] ties;

    /// <summary>Reserves the working memory.</summary>
    /// <param name="tables">Tables of the kind that will be asked.</param>
    public LshQuery(HashTables tables)
    {
        chosen = new IndexSet(tables.Nodes);
        order = new int[tables.Tables];
        counts = new int[tables.Nodes];
        candidates = new int[(int)Math.Min(tables.Nodes, (long)tables.Tables * tables.Capacity)];
        ties = new int[Math.Max(tables.Capacity, candidates.Length)];
    }

    /// <summary>Nodes of the last query that came from buckets.</summary>
    public int Retrieved { get; private set; }

    /// <summary>Nodes of the last query that were chosen at random because the buckets had too few.</summary>
    public int Filled { get; private set; }

    /// <summary>Nodes in the buckets that the last query looked into, each counted in every bucket.</summary>
    public int Candidates { get; private set; }

    /// <summary>Those of the <see cref="Candidates"/> that were chosen or counted before.</summary>
    public int Duplicates { get; private set; }

    /// <summary>
    /// Visits tables until enough nodes are collected, takes a random part of the bucket that has more than are missing, and fills up
    /// with random nodes: the query of the paper's released code, and SLIDE's vanilla sampling (Chen et al. 2020).
    /// </summary>
    /// <param name="tables">The tables.</param>
    /// <param name="codes">The input's code in each table.</param>
    /// <param name="budget">How many nodes to choose.</param>
    /// <param name="random">The stream to draw from.</param>
    /// <param name="forced">Nodes that are active in any case and count as active.</param>
    /// <param name="sample">Room for the budget, or the forced nodes if they are more.</param>
    /// <param name="tableOrder">The order of the tables.</param>
    /// <param name="fill">Whether to fill up at random.</param>
    public void Walk(
        HashTables tables,
        ReadOnlySpan<int> codes,
        int budget,
        ref RandomStream random,
        ReadOnlySpan<int> forced,
        IndexSample sample,
        QueryOrder tableOrder = QueryOrder.Random,
        bool fill = true)
    {
        var certain = Begin(forced);
        for (var table = 0; table < order.Length; table++)
        {
            order[table] = table;
        }

        for (var visit = 0; visit < order.Length && chosen.Count < budget; visit++)
        {
            if (tableOrder == QueryOrder.Random)
            {
                var other = visit + random.NextInt32(order.Length - visit);
                (order[visit], order[other]) = (order[other], order[visit]);
            }

            AddBucket(tables.Bucket(order[visit], codes[order[visit]]), budget, ref random);
        }

        Finish(certain, budget, fill, ref random, sample);
    }

    /// <summary>
    /// Takes the nodes that are in most of the input's buckets; a random part of those with equal counts where not all have room
    /// (SLIDE's top-k sampling, Chen et al. 2020).
    /// </summary>
    /// <param name="tables">The tables.</param>
    /// <param name="codes">The input's code in each table.</param>
    /// <param name="budget">How many nodes to choose.</param>
    /// <param name="random">The stream to draw from.</param>
    /// <param name="forced">Nodes that are active in any case and count as active.</param>
    /// <param name="sample">Room for the budget, or the forced nodes if they are more.</param>
    /// <param name="fill">Whether to fill up at random.</param>
    public void Count(
        HashTables tables,
        ReadOnlySpan<int> codes,
        int budget,
        ref RandomStream random,
        ReadOnlySpan<int> forced,
        IndexSample sample,
        bool fill = true)
    {
        var certain = Begin(forced);
        var found = CountCandidates(tables, codes);
        var (least, room) = LeastCount(candidates.AsSpan(0, found), Math.Max(0, budget - certain), tables.Tables);
        var tied = 0;
        foreach (var node in candidates.AsSpan(0, found))
        {
            if (counts[node] > least)
            {
                chosen.Add(node);
            }
            else if (counts[node] == least)
            {
                ties[tied++] = node;
            }

            counts[node] = 0;
        }

        AddRandomPart(ties.AsSpan(0, tied), room, ref random);
        Finish(certain, budget, fill, ref random, sample);
    }

    /// <summary>
    /// Takes every node in any of the input's buckets. Only for this query is the probability known with which a node is active
    /// (<see cref="HashFunctions.RetrievalProbability"/>), provided that the buckets dropped none.
    /// </summary>
    /// <param name="tables">The tables.</param>
    /// <param name="codes">The input's code in each table.</param>
    /// <param name="forced">Nodes that are active in any case.</param>
    /// <param name="sample">Room for all nodes; weights are 1.</param>
    public void All(HashTables tables, ReadOnlySpan<int> codes, ReadOnlySpan<int> forced, IndexSample sample)
    {
        var certain = Begin(forced);
        for (var table = 0; table < codes.Length; table++)
        {
            AddBucket(tables.Bucket(table, codes[table]));
        }

        (Retrieved, Filled) = (chosen.Count - certain, 0);
        sample.Complete(chosen.MoveTo(sample.Room));
    }

    /// <summary>Begins a query.</summary>
    /// <returns>How many nodes are active in any case.</returns>
    private int Begin(ReadOnlySpan<int> forced)
    {
        (Candidates, Duplicates) = (0, 0);
        chosen.AddRange(forced);
        return chosen.Count;
    }

    private void AddBucket(ReadOnlySpan<int> bucket)
    {
        var before = chosen.Count;
        chosen.AddRange(bucket);
        Candidates += bucket.Length;
        Duplicates += bucket.Length - (chosen.Count - before);
    }

    private void AddBucket(ReadOnlySpan<int> bucket, int budget, ref RandomStream random)
    {
        var missing = budget - chosen.Count;
        if (bucket.Length <= missing)
        {
            AddBucket(bucket);
            return;
        }

        var fresh = 0;
        foreach (var node in bucket)
        {
            if (!chosen.Contains(node))
            {
                ties[fresh++] = node;
            }
        }

        Candidates += bucket.Length;
        Duplicates += bucket.Length - fresh;
        AddRandomPart(ties.AsSpan(0, fresh), missing, ref random);
    }

    private void AddRandomPart(Span<int> nodes, int count, ref RandomStream random)
    {
        if (nodes.Length <= count)
        {
            chosen.AddRange(nodes);
            return;
        }

        for (var position = 0; position < count; position++)
        {
            var other = position + random.NextInt32(nodes.Length - position);
            (nodes[position], nodes[other]) = (nodes[other], nodes[position]);
            chosen.Add(nodes[position]);
        }
    }

    /// <summary>Counts the buckets of each node that is not chosen yet.</summary>
    /// <returns>How many different nodes there are.</returns>
    private int CountCandidates(HashTables tables, ReadOnlySpan<int> codes)
    {
        var found = 0;
        for (var table = 0; table < codes.Length; table++)
        {
            var bucket = tables.Bucket(table, codes[table]);
            Candidates += bucket.Length;
            foreach (var node in bucket)
            {
                if (counts[node] == 0)
                {
                    if (chosen.Contains(node))
                    {
                        continue;
                    }

                    candidates[found++] = node;
                }

                counts[node]++;
            }
        }

        Duplicates = Candidates - found;
        return found;
    }

    /// <summary>The count from which on nodes are taken, and how many of those that have just it.</summary>
    private (int Least, int Room) LeastCount(ReadOnlySpan<int> nodes, int wanted, int tables)
    {
        Span<int> nodesWithCount = stackalloc int[tables + 1];
        nodesWithCount.Clear();
        foreach (var node in nodes)
        {
            // A table that another thread is changing may show a node twice.
            nodesWithCount[Math.Min(counts[node], tables)]++;
        }

        var count = tables;
        for (; count > 0 && nodesWithCount[count] <= wanted; count--)
        {
            wanted -= nodesWithCount[count];
        }

        return (count, wanted);
    }

    private void Finish(int certain, int budget, bool fill, ref RandomStream random, IndexSample sample)
    {
        Retrieved = chosen.Count - certain;
        Filled = fill ? Math.Clamp(budget - chosen.Count, 0, chosen.Bound - chosen.Count) : 0;
        if (Filled > 0)
        {
            chosen.AddRandom(Filled, ref random);
        }

        sample.Complete(chosen.MoveTo(sample.Room));
    }
}
