namespace Whittle.Generator.Lowering;

/// <summary>The memory a kernel works on; each is a field of the runtime's LayerPass or HashPass.</summary>
internal enum Buffer
{
    Input,
    Parameters,
    Output,
    OutputGradient,
    InputGradient,

    /// <summary>A panel of W turned round: scratch memory of the pass.</summary>
    Transposed,

    /// <summary>x in the order of the weight gradient's tiles, with a 1 for the biases after the last input.</summary>
    PackedInput,

    /// <summary>A panel of d, its rows one after the other: scratch memory of the pass.</summary>
    PackedGradient,

    /// <summary>Projections that hash codes are the signs of.</summary>
    Projection,

    /// <summary>Projections of the coordinates that asymmetric hashing adds.</summary>
    Transform,

    /// <summary>What asymmetric hashing multiplies with.</summary>
    Factors,

    /// <summary>Sums that wait for their signs to be packed: scratch memory of the pass.</summary>
    Sums,
}

/// <summary>The numbers that an axis runs over.</summary>
internal abstract record Extent;

/// <summary>From zero up to a constant.</summary>
internal sealed record ConstantExtent(int Count) : Extent;

/// <summary>From zero up to a number known when the kernel runs.</summary>
internal sealed record NamedExtent(string Name) : Extent;

/// <summary>The part from <c>begin</c> up to <c>end</c>, known when the kernel runs, of <paramref name="Count"/>.</summary>
internal sealed record RangeExtent(int Count) : Extent;

/// <summary>The entries of an index list.</summary>
internal sealed record ListExtent(string List, string CountName) : Extent;

/// <summary>One index of a nest.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Extent">What it runs over.</param>
/// <param name="Step">How far it moves in one iteration: the width of a panel where it counts the units of panels.</param>
internal sealed record Axis(string Name, Extent Extent, int Step = 1);

/// <summary>What is copied to scratch memory before the tiles of a panel, so that they run as broadcasts times vectors, from one line to the next.</summary>
/// <param name="Source">What is copied.</param>
/// <param name="Target">Where to.</param>
internal abstract record PanelCopy(Buffer Source, Buffer Target);

/// <summary>w inputs of parameters in panels, [nIn + 1][w] each: [nOut][w].</summary>
/// <param name="Inputs">nIn.</param>
/// <param name="Outputs">nOut.</param>
internal sealed record TransposedInputs(int Inputs, int Outputs) : PanelCopy(Buffer.Parameters, Buffer.Transposed);

/// <summary>The next w nodes of a list, of parameters with a row for each node: their biases and then their weights of the listed inputs, [count + 1][w].</summary>
/// <param name="Nodes">The list of nodes.</param>
/// <param name="Columns">The list of inputs.</param>
/// <param name="Inputs">nIn.</param>
internal sealed record TransposedNodes(ListExtent Nodes, ListExtent Columns, int Inputs) : PanelCopy(Buffer.Parameters, Buffer.Transposed);

/// <summary>w outputs of the gradients of all rows: [B][w].</summary>
/// <param name="Stride">Floats from one row of the gradients to the next.</param>
internal sealed record PackedGradients(int Stride) : PanelCopy(Buffer.OutputGradient, Buffer.PackedGradient);

/// <summary>
/// What a kernel computes, as one perfect loop nest over single floats:
/// <code>
/// for outer, for inner, for lane:
///     sum = Initial
///     for reduction: sum += Left * Right
///     epilogue(sum)
/// </code>
/// The lane axis lies inside the panel axis, which is the outer one, or, in a nest of dot products, the reduction.
/// Order, tiles, vectors and unrolling are the schedule's.
/// </summary>
/// <param name="Name">What the nest adds to the kernel, for names of generated methods; empty for the main one.</param>
/// <param name="Outer">The outermost axis.</param>
/// <param name="Inner">The axis inside it; null for a single iteration.</param>
/// <param name="Reduction">The summed axis; null when there is a single product.</param>
/// <param name="PanelAxis">Name of the axis that counts panels.</param>
/// <param name="Units">Valid lanes over all panels.</param>
/// <param name="Initial">Start of the sum.</param>
/// <param name="Left">First factor.</param>
/// <param name="Right">Second factor; null for a plain sum.</param>
/// <param name="Epilogue">What happens to the finished sum.</param>
/// <param name="Copy">What is copied before each iteration of the outer axis; null for nothing.</param>
/// <param name="Factor">
/// Where the right factors are parameters that the rule changes as soon as they have been read: their gradients are Left * Factor.
/// Null for parameters that stay.
/// </param>
internal sealed record Nest(
    string Name,
    Axis Outer,
    Axis? Inner,
    Axis? Reduction,
    string PanelAxis,
    int Units,
    Expression Initial,
    Element Left,
    Element? Right,
    Epilogue Epilogue,
    PanelCopy? Copy = null,
    Element? Factor = null)
{
    /// <summary>The axis inside a panel.</summary>
    public const string Lane = "lane";

    /// <summary>The position in the list that the reduction or the outer axis runs over, for what lies side by side in its order.</summary>
    public const string Entry = "entry";

    /// <summary>Whether the sum runs over lanes: each result is a dot product.</summary>
    public bool IsDotProduct => Reduction?.Name == PanelAxis;

    /// <summary>Whether the lanes of a panel stand for inputs of the layer.</summary>
    public bool LanesAreInputs => Epilogue is UpdateEpilogue ? Right?.Buffer == Buffer.Input : Epilogue.Target == Buffer.InputGradient && !IsDotProduct;

    /// <summary>Whether it is the product itself, not what comes before or after it.</summary>
    public bool IsMain => Name.Length == 0;

    /// <summary>Whether the sum starts from what its target holds, so that it may be added up in several visits.</summary>
    public bool Accumulates => Epilogue is StoreEpilogue { Value: Accumulated } store && Initial is Element start && start.Buffer == store.Target && start.Address == store.Address;
}

/// <summary>What happens to a finished sum.</summary>
internal abstract record Epilogue(Buffer Target, Affine Address);

/// <summary>A function of the sum is stored.</summary>
internal sealed record StoreEpilogue(Buffer Target, Affine Address, Expression Value) : Epilogue(Target, Address);

/// <summary>The sign of a function of the sum is a bit of a hash code: set below zero.</summary>
/// <param name="Address">Where the value waits, one after the other by unit.</param>
/// <param name="Value">The function of the sum.</param>
/// <param name="Bits">K: units t K to (t + 1) K - 1 are the bits of code t, the first lowest.</param>
/// <param name="Tables">L.</param>
/// <param name="Codes">Where the L codes begin.</param>
internal sealed record SignEpilogue(Affine Address, Expression Value, int Bits, int Tables, Affine Codes) : Epilogue(Buffer.Sums, Address);

/// <summary>The sum is the gradient of a parameter, which the update rule changes.</summary>
/// <param name="Target">The parameters.</param>
/// <param name="Address">Which one.</param>
/// <param name="Rows">Where the inner axis counts the entries of an index list that names the rows to change: that list, read into a variable of the address.</param>
internal sealed record UpdateEpilogue(Buffer Target, Affine Address, ListedRow? Rows = null) : Epilogue(Target, Address);

/// <summary>A row of the parameters that an entry of an index list names.</summary>
/// <param name="List">The list.</param>
/// <param name="Index">The variable that holds the entry's value.</param>
internal sealed record ListedRow(string List, string Index);
