namespace Whittle;

/// <summary>The memory that the kernel of a whole network works on, for networks that are small enough to have one.</summary>
public ref struct NetworkPass
{
    /// <summary>x, [B][<see cref="InputStride"/>].</summary>
    public ref float Input;

    /// <summary>Floats from one row of <see cref="Input"/> to the next, at least the number of inputs.</summary>
    public nuint InputStride;

    /// <summary>W and b of all layers, as <see cref="LayerPass.Parameters"/> tells, one layer after the other.</summary>
    public ref float Parameters;

    /// <summary>The activations of all layers, [layers][<see cref="Capacity"/>][s], with s the <see cref="InstructionSets.RowStride"/> of the layer's units.</summary>
    public ref float Activations;

    /// <summary>Rows that there is room for.</summary>
    public nuint Capacity;

    /// <summary>B, the rows of this pass.</summary>
    public nuint Rows;
}
