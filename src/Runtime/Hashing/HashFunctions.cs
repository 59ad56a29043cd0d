namespace Whittle;

/// <summary>
/// The hash functions of a layer: a code of K bits for each of L tables, for inputs and for the weights of nodes. Safe from many
/// threads at once.
/// </summary>
internal abstract class HashFunctions
{
    /// <summary>The most bits of a code.</summary>
    public const int MostBits = Limits.HashBits;

    /// <summary>The most tables.</summary>
    public const int MostTables = Limits.HashTables;

    /// <summary>Checks the settings.</summary>
    /// <param name="inputs">Length of inputs and rows of weights.</param>
    /// <param name="bits">K, 1 to 20.</param>
    /// <param name="tables">L, 1 to 256.</param>
    protected HashFunctions(int inputs, int bits, int tables)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(inputs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(bits, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bits, MostBits);
        ArgumentOutOfRangeException.ThrowIfLessThan(tables, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(tables, MostTables);
        Inputs = inputs;
        Bits = bits;
        Tables = tables;
    }

    /// <summary>Length of inputs and of rows of weights.</summary>
    public int Inputs { get; }

    /// <summary>K, bits of a code.</summary>
    public int Bits { get; }

    /// <summary>L, codes of a vector.</summary>
    public int Tables { get; }

    /// <summary>Whether codes of nodes depend on the scale that makes the largest row of weights as long as the family wants it.</summary>
    public virtual bool UsesScale => false;

    /// <summary>Makes the functions of a family.</summary>
    /// <param name="family">The family.</param>
    /// <param name="inputs">Length of inputs and of rows of weights.</param>
    /// <param name="bits">K, 1 to 20; for <see cref="HashFamily.Dwta"/> three bits are one winner among eight.</param>
    /// <param name="tables">L, 1 to 256.</param>
    /// <param name="seed">The seed they are drawn from.</param>
    /// <param name="layer">The layer's number, for its random stream.</param>
    /// <param name="density">For <see cref="HashFamily.SimHash"/>: the share of each projection that is not 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
    public static HashFunctions Create(HashFamily family, int inputs, int bits, int tables, ulong seed, int layer, float density = SimHash.DefaultDensity)
    {
        var random = new RandomStream(seed, RandomStreams.HashFunctions(layer));
        return family switch
        {
            HashFamily.Alsh => new AsymmetricHash(inputs, bits, tables, ref random),
            HashFamily.SimHash => new SimHash(inputs, bits, tables, density, ref random),
            HashFamily.Dwta => new WinnerTakeAllHash(inputs, bits, tables, ref random),
            _ => throw new ArgumentOutOfRangeException(nameof(family), family, "There is no such hash family."),
        };
    }

    /// <summary>The codes of an input.</summary>
    /// <param name="x">The input.</param>
    /// <param name="nonZero">Ascending indices of its elements that are not zero.</param>
    /// <param name="codes">Room for L codes.</param>
    public abstract void HashInput(ReadOnlySpan<float> x, ReadOnlySpan<int> nonZero, Span<int> codes);

    /// <summary>The codes of some nodes' weights; biases play no part.</summary>
    /// <param name="rows">The weights.</param>
    /// <param name="nodes">Which nodes.</param>
    /// <param name="scale">What <see cref="ScaleFor"/> says.</param>
    /// <param name="codes">[nodes][L].</param>
    public abstract void HashNodes(NodeRows rows, ReadOnlySpan<int> nodes, float scale, Span<int> codes);

    /// <summary>The factor for weights whose longest row is this long.</summary>
    public virtual float ScaleFor(float longest) => 1;

    /// <summary>
    /// The probability, over the choice of functions, that the code of an input and of a node are equal in one table.
    /// </summary>
    /// <param name="product">x w.</param>
    /// <param name="inputLength">|x|.</param>
    /// <param name="weightLength">|w|.</param>
    /// <param name="scale">The scale of the node's codes.</param>
    public abstract double CollisionProbability(double product, double inputLength, double weightLength, float scale);

    /// <summary>
    /// The probability that a node is in any of the buckets of an input: 1 - (1 - p^K)^L, if no bucket has dropped a node. Its inverse
    /// is the weight that makes a query for all nodes found unbiased.
    /// </summary>
    /// <param name="product">x w.</param>
    /// <param name="inputLength">|x|.</param>
    /// <param name="weightLength">|w|.</param>
    /// <param name="scale">The scale of the node's codes.</param>
    public double RetrievalProbability(double product, double inputLength, double weightLength, float scale) =>
        1 - Math.Pow(1 - CollisionProbability(product, inputLength, weightLength, scale), Tables);

    /// <summary>The cosine, 0 where a vector is zero.</summary>
    protected static double Cosine(double product, double lengths) => lengths > 0 ? Math.Clamp(product / lengths, -1, 1) : 0;
}
