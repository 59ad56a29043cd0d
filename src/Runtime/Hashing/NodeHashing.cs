using System.Numerics.Tensors;
using System.Runtime.ExceptionServices;

namespace Whittle;

/// <summary>
/// Keeps a layer's hash tables up to date while it trains: new codes on a schedule, for the nodes whose weights have changed.
/// With a delay, tables built from the weights of one step are used from a fixed number of steps later on; then a background
/// thread may do the work, and the bits are the same as without it.
/// </summary>
/// <remarks>
/// Threads that train together may all call it: one of them does what is due. <see cref="Tables"/> may be read by several; with a delay
/// they never change while they are in use, but who reads must not hold them for longer than the delay; without one, who reads while
/// another thread renews codes may miss a node or find one twice. Nothing is allocated after construction.
/// </remarks>
internal sealed class NodeHashing : IThreadPoolWorkItem, IDisposable
{
    private const int ProbedNodes = 32;

    // A longest row within this part of the one that set the scale keeps the scale; otherwise every code would change each time.
    private const float ScaleTolerance = 0.1f;

    private readonly HashFunctions functions;
    private readonly RehashSchedule schedule;
    private readonly int delay;
    private readonly AlignedMemory? snapshot;
    private readonly ManualResetEventSlim finished = new(true);
    private readonly float[] lengths;
    private readonly Lock upkeep = new();
    private HashTables? spare;
    private Rehash current;
    private Rehash previous;
    private NodeRows hashedRows;
    private ExceptionDispatchInfo? failure;
    private float longest;
    private int stepsLeft;
    private bool missed;
    private int newSamples;
    private volatile bool built;

    /// <summary>Makes empty tables; <see cref="Build"/> fills them.</summary>
    /// <param name="functions">The hash functions.</param>
    /// <param name="nodes">Number of nodes.</param>
    /// <param name="capacity">Room of a bucket.</param>
    /// <param name="policy">Which nodes stay where there is not room for all.</param>
    /// <param name="schedule">When codes are renewed.</param>
    /// <param name="delay">Steps until new codes are used; 0 for at once.</param>
    /// <param name="background">Whether a thread of the pool hashes a copy of the weights meanwhile; needs a delay.</param>
    public NodeHashing(
        HashFunctions functions,
        int nodes,
        int capacity,
        BucketPolicy policy,
        RehashSchedule schedule,
        int delay = 0,
        bool background = false)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(delay);
        if (background && delay == 0)
        {
            throw new ArgumentOutOfRangeException(nameof(delay), delay, "Hashing in the background needs a delay of at least one step.");
        }

        this.functions = functions;
        this.schedule = schedule;
        this.delay = delay;
        Tables = NewTables();
        spare = delay > 0 ? NewTables() : null;
        current = new Rehash(nodes, functions.Tables);
        previous = new Rehash(delay > 0 ? nodes : 0, functions.Tables);
        Changed = new ChangedNodes(nodes);
        lengths = new float[functions.UsesScale ? nodes : 0];
        snapshot = background ? AlignedMemory.Allocate((nuint)nodes * (nuint)NodeRowLayout.Stride(functions.Inputs), "a copy of a layer's weights for hashing") : null;

        HashTables NewTables() => new(nodes, functions.Bits, functions.Tables, capacity, policy);
    }

    /// <summary>The tables to ask.</summary>
    public HashTables Tables { get; private set; }

    /// <summary>Nodes whose weights have changed since their codes were computed: who changes weights adds them.</summary>
    public ChangedNodes Changed { get; }

    /// <summary>The scale of the weights with which the codes in use were computed, for <see cref="HashFunctions.RetrievalProbability"/>.</summary>
    public float Scale { get; private set; } = 1;

    /// <summary>How often codes were renewed.</summary>
    public int Rehashes { get; private set; }

    /// <summary>How many codes of nodes were computed, each table's counted.</summary>
    public long NodesHashed { get; private set; }

    /// <summary>Fills the tables with all nodes at once, before training or after weights were set, from when on the schedule counts.</summary>
    public void Build(NodeRows rows)
    {
        Wait();
        schedule.Restart();
        (stepsLeft, missed) = (0, false);
        Changed.AddAll();
        Collect(rows, all: true);
        HashCurrent(rows);
        Tables.Update(current.Nodes, current.Codes);
        spare?.Update(current.Nodes, current.Codes);
        Scale = current.Scale;
        previous.Count = 0;
    }

    /// <summary><see cref="Build"/> for the first that asks since the beginning, or since <see cref="Forget"/>.</summary>
    public void BuildOnce(NodeRows rows)
    {
        if (built)
        {
            return;
        }

        lock (upkeep)
        {
            if (!built)
            {
                Build(rows);
                built = true;
            }
        }
    }

    /// <summary>Makes the next step build the tables: the weights were replaced.</summary>
    public void Forget() => built = false;

    /// <summary>Begins an epoch.</summary>
    public void StartEpoch() => schedule.StartEpoch();

    /// <summary>Ends a training step: renews codes and swaps tables where that is due.</summary>
    /// <param name="rows">The weights as they are now.</param>
    /// <param name="samples">Samples of the step.</param>
    public void Advance(NodeRows rows, int samples)
    {
        Interlocked.Add(ref newSamples, samples);
        if (upkeep.TryEnter())
        {
            try
            {
                AdvanceAlone(rows, Interlocked.Exchange(ref newSamples, 0));
            }
            finally
            {
                upkeep.Exit();
            }
        }
    }

    /// <inheritdoc/>
    void IThreadPoolWorkItem.Execute()
    {
        try
        {
            using var lease = snapshot!.Use();
            HashCurrent(hashedRows);
            UpdateSpare();
        }
        catch (Exception exception)
        {
            failure = ExceptionDispatchInfo.Capture(exception);
        }
        finally
        {
            finished.Set();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        finished.Wait();
        finished.Dispose();
        snapshot?.Dispose();
    }

    private void AdvanceAlone(NodeRows rows, int samples)
    {
        if (stepsLeft > 0 && --stepsLeft == 0)
        {
            Swap();
        }

        missed |= schedule.Advance(samples);
        if (!missed || stepsLeft > 0)
        {
            // Due while tables wait for their step: as soon as they are swapped.
            return;
        }

        missed = false;
        if (Changed.Count == 0 || (schedule.MovedShare > 0 && !HaveMoved(rows)))
        {
            return;
        }

        Collect(rows, all: false);
        Rehashes++;
        if (delay == 0)
        {
            HashCurrent(rows);
            Tables.Update(current.Nodes, current.Codes);
            Scale = current.Scale;
            return;
        }

        stepsLeft = delay;
        if (snapshot == null)
        {
            HashCurrent(rows);
            UpdateSpare();
            return;
        }

        Copy(rows);
        finished.Reset();
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    private void Wait()
    {
        finished.Wait();
        failure?.Throw();
    }

    private void Swap()
    {
        Wait();
        (Tables, spare) = (spare!, Tables);
        Scale = current.Scale;
        (current, previous) = (previous, current);
    }

    /// <summary>Brings the spare tables from two generations before to the next: the last renewal, then this one.</summary>
    private void UpdateSpare()
    {
        spare!.Update(previous.Nodes, previous.Codes);
        spare.Update(current.Nodes, current.Codes);
    }

    /// <summary>Lists the nodes to hash: the changed ones, or all where the scale has to change.</summary>
    private void Collect(NodeRows rows, bool all)
    {
        current.Count = Changed.MoveTo(current.NodeRoom);
        current.Scale = 1;
        if (!functions.UsesScale)
        {
            return;
        }

        foreach (var node in current.Nodes)
        {
            lengths[node] = MathF.Sqrt(TensorPrimitives.SumOfSquares(rows.Row(node)));
        }

        var now = TensorPrimitives.Max(lengths);
        if (all || !(Math.Abs(now - longest) <= ScaleTolerance * longest))
        {
            longest = now;
            Changed.AddAll();
            current.Count = Changed.MoveTo(current.NodeRoom);
        }

        current.Scale = functions.ScaleFor(longest);
    }

    private void HashCurrent(NodeRows rows)
    {
        functions.HashNodes(rows, current.Nodes, current.Scale, current.CodeRoom);
        NodesHashed += current.Count;
    }

    private unsafe void Copy(NodeRows rows)
    {
        using var lease = snapshot!.Use();
        var stride = NodeRowLayout.Stride(functions.Inputs);
        hashedRows = new NodeRows(snapshot.Pointer, stride, functions.Inputs);
        foreach (var node in current.Nodes)
        {
            rows.Row(node).CopyTo(new Span<float>(snapshot.Pointer + ((nint)node * stride), functions.Inputs));
        }
    }

    /// <summary>Whether enough codes of some of the changed nodes are not what the tables have.</summary>
    private bool HaveMoved(NodeRows rows)
    {
        var changed = Changed.CopyTo(current.NodeRoom);
        var probed = Math.Min(ProbedNodes, changed);
        Span<int> nodes = stackalloc int[probed];
        for (var position = 0; position < probed; position++)
        {
            nodes[position] = current.NodeRoom[(int)((long)position * changed / probed)];
        }

        functions.HashNodes(rows, nodes, Scale, current.CodeRoom);
        NodesHashed += probed;
        var moved = 0;
        for (var position = 0; position < probed; position++)
        {
            for (var table = 0; table < functions.Tables; table++)
            {
                moved += current.CodeRoom[(position * functions.Tables) + table] != Tables.Code(table, nodes[position]) ? 1 : 0;
            }
        }

        return moved >= schedule.MovedShare * probed * functions.Tables;
    }

    /// <summary>Nodes and their new codes.</summary>
    private sealed class Rehash(int nodes, int tables)
    {
        private readonly int[] list = new int[nodes];
        private readonly int[] codes = new int[checked(nodes * tables)];

        public int Count { get; set; }

        public float Scale { get; set; } = 1;

        public Span<int> NodeRoom => list;

        public ReadOnlySpan<int> Nodes => list.AsSpan(0, Count);

        public Span<int> CodeRoom => codes;

        public ReadOnlySpan<int> Codes => codes.AsSpan(0, Count * tables);
    }
}
