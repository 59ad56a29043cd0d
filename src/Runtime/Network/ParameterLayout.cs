namespace Whittle;

/// <summary>
/// Where one layer's parameters lie in the network's block: in panels of outputs, [P panels][nIn + 1 rows][w] with biases in each panel's
/// last row, or in a row for each node, [nOut][stride] as <see cref="NodeRowLayout"/> says.
/// </summary>
/// <param name="Inputs">nIn.</param>
/// <param name="Outputs">nOut.</param>
/// <param name="Width">w, outputs of one panel.</param>
/// <param name="Offset">Index of the layer's first float in the block.</param>
/// <param name="InNodeRows">Whether each node has a row.</param>
internal readonly record struct LayerLayout(int Inputs, int Outputs, int Width, nuint Offset, bool InNodeRows = false)
{
    /// <summary>Panels that products which are split over threads count: of outputs, or of inputs where each node has a row.</summary>
    public int Panels => ((InNodeRows ? Inputs : Outputs) + Width - 1) / Width;

    /// <summary>Floats from one node's row to the next, where each has one.</summary>
    public nuint RowStride => (nuint)NodeRowLayout.Stride(Inputs);

    /// <summary>Floats of one panel.</summary>
    public nuint PanelLength => checked((nuint)(Inputs + 1) * (nuint)Width);

    /// <summary>Floats of the layer, padding included.</summary>
    public nuint Length => checked(InNodeRows ? (nuint)Outputs * RowStride : (nuint)Panels * PanelLength);

    /// <summary>Floats from the weight of one input to that of the next, of the same output.</summary>
    public nuint InputStep => InNodeRows ? 1 : (nuint)Width;

    /// <summary>Index, from the layer's first float, of input 0's weight to <paramref name="output"/>; the next input's lies <see cref="InputStep"/> floats on.</summary>
    public nuint Column(int output) => InNodeRows ? (nuint)output * RowStride : ((nuint)(output / Width) * PanelLength) + (nuint)(output % Width);

    /// <summary>Index, from the layer's first float, of the bias of <paramref name="output"/>.</summary>
    public nuint Bias(int output) => Column(output) + (InNodeRows ? (nuint)NodeRowLayout.BiasColumn(Inputs) : (nuint)Inputs * (nuint)Width);
}

/// <summary>How all layers of a network share one block of parameters, and how wide the rows of its buffers are.</summary>
internal sealed class ParameterLayout
{
    private readonly LayerLayout[] layers;
    private readonly InstructionSet set;

    public ParameterLayout(NetworkDescription architecture, InstructionSet set)
    {
        this.set = set;
        Architecture = architecture;
        Width = InstructionSets.PanelWidth(set);
        layers = new LayerLayout[architecture.Layers.Count];
        nuint offset = 0;
        for (var index = 0; index < layers.Length; index++)
        {
            var layer = architecture.Layers[index];
            layers[index] = new LayerLayout(layer.Inputs, layer.Outputs, Width, offset, layer.InNodeRows);
            offset = checked(offset + AlignedMemory.Align(layers[index].Length));
        }

        Length = offset;
    }

    /// <summary>The network whose parameters these are.</summary>
    public NetworkDescription Architecture { get; }

    /// <summary>w, outputs of one panel.</summary>
    public int Width { get; }

    /// <summary>Inputs of the first layer.</summary>
    public int Inputs => layers[0].Inputs;

    /// <summary>Outputs of the last layer.</summary>
    public int Outputs => layers[^1].Outputs;

    /// <summary>Outputs of the widest layer with a row of parameters for each node; 0 if there is none.</summary>
    public int MostNodesInRows => layers.Max(layer => layer.InNodeRows ? layer.Outputs : 0);

    /// <summary>Blocks of inputs of the layer that has most of those whose weight gradient reads copies; 0 if there is none.</summary>
    public int MostInputBlocks => Enumerable.Range(0, layers.Length).Max(layer => PacksInputs(layer) ? GradientPacking.Blocks(layers[layer].Inputs, Width) : 0);

    /// <summary>Whether mini-batches leave out inputs of the layer that are zero in all rows.</summary>
    public bool SkipsZeros(int layer) =>
        layer == 0 && set != InstructionSet.Portable && !layers[0].InNodeRows && ZeroSkipping.Applies(Architecture.BatchSize, layers[0].Inputs, layers[0].Outputs);

    /// <summary>Floats from one row of listed inputs of the first layer to the next, where a weight gradient reads them.</summary>
    public nuint ListedStride => Stride(layers[0].Inputs + ZeroSkipping.MostPadding);

    /// <summary>Floats of the whole block.</summary>
    public nuint Length { get; }

    /// <summary>The layers from input to output.</summary>
    public ReadOnlySpan<LayerLayout> Layers => layers;

    /// <summary>Whether the weight gradient of a layer reads copies of x and d: <see cref="GradientPacking"/>.</summary>
    public bool PacksInputs(int layer) =>
        !layers[layer].InNodeRows && GradientPacking.Applies(Architecture.BatchSize, layers[layer].Inputs, layers[layer].Outputs);

    /// <summary>Floats of a buffer's row that holds <paramref name="units"/> values.</summary>
    public nuint Stride(int units) => (nuint)InstructionSets.RowStride(set, units);
}
