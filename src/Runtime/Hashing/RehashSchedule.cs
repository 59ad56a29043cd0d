namespace Whittle;

/// <summary>When the nodes whose weights have changed get new codes. Counts training samples; a mini-batch is several.</summary>
internal abstract class RehashSchedule
{
    /// <summary>
    /// For <see cref="WhenMoved"/>: the share of codes of changed nodes that must have changed before they are hashed again; 0 where it
    /// does not matter.
    /// </summary>
    public virtual float MovedShare => 0;

    /// <summary>The paper's: each 100 samples for the first 10,000 of an epoch, then each 1,000.</summary>
    public static RehashSchedule Phases(int first = 100, int until = 10_000, int then = 1_000) => new TwoPhases(first, until, then);

    /// <summary>Each n samples.</summary>
    public static RehashSchedule Every(int samples) => new TwoPhases(samples, 0, samples);

    /// <summary>
    /// SLIDE's (Chen et al. 2020): the n-th time N0 e^(lambda n) samples after the one before, because weights move less and less.
    /// </summary>
    public static RehashSchedule Exponential(int first = 1_000, double decay = 0.05) => new Growing(first, decay);

    /// <summary>
    /// When the weights moved enough (the idea of MONGOOSE, Chen et al. 2021): each n samples some of the changed nodes are hashed,
    /// and all of them if this share of the codes is not what the tables have.
    /// </summary>
    public static RehashSchedule WhenMoved(int samples = 500, float share = 0.1f) => new Probing(samples, share);

    /// <summary>Begins an epoch.</summary>
    public virtual void StartEpoch()
    {
    }

    /// <summary>Begins from the start: all codes were renewed.</summary>
    public abstract void Restart();

    /// <summary>Counts the samples of a step; true if new codes are due after it.</summary>
    public abstract bool Advance(int samples);

    private sealed class TwoPhases : RehashSchedule
    {
        private readonly int first;
        private readonly int until;
        private readonly int then;
        private long inEpoch;
        private long since;

        public TwoPhases(int first, int until, int then)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(first, 1);
            ArgumentOutOfRangeException.ThrowIfNegative(until);
            ArgumentOutOfRangeException.ThrowIfLessThan(then, 1);
            (this.first, this.until, this.then) = (first, until, then);
        }

        public override void StartEpoch() => inEpoch = 0;

        public override void Restart() => (inEpoch, since) = (0, 0);

        public override bool Advance(int samples)
        {
            inEpoch += samples;
            since += samples;
            if (since < (inEpoch <= until ? first : then))
            {
                return false;
            }

            since = 0;
            return true;
        }
    }

    private sealed class Growing : RehashSchedule
    {
        private readonly int first;
        private readonly double decay;
        private double since;
        private int times;

        public Growing(int first, double decay)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(first, 1);
            if (decay is not (>= 0 and <= 10))
            {
                throw new ArgumentOutOfRangeException(nameof(decay), decay, "The growth of the time between hashings must be from 0 to 10.");
            }

            (this.first, this.decay) = (first, decay);
        }

        public override void Restart() => (since, times) = (0, 0);

        public override bool Advance(int samples)
        {
            since += samples;
            if (since < first * Math.Exp(decay * times))
            {
                return false;
            }

            since = 0;
            times++;
            return true;
        }
    }

    private sealed class Probing : RehashSchedule
    {
        private readonly int samples;
        private long since;

        public Probing(int samples, float share)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(samples, 1);
            if (share is not (> 0 and <= 1))
            {
                throw new ArgumentOutOfRangeException(nameof(share), share, "The share of changed codes must be above 0 and at most 1.");
            }

            this.samples = samples;
            MovedShare = share;
        }

        public override float MovedShare { get; }

        public override void Restart() => since = 0;

        public override bool Advance(int samples)
        {
            since += samples;
            if (since < this.samples)
            {
                return false;
            }

            since = 0;
            return true;
        }
    }
}
