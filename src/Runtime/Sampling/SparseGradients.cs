namespace Whittle;

/// <summary>
/// Gradients of a mini-batch whose samples have active nodes of their own, in compressed sparse columns: for each node of a list the
/// samples whose gradient there is not zero, ascending, and these gradients. Reused from layer to layer; allocates nothing after construction.
/// </summary>
/// <param name="mostNodes">Most nodes of a layer.</param>
/// <param name="samples">Room for as many samples as there may be gradients.</param>
/// <param name="values">Room for as many gradients.</param>
internal sealed unsafe class SparseGradients(int mostNodes, int* samples, float* values)
{
    /// <summary>A gradient's time here, in multiples of one in the batch kernel, whose tiles read rows of inputs for several nodes at once.</summary>
    private const double TimeOfGradient = 1.6;

    /// <summary>What the batch kernel spends on a node beside its gradients, in rows.</summary>
    private const int RowsOfOverhead = 3;

    // By node: where its column ends, which is where the next one of the list begins.
    private readonly int[] ends = new int[mostNodes];

    /// <summary>The nodes that have columns, in their order.</summary>
    public IndexSample Nodes { get; private set; } = new(0);

    /// <summary>How many gradients there are.</summary>
    public int Count { get; private set; }

    /// <summary>The samples of all columns.</summary>
    public int* Samples => samples;

    /// <summary>The gradients of all columns.</summary>
    public float* Values => values;

    /// <summary>Collects the gradients at the active nodes.</summary>
    /// <param name="gradients">The gradients of each sample; those at nodes that are not active mean nothing.</param>
    /// <param name="active">The active nodes of each sample.</param>
    /// <param name="nodes">The nodes that are active in any of them.</param>
    public void Collect(MatrixRows gradients, ActiveNodes active, IndexSample nodes)
    {
        Nodes = nodes;
        foreach (var node in nodes.Indices)
        {
            ends[node] = 0;
        }

        for (var sample = 0; sample < gradients.Count; sample++)
        {
            var row = gradients[sample];
            foreach (var node in active[sample].Indices)
            {
                ends[node] += row[node] != 0 ? 1 : 0;
            }
        }

        Count = 0;
        foreach (var node in nodes.Indices)
        {
            (ends[node], Count) = (Count, Count + ends[node]);
        }

        for (var sample = 0; sample < gradients.Count; sample++)
        {
            var row = gradients[sample];
            foreach (var node in active[sample].Indices)
            {
                if (row[node] != 0)
                {
                    var place = ends[node]++;
                    (samples[place], values[place]) = (sample, row[node]);
                }
            }
        }
    }

    /// <summary>Where the column of a node begins and ends.</summary>
    /// <param name="entry">Position of the node in <see cref="Nodes"/>.</param>
    public (int Begin, int End) Column(int entry) => (entry == 0 ? 0 : ends[Nodes.Indices[entry - 1]], ends[Nodes.Indices[entry]]);

    /// <summary>Whether sums over the gradients take less time than the batch kernel, which multiplies those of all samples at all nodes, most of them 0.</summary>
    /// <param name="rows">Samples of the mini-batch.</param>
    public bool SavesTime(int rows) => Count * TimeOfGradient <= (double)Nodes.Count * (rows + RowsOfOverhead);

    /// <summary>Adds up each column.</summary>
    /// <param name="sums">A sum for each node, in the order of <see cref="Nodes"/>.</param>
    public void Sum(Span<float> sums)
    {
        for (var entry = 0; entry < sums.Length; entry++)
        {
            var (begin, end) = Column(entry);
            sums[entry] = 0;
            for (var place = begin; place < end; place++)
            {
                sums[entry] += values[place];
            }
        }
    }
}
