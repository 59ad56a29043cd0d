namespace Whittle.Generator.Lowering;

/// <summary>The products of a layer that have a kernel each; named as in the runtime's KernelProduct.</summary>
internal enum Product
{
    Forward,
    ForwardListed,
    ForwardSingle,
    InputGradient,
    InputGradientSingle,
    WeightGradient,
    WeightGradientListed,
    WeightGradientSingle,
    WeightGradientSparse,
    BackwardSingle,
    HashInput,
    HashNodes,
}

/// <summary>How the parameters of a layer lie in memory; the one that suits what the layer samples.</summary>
internal enum ParameterOrder
{
    /// <summary>Panels of w outputs, [P][nIn + 1][w]: a row of w weights for each input.</summary>
    Panels,

    /// <summary>A row for each node, [nOut][stride]: its weights and its bias, as <see cref="NodeRowLayout"/> says.</summary>
    NodeRows,
}

/// <summary>Everything that one kernel's text depends on: equal specs share one kernel.</summary>
/// <param name="Product">What it computes.</param>
/// <param name="InstructionSet">Name of the instruction set that it is written in.</param>
/// <param name="Inputs">nIn.</param>
/// <param name="Outputs">nOut; the projections, K L, for hash codes.</param>
/// <param name="Activation">
/// Of this layer for a forward product, of the layer below for the input gradient, identity for the weight gradient.
/// </param>
/// <param name="Slope">Slope of a leaky ReLU.</param>
/// <param name="TileRows">Height of the largest register tile.</param>
/// <param name="Transposes">Whether an input gradient turns W round, panel by panel, rather than computing dot products.</param>
/// <param name="Packs">Whether a weight gradient reads copies of x and d that lie in its order: <see cref="GradientPacking"/>.</param>
/// <param name="Order">How the parameters lie.</param>
/// <param name="Codes">What a hash kernel computes; null for every other.</param>
internal sealed record KernelSpec(
    Product Product,
    string InstructionSet,
    int Inputs,
    int Outputs,
    Activation Activation,
    float Slope,
    int TileRows,
    bool Transposes = false,
    bool Packs = false,
    ParameterOrder Order = ParameterOrder.Panels,
    HashCodes? Codes = null)
{
    /// <summary>Name of the runtime's type whose fields are the kernel's memory.</summary>
    public string PassType => Codes is null ? "LayerPass" : "HashPass";

    /// <summary>Whether it finds winners of bins, which no nest of multiply-adds does.</summary>
    public bool FindsWinners => Codes is { Family: HashFamily.Dwta };

    /// <summary>Bins of winner-take-all codes.</summary>
    public int Bins => WinnerLayout.Bins(Inputs, Codes!.Bits, Outputs / Codes.Bits);

    /// <summary>Name of the generated class, such as <c>Forward_784x1000_Relu_Rows5_Avx2</c>.</summary>
    public string ClassName
    {
        get
        {
            var codes = Codes is null ? "" : FormattableString.Invariant($"_{Codes.Family}_Bits{Codes.Bits}");
            return FormattableString.Invariant($"{Product}_{Inputs}x{Outputs}{codes}{ActivationFunction.Suffix(Activation, Slope)}{(Transposes ? "_Transposed" : "")}{(Packs ? "_Packed" : "")}{(Order == ParameterOrder.Panels ? "" : "_" + Order)}_Rows{TileRows}_{InstructionSet}");
        }
    }
}
