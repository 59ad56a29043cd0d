namespace Whittle;

/// <summary>Hash functions whose codes are computed by the kernels that the generator made for a layer: bit for bit those of the functions themselves.</summary>
/// <param name="functions">The hash functions.</param>
/// <param name="network">The network with the kernels.</param>
/// <param name="kernel">Index of the compiled layer.</param>
internal abstract class CompiledHash(HashFunctions functions, CompiledNetwork network, int kernel)
    : HashFunctions(functions.Inputs, functions.Bits, functions.Tables)
{
    /// <inheritdoc/>
    public override bool UsesScale => functions.UsesScale;

    /// <summary>The kernels of a layer for its functions.</summary>
    /// <param name="functions">The hash functions.</param>
    /// <param name="network">The network with the kernels.</param>
    /// <param name="kernel">Index of the compiled layer.</param>
    public static CompiledHash Of(HashFunctions functions, CompiledNetwork network, int kernel) => functions switch
    {
        SignHash signs => new CompiledSignHash(signs, network, kernel),
        WinnerTakeAllHash winners => new CompiledWinnerHash(winners, network, kernel),
        _ => throw new ArgumentException($"No kernels compute the codes of {functions}.", nameof(functions)),
    };

    /// <inheritdoc/>
    public override float ScaleFor(float longest) => functions.ScaleFor(longest);

    /// <inheritdoc/>
    public override double CollisionProbability(double product, double inputLength, double weightLength, float scale) =>
        functions.CollisionProbability(product, inputLength, weightLength, scale);

    /// <summary>The codes of an input, by its kernel.</summary>
    protected void RunInput(scoped ref readonly HashPass pass) => network.Runner.HashInput(kernel, in pass);

    /// <summary>The codes of listed nodes, by their kernel.</summary>
    protected void RunNodes(scoped ref readonly HashPass pass) => network.Runner.HashNodes(kernel, in pass);

    /// <summary>Throws for rows that lie otherwise than the kernels expect.</summary>
    protected void Check(NodeRows rows)
    {
        if (rows.Inputs != Inputs || rows.Stride != NodeRowLayout.Stride(Inputs))
        {
            throw new ArgumentException($"Rows of {rows.Inputs} weights, {rows.Stride} floats apart, do not suit kernels for {Inputs} weights, {NodeRowLayout.Stride(Inputs)} apart.", nameof(rows));
        }
    }
}
