#if WHITTLE_GENERATOR
namespace Whittle.Generator.Shared;
#else
namespace Whittle;
#endif

/// <summary>
/// Where a mini-batch leaves out inputs of the network that are zero in all of its rows: the others are listed, and their values copied side by side.
/// Not in portable vectors, and not above hidden layers, few of whose units are off for a whole batch: the text of the kernels would be a fifth longer.
/// </summary>
internal static class ZeroSkipping
{
    /// <summary>Parameters of a layer from which listing and copying cost little beside its products.</summary>
    private const int ManyParameters = 16_384;

    /// <summary>The most that the entries of a list for weight gradients are rounded up by: the biases are one, and those of a tile follow.</summary>
    public const int MostPadding = 12;

    /// <summary>Whether the first layer has kernels of lists.</summary>
    /// <param name="batchSize">The declared batch size.</param>
    /// <param name="inputs">nIn.</param>
    /// <param name="outputs">nOut.</param>
    public static bool Applies(int batchSize, int inputs, int outputs) => batchSize > 1 && (long)inputs * outputs >= ManyParameters;

    /// <summary>The most inputs with which a list takes less time than all of them.</summary>
    /// <param name="inputs">nIn.</param>
    public static int Most(int inputs) => inputs * 9 / 10;

    /// <summary>Entries of a list for weight gradients: the inputs and the biases, in whole tiles.</summary>
    /// <param name="count">Inputs of the list.</param>
    /// <param name="panelWidth">Units in one panel of parameters.</param>
    public static int Entries(int count, int panelWidth) => GradientPacking.Blocks(count, panelWidth) * GradientPacking.Height(panelWidth);
}
