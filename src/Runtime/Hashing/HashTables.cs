namespace Whittle;

/// <summary>
/// L tables of 2^K buckets that hold the nodes with a code, in flat memory and with room for a fixed number each. A bucket with more
/// nodes keeps those that come first in the table's <see cref="NodeRanking"/>, and the codes of all nodes are remembered: so the
/// content depends on the codes alone and not on how they came about, and a node that found no room comes back when there is some.
/// </summary>
/// <remarks>Nothing is allocated after construction. Reading is safe from many threads while no one writes.</remarks>
internal sealed class HashTables
{
    private const int NoCode = -1;

    private readonly NodeRanking[] rankings;
    private readonly int[] codes;
    private readonly int[] members;
    private readonly int[] totals;
    private readonly IndexSet overfull;
    private readonly int[] refilled;

    /// <summary>Makes empty tables.</summary>
    /// <param name="nodes">Number of nodes.</param>
    /// <param name="bits">K.</param>
    /// <param name="tables">L.</param>
    /// <param name="capacity">Room of a bucket; more than the number of nodes is never needed.</param>
    /// <param name="policy">Which nodes stay where there is not room for all.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of its range, or the tables would be larger than an array.</exception>
    public HashTables(int nodes, int bits, int tables, int capacity, BucketPolicy policy)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(nodes, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        Capacity = Math.Min(capacity, nodes);
        var buckets = (long)tables << bits;
        if (!new HashTableSize(bits, tables, Capacity).Fits(nodes))
        {
            throw new ArgumentOutOfRangeException(
                nameof(bits), $"{tables} tables of {1L << bits:N0} buckets for {Capacity} of {nodes:N0} nodes are too large; use fewer bits, tables or room.");
        }

        (Nodes, Bits, Tables) = (nodes, bits, tables);
        rankings = new NodeRanking[tables];
        for (var table = 0; table < tables; table++)
        {
            rankings[table] = new NodeRanking(nodes, policy, table);
        }

        codes = new int[tables * nodes];
        codes.AsSpan().Fill(NoCode);
        members = new int[buckets * Capacity];
        totals = new int[buckets];
        overfull = new IndexSet(1 << bits);
        refilled = new int[1 << bits];
    }

    /// <summary>Number of nodes.</summary>
    public int Nodes { get; }

    /// <summary>K.</summary>
    public int Bits { get; }

    /// <summary>L.</summary>
    public int Tables { get; }

    /// <summary>Room of a bucket.</summary>
    public int Capacity { get; }

    /// <summary>The nodes kept in a bucket, in the order of the table's ranking.</summary>
    public ReadOnlySpan<int> Bucket(int table, int code)
    {
        var bucket = (table << Bits) + code;
        return members.AsSpan(bucket * Capacity, Math.Min(totals[bucket], Capacity));
    }

    /// <summary>Number of nodes with a code, kept or not.</summary>
    public int Total(int table, int code) => totals[(table << Bits) + code];

    /// <summary>The code of a node in a table; -1 before its first.</summary>
    public int Code(int table, int node) => codes[(table * Nodes) + node];

    /// <summary>Gives nodes new codes.</summary>
    /// <param name="nodes">Distinct nodes; for all nodes of a layer the tables are built anew.</param>
    /// <param name="newCodes">[nodes][L].</param>
    public void Update(ReadOnlySpan<int> nodes, ReadOnlySpan<int> newCodes)
    {
        for (var table = 0; table < Tables; table++)
        {
            if (CountMoved(table, nodes, newCodes) > Nodes / 4)
            {
                for (var position = 0; position < nodes.Length; position++)
                {
                    codes[(table * Nodes) + nodes[position]] = newCodes[(position * Tables) + table];
                }

                Build(table);
            }
            else
            {
                Move(table, nodes, newCodes);
            }
        }
    }

    /// <summary>How full the buckets are.</summary>
    public BucketStatistics Statistics()
    {
        var (used, full, largest, dropped, kept) = (0, 0, 0, 0L, 0L);
        var pairs = 0.0;
        foreach (var total in totals)
        {
            used += total > 0 ? 1 : 0;
            full += total >= Capacity ? 1 : 0;
            largest = Math.Max(largest, total);
            dropped += Math.Max(0, total - Capacity);
            kept += Math.Min(total, Capacity);
            pairs += (double)total * (total - 1) / 2;
        }

        var all = Nodes < 2 ? 1 : Tables * ((double)Nodes * (Nodes - 1) / 2);
        return new BucketStatistics(totals.Length, used, full, kept, dropped, largest, pairs / all);
    }

    private int CountMoved(int table, ReadOnlySpan<int> nodes, ReadOnlySpan<int> newCodes)
    {
        var moved = 0;
        for (var position = 0; position < nodes.Length; position++)
        {
            moved += codes[(table * Nodes) + nodes[position]] != newCodes[(position * Tables) + table] ? 1 : 0;
        }

        return moved;
    }

    /// <summary>Fills a table from the codes: in the order of the ranking, each bucket until it is full.</summary>
    private void Build(int table)
    {
        totals.AsSpan(table << Bits, 1 << Bits).Clear();
        var own = codes.AsSpan(table * Nodes, Nodes);
        ref readonly var ranking = ref rankings[table];
        for (var rank = 0; rank < ranking.Ranks; rank++)
        {
            var node = ranking.Node(rank);
            if (node < Nodes && own[node] != NoCode)
            {
                Append(table, own[node], node);
            }
        }
    }

    private void Append(int table, int code, int node)
    {
        var bucket = (table << Bits) + code;
        var total = totals[bucket]++;
        if (total < Capacity)
        {
            members[(bucket * Capacity) + total] = node;
        }
    }

    private void Move(int table, ReadOnlySpan<int> nodes, ReadOnlySpan<int> newCodes)
    {
        for (var position = 0; position < nodes.Length; position++)
        {
            var node = nodes[position];
            ref var code = ref codes[(table * Nodes) + node];
            var newCode = newCodes[(position * Tables) + table];
            if (code == newCode)
            {
                continue;
            }

            if (code != NoCode)
            {
                Remove(table, code, node);
            }

            code = newCode;
            Insert(table, newCode, node);
        }

        if (overfull.Count > 0)
        {
            Refill(table);
        }
    }

    private void Remove(int table, int code, int node)
    {
        var bucket = (table << Bits) + code;
        if (totals[bucket] > Capacity)
        {
            // Who comes after the last one kept is not known here.
            overfull.Add(code);
        }
        else if (!overfull.Contains(code))
        {
            var kept = members.AsSpan(bucket * Capacity, totals[bucket]);
            var place = kept.IndexOf(node);
            kept[(place + 1)..].CopyTo(kept[place..]);
        }

        totals[bucket]--;
    }

    private void Insert(int table, int code, int node)
    {
        var bucket = (table << Bits) + code;
        var total = totals[bucket]++;
        if (overfull.Contains(code))
        {
            return;
        }

        // From the end: what comes later moves on, and what has no room falls out.
        var kept = members.AsSpan(bucket * Capacity, Capacity);
        var place = Math.Min(total, Capacity);
        ref readonly var ranking = ref rankings[table];
        var rank = ranking.Rank(node);
        for (; place > 0 && ranking.Rank(kept[place - 1]) > rank; place--)
        {
            if (place < Capacity)
            {
                kept[place] = kept[place - 1];
            }
        }

        if (place < Capacity)
        {
            kept[place] = node;
        }
    }

    /// <summary>Fills the buckets that lost a node when they had more than room for, as building does.</summary>
    private void Refill(int table)
    {
        var own = codes.AsSpan(table * Nodes, Nodes);
        for (var count = overfull.CopyTo(refilled); count > 0; count--)
        {
            totals[(table << Bits) + refilled[count - 1]] = 0;
        }

        ref readonly var ranking = ref rankings[table];
        for (var rank = 0; rank < ranking.Ranks; rank++)
        {
            var node = ranking.Node(rank);
            if (node < Nodes && own[node] != NoCode && overfull.Contains(own[node]))
            {
                Append(table, own[node], node);
            }
        }

        overfull.Clear();
    }
}
