namespace Whittle;

/// <summary>Makes the columns of a tall matrix orthonormal, by Cholesky factors of V^T V taken twice (Yamamoto et al. 2015).</summary>
internal sealed class Orthonormalization
{
    // A column of which less than this part (squared) is left beside the columns before it is not a direction of its own.
    private const double SmallestPart = 1e-6;

    // Rows whose products are added up in single precision before they go into the double-precision sum.
    private const int Chunk = 64;

    private readonly int rank;
    private readonly double[] gram;
    private readonly double[] factor;
    private readonly Projection products;
    private readonly Projection change;

    /// <summary>Reserves the working memory.</summary>
    /// <param name="rank">Number of columns.</param>
    public Orthonormalization(int rank)
    {
        this.rank = rank;
        gram = new double[rank * rank];
        factor = new double[rank * rank];
        products = new Projection(rank, rank);
        change = new Projection(rank, rank);
    }

    /// <summary>Replaces the columns by an orthonormal basis of their span; columns that depend on others become zero.</summary>
    public void Apply(Projection matrix)
    {
        for (var pass = 0; pass < 2; pass++)
        {
            FormGram(matrix);
            Factorize();
            Multiply(matrix);
        }
    }

    private void FormGram(Projection matrix)
    {
        gram.AsSpan().Clear();
        for (var start = 0; start < matrix.Inputs; start += Chunk)
        {
            products.Matrix.Clear();
            for (var input = start; input < Math.Min(start + Chunk, matrix.Inputs); input++)
            {
                products.AddOuterProduct(matrix.Row(input)[..rank], matrix.Row(input));
            }

            for (var column = 0; column < rank; column++)
            {
                for (var other = 0; other < rank; other++)
                {
                    gram[(column * rank) + other] += products.Row(column)[other];
                }
            }
        }
    }

    /// <summary>Gram matrix = F F^T with lower triangular F; the change of columns is F^-T, with zeros for dependent columns.</summary>
    private void Factorize()
    {
        var largest = 0.0;
        for (var column = 0; column < rank; column++)
        {
            largest = Math.Max(largest, gram[(column * rank) + column]);
        }

        factor.AsSpan().Clear();
        change.Matrix.Clear();
        for (var column = 0; column < rank; column++)
        {
            for (var other = 0; other < column; other++)
            {
                var sum = gram[(column * rank) + other];
                for (var k = 0; k < other; k++)
                {
                    sum -= factor[(column * rank) + k] * factor[(other * rank) + k];
                }

                var pivot = factor[(other * rank) + other];
                factor[(column * rank) + other] = pivot == 0 ? 0 : sum / pivot;
            }

            var whole = gram[(column * rank) + column];
            var left = whole;
            for (var k = 0; k < column; k++)
            {
                left -= factor[(column * rank) + k] * factor[(column * rank) + k];
            }

            factor[(column * rank) + column] = left > whole * SmallestPart && whole > largest * 1e-14 ? Math.Sqrt(left) : 0;
        }

        // Column c of the basis is (v_c - sum over k < c of F_ck q_k) / F_cc, in terms of the v: back substitution by columns.
        Span<double> basis = stackalloc double[rank];
        for (var column = 0; column < rank; column++)
        {
            var pivot = factor[(column * rank) + column];
            if (pivot == 0)
            {
                continue;
            }

            basis.Clear();
            basis[column] = 1;
            for (var k = 0; k < column; k++)
            {
                for (var v = 0; v <= k; v++)
                {
                    basis[v] -= factor[(column * rank) + k] * change.Row(v)[k];
                }
            }

            for (var v = 0; v <= column; v++)
            {
                change.Row(v)[column] = (float)(basis[v] / pivot);
            }
        }
    }

    private void Multiply(Projection matrix)
    {
        Span<float> result = stackalloc float[matrix.Width];
        for (var input = 0; input < matrix.Inputs; input++)
        {
            change.Apply(matrix.Row(input)[..rank], result);
            result.CopyTo(matrix.Row(input));
        }
    }
}
