namespace Whittle;

/// <summary>
/// The memory that one kernel of one layer works on. All buffers are rows of 32-bit floats, 64-byte aligned; rows are
/// padded with elements that stay zero in parameters, moments and gradients.
/// </summary>
/// <remarks>
/// Shapes: B rows in the batch, nIn inputs, nOut outputs, P = ceil(nOut / w) panels of w outputs each. Rows lie sIn and
/// sOut floats apart: <see cref="InstructionSets.RowStride"/> of nIn and nOut, which kernels have as constants.
/// </remarks>
public ref struct LayerPass
{
    /// <summary>x, [B][sIn]: the activations of the layer below.</summary>
    public ref float Input;

    /// <summary>W and b, [P][nIn + 1][w]: panel by panel, a row of w weights for each input, and last the row of biases.</summary>
    public ref float Parameters;

    /// <summary>First moments, in the layout of <see cref="Parameters"/>.</summary>
    public ref float FirstMoment;

    /// <summary>Second moments, in the layout of <see cref="Parameters"/>.</summary>
    public ref float SecondMoment;

    /// <summary>a = f(xW + b), [B][sOut].</summary>
    public ref float Output;

    /// <summary>d = dL/dz, [B][sOut].</summary>
    public ref float OutputGradient;

    /// <summary>dL/dz of the layer below, [B][sIn].</summary>
    public ref float InputGradient;

    /// <summary>
    /// Scratch memory for a panel of W turned round: [nOut][w] of some inputs, or [nIn + 1][w] of some nodes, the rows after the first
    /// rounded up to whole vectors.
    /// </summary>
    public ref float Transposed;

    /// <summary>
    /// x in blocks of h inputs, [ceil((nIn + 1) / h)][B][h], where an input after the last one is 1: read by the weight gradient of large
    /// layers declared with a large batch. h is 12 where w is 32, else 6.
    /// </summary>
    public ref float PackedInput;

    /// <summary>Scratch memory of such a weight gradient for a panel of d, [B][w].</summary>
    public ref float PackedGradient;

    /// <summary>
    /// Ascending indices of the inputs that matter: to a pass over one sample all that are not zero, and all whose gradient is not zero,
    /// to a sampled product those of the sample.
    /// </summary>
    public ref int NonZero;

    /// <summary>Number of indices in <see cref="NonZero"/>.</summary>
    public nuint NonZeroCount;

    /// <summary>
    /// Indices of the nodes that a layer with a row of parameters for each node computes, propagates and updates; as many indices
    /// follow the last one as kernels fetch ahead.
    /// </summary>
    public ref int Nodes;

    /// <summary>Number of indices in <see cref="Nodes"/>.</summary>
    public nuint NodeCount;

    /// <summary>Ascending indices of the rows of the batch with a gradient at the one node that is updated; their gradients lie side by side in this order.</summary>
    public ref int Samples;

    /// <summary>Number of indices in <see cref="Samples"/>.</summary>
    public nuint SampleCount;

    /// <summary>B, the rows of this pass.</summary>
    public nuint Rows;

    /// <summary>First panel to compute; for the input gradient, the first input, and for nodes turned round the first of their list, a multiple of w.</summary>
    public nuint Begin;

    /// <summary>One past the last panel to compute; for the input gradient, one past the last input, and for nodes turned round the last of their list: a multiple of w, or the number of all.</summary>
    public nuint End;
}
