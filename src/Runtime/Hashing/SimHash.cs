namespace Whittle;

/// <summary>
/// Signs of sparse projections with entries +1, 0 and -1. The collision probability is that of Gaussian projections (Charikar 2002),
/// which they approach for vectors that are not concentrated on few coordinates (Li et al. 2006).
/// </summary>
internal sealed class SimHash : SignHash
{
    /// <summary>One entry in three is not 0, as Achlioptas 2003.</summary>
    public const float DefaultDensity = SamplingCost.SparseSigns;

    /// <summary>Draws the projections.</summary>
    public SimHash(int inputs, int bits, int tables, float density, ref RandomStream random)
        : base(inputs, bits, tables)
    {
        if (density is not (> 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(density), density, "The density of hash projections must be above 0 and at most 1.");
        }

        var entries = new IndexSet(inputs);
        var indices = new int[inputs];
        for (var column = 0; column < bits * tables; column++)
        {
            entries.AddRandom(Math.Clamp((int)Math.Round(density * (double)inputs), 1, inputs), ref random);
            foreach (var input in indices.AsSpan(0, entries.MoveTo(indices)))
            {
                Projection.Row(input)[column] = random.NextInt32(2) == 0 ? 1 : -1;
            }
        }
    }

    /// <inheritdoc/>
    public override double CollisionProbability(double product, double inputLength, double weightLength, float scale) =>
        Math.Pow(SignCodes.SameSignProbability(Cosine(product, inputLength * weightLength)), Bits);
}
