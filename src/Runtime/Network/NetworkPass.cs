namespace Whittle;

/// <summary>The memory that the kernels of a whole network work on, for networks that are small enough to have them.</summary>
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

    /// <summary>dL/dz of all layers, as <see cref="Activations"/>; a backward pass reads that of the last one and writes the others. Padding is 0.</summary>
    public ref float Gradients;

    /// <summary>First moments of the update rule in the layout of <see cref="Parameters"/>; not read for a rule without them.</summary>
    public ref float FirstMoment;

    /// <summary>Second moments of the update rule in the layout of <see cref="Parameters"/>; not read for a rule without them.</summary>
    public ref float SecondMoment;

    /// <summary>Room of a backward pass for one panel of any layer, turned round or not.</summary>
    public ref float Scratch;

    /// <summary>Rows that there is room for.</summary>
    public nuint Capacity;

    /// <summary>B, the rows of this pass.</summary>
    public nuint Rows;
}
