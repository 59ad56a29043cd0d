using System.Numerics.Tensors;

namespace Whittle;

/// <summary>Draws the inner indices of one product of one input-sampled layer: a_i of one factor against b_i of the other.</summary>
/// <param name="settings">How the product is estimated.</param>
/// <param name="inner">Inner indices of the product.</param>
internal sealed class InputSelection(InputSampling settings, int inner)
{
    private readonly ReusedSample sample = new(
        InputSampler.Create(settings.Estimator, inner, settings.Count(inner)),
        settings.Reuse,
        settings.VarianceBudget > 0 ? settings.VarianceBudget : double.PositiveInfinity);

    private readonly float[] scores = new float[inner];
    private bool hasScores;

    /// <summary>Inner indices of the product.</summary>
    public int Inner => inner;

    /// <summary>Whether the last step drew its indices; otherwise it reused them.</summary>
    public bool IsFresh { get; private set; }

    /// <summary>
    /// <see cref="InputSampler.RelativeSquaredError"/> of the indices in use for the last step's scores; null if it computed none.
    /// </summary>
    public double? RelativeSquaredError => hasScores ? sample.RelativeSquaredError(scores) : null;

    /// <summary>The indices with their weights.</summary>
    public IndexSample Sample => sample.Sample;

    /// <summary>How often the indices were drawn.</summary>
    public long Draws => sample.Draws;

    /// <summary>Draws for a factor whose columns belong to the indices and another of known norms: s_i = |column i| * norm i.</summary>
    /// <param name="rows">The rows of the factor.</param>
    /// <param name="norms">The norm of each index in the other factor; may be empty for an estimator that looks at no scores.</param>
    /// <param name="random">The stream to draw from.</param>
    public unsafe void DrawColumns(MatrixRows rows, ReadOnlySpan<float> norms, ref RandomStream random)
    {
        hasScores = sample.NeedsScores;
        if (hasScores)
        {
            Array.Clear(scores);
            for (var row = 0; row < rows.Count; row++)
            {
                var values = rows[row];
                TensorPrimitives.MultiplyAdd(values, values, scores, scores);
            }

            TensorPrimitives.Sqrt(scores, scores);
            TensorPrimitives.Multiply(scores, norms, scores);
        }

        IsFresh = sample.Advance(scores, ref random);
    }

    /// <summary>Draws for two factors whose rows belong to the indices: s_i = |row i| |row i|.</summary>
    public void DrawRows(MatrixRows left, MatrixRows right, ref RandomStream random)
    {
        hasScores = sample.NeedsScores;
        if (hasScores)
        {
            for (var row = 0; row < inner; row++)
            {
                scores[row] = TensorPrimitives.Norm(left[row]) * TensorPrimitives.Norm(right[row]);
            }
        }

        IsFresh = sample.Advance(scores, ref random);
    }

    /// <summary>Makes the next step draw again.</summary>
    public void Reset() => sample.Invalidate();
}

/// <summary>Rows of a matrix in memory that the caller keeps alive.</summary>
/// <param name="first">The first row.</param>
/// <param name="stride">Floats from one row to the next.</param>
/// <param name="width">Elements of a row.</param>
/// <param name="count">Number of rows.</param>
internal readonly unsafe struct MatrixRows(float* first, nuint stride, int width, int count)
{
    /// <summary>Number of rows.</summary>
    public int Count => count;

    /// <summary>One row.</summary>
    public Span<float> this[int row] => new(first + ((nuint)row * stride), width);
}
