namespace Whittle.Bench.Peers.RuntimeShapes;

/// <summary>A layer's sizes as the kernels need them: variables, where generated kernels have constants.</summary>
/// <param name="Inputs">nIn.</param>
/// <param name="Outputs">nOut.</param>
/// <param name="Lanes">Floats in a vector; a panel has two.</param>
internal readonly record struct LayerShape(int Inputs, int Outputs, int Lanes)
{
    /// <summary>Panels, the last perhaps used in part.</summary>
    public nuint Panels => (nuint)((Outputs + (2 * Lanes) - 1) / (2 * Lanes));

    /// <summary>Panels both of whose vectors are used.</summary>
    public nuint WholePanels => (nuint)((Outputs + Lanes - 1) / (2 * Lanes));

    /// <summary>Floats of a panel: its inputs and the bias.</summary>
    public nuint PanelSize => (nuint)((Inputs + 1) * 2 * Lanes);

    /// <summary>Floats of all parameters.</summary>
    public int ParameterCount => (int)(Panels * PanelSize);

    /// <summary>Where the parameter of an output and an input (nIn for the bias) is.</summary>
    public int Offset(int output, int input)
    {
        var width = 2 * Lanes;
        return (output / width * (int)PanelSize) + (input * width) + (output % width);
    }
}
