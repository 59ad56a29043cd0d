using Whittle.Generator.Model;

namespace Whittle.Generator.Lowering;

/// <summary>The nests of a kernel, whatever the order of its layer's parameters.</summary>
internal static class LayerNests
{
    public static EquatableArray<Nest> Of(KernelSpec kernel, int panelWidth) => kernel switch
    {
        { Codes: not null } => SignHash.Nests(kernel, panelWidth),
        { Order: ParameterOrder.NodeRows } => NodeRowLayer.Nests(kernel, panelWidth),
        _ => DenseLayer.Nests(kernel, panelWidth),
    };
}
