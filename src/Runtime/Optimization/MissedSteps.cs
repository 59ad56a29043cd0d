using System.Numerics.Tensors;

namespace Whittle;

/// <summary>
/// The steps that rows of a node-sampled layer have missed because their nodes were not active. Before a row takes part again, its
/// moments and weights are brought to where these steps' decay would have taken them. Belongs to one thread of one training; allocates
/// nothing after construction.
/// </summary>
internal sealed unsafe class MissedSteps
{
    // Powers of longer intervals are computed when they occur.
    private const int KnownPowers = 1024;

    private readonly LayerLayout layout;
    private readonly RowDecay decay;
    private readonly int[] allNodes;
    private readonly Record record;
    private readonly ChangedNodes? changed;
    private readonly float[] firstPowers;
    private readonly float[] secondPowers;
    private readonly float[] firstFactors;
    private readonly float[] secondFactors;
    private double weightDecayOfStep;
    private long step;

    /// <summary>Begins with nothing missed.</summary>
    /// <param name="layout">Where the layer's rows lie.</param>
    /// <param name="decay">What a missed step does.</param>
    /// <param name="changed">Receives the nodes whose weights were shrunk; null if nobody asks.</param>
    public MissedSteps(LayerLayout layout, RowDecay decay, ChangedNodes? changed = null)
        : this(layout, decay, changed, new Record(layout.Outputs))
    {
    }

    private MissedSteps(LayerLayout layout, RowDecay decay, ChangedNodes? changed, Record record)
    {
        (this.layout, this.decay, this.changed, this.record) = (layout, decay, changed, record);
        allNodes = [.. Enumerable.Range(0, layout.Outputs)];
        firstFactors = new float[layout.Outputs];
        secondFactors = new float[layout.Outputs];
        firstPowers = Powers(decay.First);
        secondPowers = Powers(decay.Second);
    }

    /// <summary>Whether any row that was last given to <see cref="Touch"/> has missed steps that change its moments.</summary>
    public bool AnyMissed { get; private set; }

    /// <summary>Makes the view of another thread of the same training: what it catches up on, this one does not.</summary>
    public MissedSteps Share()
    {
        record.IsShared = true;
        return new MissedSteps(layout, decay, changed, record);
    }

    /// <summary>Begins a step: what follows is about its rows.</summary>
    /// <param name="number">Number of the step, 1 for the first.</param>
    /// <param name="learningRate">Learning rate of the step.</param>
    public void BeginStep(long number, float learningRate)
    {
        step = number;

        // A rate so large that nothing would be left, or less: nothing is left.
        weightDecayOfStep = Math.Log(Math.Max(1 - ((double)learningRate * decay.Weights), double.Epsilon));
    }

    /// <summary>Ends a step that has changed the rows given to <see cref="Touch"/>.</summary>
    public void EndStep() => record.AddWeightDecay(weightDecayOfStep);

    /// <summary>Shrinks rows by the weight decay of all steps before this one; before their weights are used.</summary>
    /// <param name="parameters">The network's parameters.</param>
    /// <param name="nodes">The rows.</param>
    public void CatchUpWeights(float* parameters, ReadOnlySpan<int> nodes)
    {
        if (decay.Weights == 0)
        {
            return;
        }

        foreach (var node in nodes)
        {
            var weightDecay = record.WeightDecay;
            if (record.WeightsUntil[node] == weightDecay)
            {
                continue;
            }

            var missed = weightDecay - record.ExchangeWeightsUntil(node, weightDecay);
            var row = new Span<float>(parameters + layout.Offset + layout.Column(node), (int)layout.RowStride);
            TensorPrimitives.Multiply(row, (float)Math.Exp(Math.Min(missed, 0)), row);
            changed?.Add(node);
        }
    }

    /// <summary>
    /// Takes note that this step updates rows; <see cref="CatchUpMoments"/> with the same list follows before each one's update, or
    /// <see cref="MomentFactors"/> in it.
    /// </summary>
    /// <param name="nodes">The rows.</param>
    public void Touch(ReadOnlySpan<int> nodes) => Prepare(nodes, step - 1, step, record.WeightDecay + weightDecayOfStep);

    /// <summary>What is left of the moments of a row after the steps that it has missed.</summary>
    /// <param name="entry">Its position in the list that was given to <see cref="Touch"/>.</param>
    public (float First, float Second) MomentFactors(int entry) => (firstFactors[entry], secondFactors[entry]);

    /// <summary>Decays moments of some rows by what they have missed.</summary>
    /// <param name="nodes">The list that was given to <see cref="Touch"/>.</param>
    /// <param name="entries">Which of its rows.</param>
    /// <param name="moments">The layer's moments.</param>
    /// <param name="begin">First column.</param>
    /// <param name="end">One past the last column.</param>
    public void CatchUpMoments(ReadOnlySpan<int> nodes, Range entries, LayerMoments moments, int begin, int end)
    {
        var (first, count) = entries.GetOffsetAndLength(nodes.Length);
        for (var entry = first; entry < first + count; entry++)
        {
            if (entry + 1 < nodes.Length)
            {
                // Rows that were not used for long are far away; the next one comes while this one is worked on.
                Fetch(layout.Column(nodes[entry + 1]) + (nuint)begin);
            }

            var start = layout.Column(nodes[entry]) + (nuint)begin;
            Scale(moments.First + start, firstFactors[entry]);
            Scale(moments.Second + start, secondFactors[entry]);
        }

        void Fetch(nuint start)
        {
            for (var column = (nuint)0; column < (nuint)(end - begin); column += AlignedMemory.AlignmentInFloats)
            {
                CachePrefetch.Line(ref moments.First[start], column);
                CachePrefetch.Line(ref moments.Second[start], column);
            }
        }

        void Scale(float* values, float factor)
        {
            if (factor != 1)
            {
                var span = new Span<float>(values, end - begin);
                TensorPrimitives.Multiply(span, factor, span);
            }
        }
    }

    /// <summary>Brings every row to where the steps so far have taken it.</summary>
    /// <param name="done">How many steps were done.</param>
    /// <param name="parameters">The network's parameters.</param>
    /// <param name="moments">The layer's moments.</param>
    public void CatchUpAll(long done, float* parameters, LayerMoments moments)
    {
        CatchUpWeights(parameters, allNodes);
        Prepare(allNodes, done, done, record.WeightDecay);
        CatchUpMoments(allNodes, .., moments, 0, (int)layout.RowStride);
    }

    /// <summary>Forgets what rows have missed: parameters and moments are those after so many steps.</summary>
    public void Reset(long done)
    {
        Array.Fill(record.MomentsUntil, done);
        ForgetWeights();
    }

    /// <summary>Forgets what weights have missed: they were replaced.</summary>
    public void ForgetWeights() => Array.Fill(record.WeightsUntil, record.WeightDecay);

    private static float[] Powers(float factor) => [.. Enumerable.Range(0, KnownPowers).Select(exponent => (float)Math.Pow(factor, exponent))];

    private void Prepare(ReadOnlySpan<int> nodes, long until, long momentsAfter, double weightsAfter)
    {
        AnyMissed = false;
        for (var entry = 0; entry < nodes.Length; entry++)
        {
            var node = nodes[entry];

            // Another thread may be at a later step with the node: then there is nothing to catch up on.
            var missed = Math.Max(0, until - record.ExchangeMomentsUntil(node, momentsAfter));
            AnyMissed |= missed > 0 && decay.OfMoments;
            firstFactors[entry] = Power(firstPowers, decay.First, missed);
            secondFactors[entry] = Power(secondPowers, decay.Second, missed);
            record.ExchangeWeightsUntil(node, weightsAfter);
        }
    }

    private static float Power(float[] powers, float factor, long exponent) =>
        (ulong)exponent < KnownPowers ? powers[exponent] : (float)Math.Pow(factor, exponent);

    /// <summary>Until when each row has decayed; exchanged atomically where several threads train.</summary>
    private sealed class Record(int nodes)
    {
        private double weightDecay;

        public bool IsShared { get; set; }

        public long[] MomentsUntil { get; } = new long[nodes];

        public double[] WeightsUntil { get; } = new double[nodes];

        /// <summary>The sum of log(1 - r c) over all steps: what any interval does is one subtraction.</summary>
        public double WeightDecay => Volatile.Read(ref weightDecay);

        public void AddWeightDecay(double ofStep)
        {
            if (!IsShared)
            {
                weightDecay += ofStep;
                return;
            }

            for (var seen = WeightDecay; ;)
            {
                var before = Interlocked.CompareExchange(ref weightDecay, seen + ofStep, seen);
                if (before == seen)
                {
                    return;
                }

                seen = before;
            }
        }

        public long ExchangeMomentsUntil(int node, long value) => IsShared ? Interlocked.Exchange(ref MomentsUntil[node], value) : Replace(ref MomentsUntil[node], value);

        public double ExchangeWeightsUntil(int node, double value) =>
            IsShared ? Interlocked.Exchange(ref WeightsUntil[node], value) : Replace(ref WeightsUntil[node], value);

        private static T Replace<T>(ref T place, T value)
        {
            var before = place;
            place = value;
            return before;
        }
    }
}
