using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Whittle;

/// <summary>
/// Draws the inner indices from which a product, the sum over i of a_i b_i^T, is estimated. Belongs to one thread; allocates
/// nothing after construction.
/// </summary>
/// <remarks>
/// Scores are s_i = |a_i||b_i|, not negative; a sum below 1e-30 counts as 0. Where all scores are 0 the weighted estimators give an
/// empty sample, since the product is 0 too. A score that is not finite is a training gone wrong: then the sample is the indices of
/// the (at most k) largest scores with weight 1, not-a-number counting as largest, so that the product shows it.
/// </remarks>
internal abstract class InputSampler
{
    private const double SmallestSum = 1e-30;

    private readonly float mix;

    /// <summary>Reserves the working memory.</summary>
    /// <param name="inner">n, the number of inner indices.</param>
    /// <param name="count">k, at least 1.</param>
    /// <param name="mix">m in [0, 1): the probabilities p become (1 - m) p + m / n.</param>
    protected InputSampler(int inner, int count, float mix)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(inner, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        if (mix is not (>= 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(mix), mix, "The uniform part of the probabilities must be at least 0 and below 1.");
        }

        Inner = inner;
        Wanted = count;
        this.mix = mix;
        Largest = new TopKSelector(inner);
    }

    /// <summary>n, the number of inner indices.</summary>
    public int Inner { get; }

    /// <summary>k, the number of indices wanted.</summary>
    public int Wanted { get; }

    /// <summary>The most indices of a sample.</summary>
    public virtual int Capacity => Math.Min(Wanted, Inner);

    /// <summary>Whether draws depend on scores.</summary>
    public virtual bool UsesScores => true;

    /// <summary>Finds the largest scores.</summary>
    protected TopKSelector Largest { get; }

    /// <summary>Makes the sampler of an estimator.</summary>
    /// <param name="estimator">The estimator.</param>
    /// <param name="inner">n, the number of inner indices.</param>
    /// <param name="count">k, at least 1; the random estimators with replacement stay random for k of n and more.</param>
    /// <param name="mix">m in [0, 1): the probabilities p become (1 - m) p + m / n (Adelman et al. 2021 use 0.1).</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
    public static InputSampler Create(InputEstimator estimator, int inner, int count, float mix = 0) => estimator switch
    {
        InputEstimator.Crs => new CrsSampler(inner, count, mix),
        InputEstimator.Bernoulli => new BernoulliSampler(inner, count, mix),
        InputEstimator.TopK => new TopKSampler(inner, count),
        InputEstimator.WtaCrs => new WtaCrsSampler(inner, count, mix),
        InputEstimator.Uniform => new UniformSampler(inner, count),
        _ => throw new ArgumentOutOfRangeException(nameof(estimator), estimator, "There is no such estimator."),
    };

    /// <summary>Draws a sample.</summary>
    /// <param name="scores">s, n values; not used by <see cref="InputEstimator.Uniform"/>, which takes none too.</param>
    /// <param name="random">The stream to draw from.</param>
    /// <param name="sample">Room for <see cref="Capacity"/> indices; what it held is lost.</param>
    public void Draw(ReadOnlySpan<float> scores, ref RandomStream random, IndexSample sample)
    {
        sample.Clear();
        if (!UsesScores)
        {
            Draw(scores, 0, ref random, sample);
            return;
        }

        CheckLength(scores);
        var sum = Sum(scores);
        if (!double.IsFinite(sum))
        {
            sample.Complete(Largest.Select(scores, Wanted, sample.Room));
            return;
        }

        Draw(scores, sum, ref random, sample);
    }

    /// <summary>
    /// The expected squared Frobenius error of the estimate if the indices were drawn as they were last, for these scores: E|error|^2.
    /// For <see cref="InputEstimator.TopK"/>, which has an error and no variance, its largest possible value.
    /// </summary>
    /// <param name="scores">s.</param>
    /// <param name="productNormSquared">
    /// |C|^2 of the whole product, for <see cref="InputEstimator.WtaCrs"/> that of its tail; 0 (where not known) gives an upper bound.
    /// </param>
    public abstract double SquaredError(ReadOnlySpan<float> scores, double productNormSquared = 0);

    /// <summary><see cref="SquaredError"/> relative to (sum s)^2, the largest value that |C|^2 can have; 0 where all scores are 0.</summary>
    public double RelativeSquaredError(ReadOnlySpan<float> scores)
    {
        var sum = Sum(scores);
        return sum < SmallestSum ? 0 : SquaredError(scores) / (sum * sum);
    }

    /// <summary>Draws for scores that are finite.</summary>
    protected abstract void Draw(ReadOnlySpan<float> scores, double sum, ref RandomStream random, IndexSample sample);

    /// <summary>(1 - m) s / sum s + m / n.</summary>
    /// <returns>Their sum, or 0 if there is nothing to draw.</returns>
    protected double Probabilities(ReadOnlySpan<float> scores, double sum, Span<float> probabilities)
    {
        var scale = sum < SmallestSum ? 0 : (float)((1 - mix) / sum);
        var floor = mix / Inner;
        if (scale == 0 && floor == 0)
        {
            probabilities.Clear();
            return 0;
        }

        for (var index = 0; index < probabilities.Length; index++)
        {
            probabilities[index] = (scores[index] * scale) + floor;
        }

        return Sum(probabilities);
    }

    /// <summary>The sum in double precision, in one order on every processor.</summary>
    protected static double Sum(ReadOnlySpan<float> values)
    {
        ref var first = ref MemoryMarshal.GetReference(values);
        Vector256<double> even = default, odd = default;
        var index = 0;
        for (; index <= values.Length - 8; index += 8)
        {
            var (lower, upper) = Vector256.Widen(Vector256.LoadUnsafe(ref first, (nuint)index));
            even += lower;
            odd += upper;
        }

        even += odd;
        var sum = even.GetElement(0) + even.GetElement(1) + (even.GetElement(2) + even.GetElement(3));
        for (; index < values.Length; index++)
        {
            sum += values[index];
        }

        return sum;
    }

    private void CheckLength(ReadOnlySpan<float> scores)
    {
        if (scores.Length != Inner)
        {
            throw new ArgumentException($"There are {scores.Length} scores for {Inner} inner indices.", nameof(scores));
        }
    }
}
