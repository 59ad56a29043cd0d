using System.Diagnostics;

namespace Whittle;

/// <summary>What a part of a step's time was for.</summary>
internal enum StepPart
{
    /// <summary>Deciding what to compute.</summary>
    Choosing,

    /// <summary>Forward products.</summary>
    Forward,

    /// <summary>Gradients of the layer below.</summary>
    InputGradient,

    /// <summary>Weight gradients and updates.</summary>
    Update,
}

/// <summary>
/// Counts and times the steps of one session. Time is told in laps: what has passed since the last one belongs to one part of one layer,
/// or to none, so that parts never overlap. Belongs to one thread; allocates nothing until it is read.
/// </summary>
/// <param name="layers">Number of layers.</param>
internal sealed class StepRecorder(int layers)
{
    private readonly LayerRecord[] records = [.. Enumerable.Range(0, layers).Select(_ => new LayerRecord())];
    private long steps;
    private long rows;
    private long ticks;
    private long began;
    private long lap;

    /// <summary>Begins a step.</summary>
    public void Begin() => began = lap = Stopwatch.GetTimestamp();

    /// <summary>Ends a lap that belongs to no layer.</summary>
    public void Lap() => lap = Stopwatch.GetTimestamp();

    /// <summary>Ends a lap.</summary>
    public void Lap(int layer, StepPart part)
    {
        var now = Stopwatch.GetTimestamp();
        records[layer].Ticks[(int)part] += now - lap;
        lap = now;
    }

    /// <summary>Ends a step.</summary>
    public void End(int stepRows)
    {
        ticks += Stopwatch.GetTimestamp() - began;
        steps++;
        rows += stepRows;
    }

    /// <summary>Counts the active nodes of a batch.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="nodes">Its nodes.</param>
    /// <param name="batch">Rows of the batch.</param>
    /// <param name="active">The active ones; null for all.</param>
    public void CountNodes(int layer, int nodes, int batch, ActiveNodes? active)
    {
        var record = records[layer];
        record.Nodes += (long)nodes * batch;
        if (active is null)
        {
            record.ActiveNodes += (long)nodes * batch;
            return;
        }

        for (var row = 0; row < batch; row++)
        {
            record.ActiveNodes += active[row].Count;
        }
    }

    /// <summary>Counts a query of hash tables.</summary>
    public void CountQuery(int layer, LshQuery query)
    {
        records[layer].Queries += new QueryStatistics(1, query.Candidates, query.Duplicates, query.Retrieved, query.Filled);
    }

    /// <summary>Counts an estimated product.</summary>
    public void CountProduct(int layer, KernelProduct product, InputSelection selection) => records[layer].Product(product).Count(selection);

    /// <summary>Adds what another one has recorded.</summary>
    public void Add(StepRecorder other)
    {
        steps += other.steps;
        rows += other.rows;
        ticks += other.ticks;
        foreach (var (record, added) in records.Zip(other.records))
        {
            record.Add(added);
        }
    }

    /// <summary>Forgets all.</summary>
    public void Reset()
    {
        (steps, rows, ticks) = (0, 0, 0);
        foreach (var record in records)
        {
            record.Reset();
        }
    }

    /// <summary>What was recorded.</summary>
    /// <param name="sampling">The sampling of the session, whose hash tables are looked at; null where all layers are exact.</param>
    public TrainingStatistics Read(SampledLayers? sampling) => new(
        steps,
        rows,
        Stopwatch.GetElapsedTime(0, ticks),
        [.. records.Select((record, layer) => record.Read(layer, (sampling?[layer]?.Selection as LshSelection)?.Hashing.Tables.Statistics()))]);

    private sealed class LayerRecord
    {
        private readonly ProductRecord[] products = [new(), new(), new()];

        public QueryStatistics Queries { get; set; }

        public long[] Ticks { get; } = new long[Enum.GetValues<StepPart>().Length];

        public long Nodes { get; set; }

        public long ActiveNodes { get; set; }

        /// <summary>The record of a product, for one row or for many.</summary>
        public ProductRecord Product(KernelProduct product) => products[(int)product / 2];

        public void Add(LayerRecord other)
        {
            for (var part = 0; part < Ticks.Length; part++)
            {
                Ticks[part] += other.Ticks[part];
            }

            Nodes += other.Nodes;
            ActiveNodes += other.ActiveNodes;
            Queries += other.Queries;
            foreach (var (product, added) in products.Zip(other.products))
            {
                product.Add(added);
            }
        }

        public void Reset()
        {
            Array.Clear(Ticks);
            (Nodes, ActiveNodes, Queries) = (0, 0, default);
            foreach (var product in products)
            {
                product.Reset();
            }
        }

        public LayerStatistics Read(int layer, BucketStatistics? buckets) => new(
            layer,
            new LayerTimes(Time(StepPart.Choosing), Time(StepPart.Forward), Time(StepPart.InputGradient), Time(StepPart.Update)),
            Nodes == 0 ? 1 : (double)ActiveNodes / Nodes,
            buckets is null ? null : Queries,
            buckets,
            Product(KernelProduct.Forward).Read(),
            Product(KernelProduct.InputGradient).Read(),
            Product(KernelProduct.WeightGradient).Read());

        private TimeSpan Time(StepPart part) => Stopwatch.GetElapsedTime(0, Ticks[(int)part]);
    }

    private sealed class ProductRecord
    {
        private long count;
        private long draws;
        private double share;
        private long scored;
        private double squaredError;

        public void Count(InputSelection selection)
        {
            count++;
            draws += selection.IsFresh ? 1 : 0;
            share += (double)selection.Sample.Count / selection.Inner;
            if (selection.RelativeSquaredError is { } error && double.IsFinite(error))
            {
                scored++;
                squaredError += error;
            }
        }

        public void Add(ProductRecord other)
        {
            count += other.count;
            draws += other.draws;
            share += other.share;
            scored += other.scored;
            squaredError += other.squaredError;
        }

        public void Reset() => (count, draws, share, scored, squaredError) = (0, 0, 0, 0, 0);

        public ProductStatistics? Read() => count == 0 ? null : new ProductStatistics(count, draws, share / count, scored == 0 ? null : squaredError / scored);
    }
}
