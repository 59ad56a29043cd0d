using Whittle.Generator.Emit;

namespace Whittle.Generator.Lowering;

/// <summary>The products of a layer that have a kernel each; named as in the runtime's KernelProduct.</summary>
internal enum Product
{
    Forward,
    ForwardSingle,
    InputGradient,
    WeightGradient,
    WeightGradientSingle,
    BackwardSingle,
}

/// <summary>Everything that one kernel's text depends on: equal specs share one kernel.</summary>
/// <param name="Product">What it computes.</param>
/// <param name="InstructionSet">Name of the instruction set that it is written in.</param>
/// <param name="Inputs">nIn.</param>
/// <param name="Outputs">nOut.</param>
/// <param name="Activation">
/// Of this layer for a forward product, of the layer below for the input gradient, identity for the weight gradient.
/// </param>
/// <param name="Slope">Slope of a leaky ReLU.</param>
/// <param name="TileRows">Height of the largest register tile.</param>
/// <param name="Transposes">Whether an input gradient turns W round, panel by panel, rather than computing dot products.</param>
internal sealed record KernelSpec(
    Product Product,
    string InstructionSet,
    int Inputs,
    int Outputs,
    Activation Activation,
    float Slope,
    int TileRows,
    bool Transposes = false)
{
    /// <summary>Name of the generated class, such as <c>Forward_784x1000_Relu_Rows5_Avx2</c>.</summary>
    public string ClassName
    {
        get
        {
            var activation = Activation switch
            {
                Activation.Identity => "",
                Activation.LeakyRelu => "_LeakyRelu" + Literal.Identifier(Slope),
                _ => "_" + Activation,
            };
            return FormattableString.Invariant($"{Product}_{Inputs}x{Outputs}{activation}{(Transposes ? "_Transposed" : "")}_Rows{TileRows}_{InstructionSet}");
        }
    }
}
