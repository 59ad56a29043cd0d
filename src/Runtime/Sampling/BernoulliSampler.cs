namespace Whittle;

/// <summary>
/// Each index independently with probability p = min(1, c s), weight 1 / p (Bernoulli-CRS, Adelman et al. 2021): E|error|^2 = sum of
/// (1 - p) / p s^2. The paper's c is k / sum s, with which fewer than k are expected as soon as one p is cut to 1; here c is
/// raised until k are expected, or all that have a score.
/// </summary>
internal sealed class BernoulliSampler(int inner, int count, float mix) : InputSampler(inner, count, mix)
{
    // p is a multiple of 2^-24, rounded up: an index with a score can always be drawn, and weights are exactly 1 / p.
    private const int Certain = 1 << 24;

    private readonly float[] probabilities = new float[inner];
    private readonly int[] thresholds = new int[inner];
    private readonly uint[] bits = new uint[inner];

    /// <inheritdoc/>
    public override int Capacity => Inner;

    /// <inheritdoc/>
    public override double SquaredError(ReadOnlySpan<float> scores, double productNormSquared = 0)
    {
        var sum = 0.0;
        for (var index = 0; index < scores.Length; index++)
        {
            if (scores[index] != 0)
            {
                var odds = (double)(Certain - thresholds[index]) / thresholds[index];
                sum += odds * scores[index] * scores[index];
            }
        }

        return sum;
    }

    /// <inheritdoc/>
    protected override void Draw(ReadOnlySpan<float> scores, double sum, ref RandomStream random, IndexSample sample)
    {
        var total = Probabilities(scores, sum, probabilities);
        if (total == 0)
        {
            thresholds.AsSpan().Clear();
            return;
        }

        var scale = Scale(total) * Certain;
        random.Fill(bits);
        for (var index = 0; index < probabilities.Length; index++)
        {
            var threshold = (int)Math.Ceiling(Math.Min(probabilities[index] * scale, Certain));
            thresholds[index] = threshold;
            if (bits[index] >> 8 < threshold)
            {
                sample.Add(index, Certain / (float)threshold);
            }
        }
    }

    /// <summary>c: as more probabilities are cut to 1, the others share what is left of k.</summary>
    private double Scale(double total)
    {
        var scale = Wanted / total;
        for (var cut = 0; ;)
        {
            var newCut = 0;
            var rest = 0.0;
            foreach (var probability in probabilities)
            {
                if (probability * scale >= 1)
                {
                    newCut++;
                }
                else
                {
                    rest += probability;
                }
            }

            if (newCut == cut || newCut >= Wanted)
            {
                return scale;
            }

            if (rest == 0)
            {
                return double.MaxValue;
            }

            scale = (Wanted - newCut) / rest;
            cut = newCut;
        }
    }
}
