#if WHITTLE_GENERATOR
namespace Whittle.Generator.Shared;
#else
namespace Whittle;
#endif

/// <summary>
/// Where the weight gradient of a dense layer reads copies of x and d that lie in its order. Rows of a large batch are pages apart, so that
/// walking down them waits for addresses and for lines of which it uses a part.
/// </summary>
internal static class GradientPacking
{
    /// <summary>Rows of a batch from which copying costs less than it saves.</summary>
    private const int ManyRows = 32;

    /// <summary>Parameters of a layer from which its rows do not stay in the first cache.</summary>
    private const int ManyParameters = 16_384;

    /// <summary>Whether a layer's kernel reads copies.</summary>
    /// <param name="batchSize">The declared batch size.</param>
    /// <param name="inputs">nIn.</param>
    /// <param name="outputs">nOut.</param>
    public static bool Applies(int batchSize, int inputs, int outputs) => batchSize >= ManyRows && (long)inputs * outputs >= ManyParameters;

    /// <summary>Inputs that lie side by side, h: those of one register tile.</summary>
    /// <param name="panelWidth">Units in one panel of parameters.</param>
    public static int Height(int panelWidth) => panelWidth >= 32 ? 12 : 6;

    /// <summary>Blocks of h inputs, in which the biases count as one more input that is 1.</summary>
    /// <param name="inputs">nIn.</param>
    /// <param name="panelWidth">Units in one panel of parameters.</param>
    public static int Blocks(int inputs, int panelWidth) => (inputs + Height(panelWidth)) / Height(panelWidth);
}
