using Whittle.Generator.Isa;
using Whittle.Generator.Model;

namespace Whittle.Generator.Lowering;

/// <summary>A dense layer of a fused network.</summary>
internal sealed record FusedLayer(int Inputs, int Outputs, Activation Activation, float Slope);

/// <summary>The halves of a training step, with the loss between them.</summary>
internal enum FusedPass
{
    Forward,
    Backward,
}

/// <summary>
/// One pass over a whole network as one kernel, where its weights stay in the first cache: what a call of each layer's kernel costs
/// would be more than the arithmetic. Equal specs share one kernel.
/// </summary>
/// <param name="Pass">What it computes.</param>
/// <param name="InstructionSet">Name of the instruction set that it is written in.</param>
/// <param name="Layers">The layers from input to output.</param>
internal sealed record FusedKernel(FusedPass Pass, string InstructionSet, EquatableArray<FusedLayer> Layers)
{
    /// <summary>Most weights and biases: 24 KB, which leave a first cache of 32 KB room for the activations of a row.</summary>
    private const int MostParameters = 6 * 1024;

    /// <summary>Most units of all layers, so that the methods stay short: some fifteen lines for each vector of them.</summary>
    private const int MostUnits = 192;

    /// <summary>Name of the generated class, such as <c>FusedForward_37_113_Relu_5_Avx2</c>.</summary>
    public string ClassName => FormattableString.Invariant($"Fused{Pass}_{Layers[0].Inputs}_{string.Join("_", Layers.Select(Words))}_{InstructionSet}");

    /// <summary>One pass over a network in each instruction set; empty for one that is too large, or has layers of other kinds.</summary>
    public static EquatableArray<FusedKernel> Of(NetworkSpec network, FusedPass pass)
    {
        var layers = new List<FusedLayer>();
        var inputs = network.Inputs;
        foreach (var layer in network.Layers)
        {
            if (layer is not { Nodes: null, Inputs: null, Residual: 0, Repeat: 1 })
            {
                return default;
            }

            layers.Add(new FusedLayer(inputs, layer.Units, layer.Activation, layer.Slope));
            inputs = layer.Units;
        }

        return layers.Sum(layer => (layer.Inputs + 1L) * layer.Outputs) <= MostParameters && layers.Sum(layer => layer.Outputs) <= MostUnits
            ? InstructionTable.All.Select(isa => new FusedKernel(pass, isa.Name, layers.ToEquatableArray())).ToEquatableArray()
            : default;
    }

    private static string Words(FusedLayer layer) => FormattableString.Invariant($"{layer.Outputs}{ActivationFunction.Suffix(layer.Activation, layer.Slope)}");
}
