#if WHITTLE_GENERATOR
namespace Whittle.Generator.Shared;
#else
namespace Whittle;
#endif

/// <summary>How rows of activations and of their gradients lie in memory; a constant of the generated code.</summary>
internal static class RowLayout
{
    /// <summary>Floats of a cache line.</summary>
    public const int Line = 16;

    /// <summary>Lines from which rows must not lie a power of two apart.</summary>
    private const int ManyLines = 4;

    /// <summary>A number of floats rounded up to whole cache lines, at which the parameters of each layer begin.</summary>
    public static int WholeLines(int floats) => (floats + Line - 1) / Line * Line;

    /// <summary>
    /// Floats from one row to the next: whole panels in an odd number of cache lines, since rows a power of two apart
    /// would share a few sets of the cache.
    /// </summary>
    /// <param name="units">Values in a row.</param>
    /// <param name="panelWidth">Units in one panel of parameters.</param>
    public static int Stride(int units, int panelWidth)
    {
        var panels = (units + panelWidth - 1) / panelWidth;
        var lines = WholeLines(panels * panelWidth) / Line;
        return (lines < ManyLines ? lines : lines | 1) * Line;
    }
}
