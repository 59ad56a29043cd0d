namespace Whittle;

/// <summary>The memory that a kernel which computes hash codes works on: K bits for each of L tables, the signs of K L projections.</summary>
/// <remarks>K L columns are padded with zeros to a width of P panels of 16. Kernels have all lengths as constants.</remarks>
public ref struct HashPass
{
    /// <summary>x, [nIn]: the input to hash.</summary>
    public ref float Input;

    /// <summary>Ascending indices of the elements of <see cref="Input"/> that are not zero.</summary>
    public ref int NonZero;

    /// <summary>Number of indices in <see cref="NonZero"/>.</summary>
    public nuint NonZeroCount;

    /// <summary>W by node, in the layout of <see cref="LayerPass.Parameters"/>: the rows to hash.</summary>
    public ref float Parameters;

    /// <summary>Indices of the nodes to hash.</summary>
    public ref int Nodes;

    /// <summary>Number of indices in <see cref="Nodes"/>.</summary>
    public nuint NodeCount;

    /// <summary>The projections, [P][nIn][16]: panel by panel, so that each stays in the cache for many nodes.</summary>
    public ref float Projection;

    /// <summary>The projections of the coordinates that asymmetric hashing adds, [4][width]: three of weights, and their sum for inputs.</summary>
    public ref float Transform;

    /// <summary>What asymmetric hashing multiplies with: |x| of an input; for each listed node the scale s of its weights and |s w|^2, |s w|^4 and |s w|^8, [nodes][4].</summary>
    public ref float Factors;

    /// <summary>The coordinates of winner-take-all bins, [8][width].</summary>
    public ref int Coordinates;

    /// <summary>Room for the projections of an input, [width], or of each listed node, [nodes][width]; or for the winners of bins, of one vector at a time.</summary>
    public ref float Sums;

    /// <summary>Receives the codes: [L] of an input, [nodes][L] of nodes.</summary>
    public ref int Codes;
}
