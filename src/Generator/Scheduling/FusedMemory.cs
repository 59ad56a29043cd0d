using Whittle.Generator.Lowering;
using Whittle.Generator.Model;

namespace Whittle.Generator.Scheduling;

/// <summary>Where the layers of a fused network lie, in floats: as the runtime's NetworkPass says.</summary>
/// <param name="layers">The layers.</param>
/// <param name="width">Units in one panel of parameters.</param>
internal sealed class FusedMemory(EquatableArray<FusedLayer> layers, int width)
{
    /// <summary>From one row of a layer's activations, or of its gradients, to the next.</summary>
    public int Stride(int layer) => RowLayout.Stride(layers[layer].Outputs, width);

    /// <summary>Where the rows of a layer begin among those of all layers.</summary>
    public Affine Rows(int layer)
    {
        var strides = layers.Take(layer).Select((_, below) => Stride(below)).Sum();
        return strides == 0 ? 0 : Affine.Of("capacity", strides);
    }

    /// <summary>Where the parameters of a layer begin among those of all layers.</summary>
    public int Parameters(int layer) => layers.Take(layer)
        .Sum(below => RowLayout.WholeLines((below.Outputs + width - 1) / width * (below.Inputs + 1) * width));
}
