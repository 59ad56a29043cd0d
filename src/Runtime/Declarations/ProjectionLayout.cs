#if WHITTLE_GENERATOR
namespace Whittle.Generator.Shared;
#else
namespace Whittle;
#endif

/// <summary>How a matrix that reduces vectors to a few columns lies in memory: a row for each element of the vector, [nIn][width].</summary>
internal static class ProjectionLayout
{
    /// <summary>Rows are padded with zeros to a multiple of this: the widest vector, and the width of the panels that kernels read.</summary>
    public const int Block = 16;

    /// <summary>Floats from one row to the next.</summary>
    /// <param name="columns">Columns without padding.</param>
    public static int Width(int columns) => (columns + Block - 1) / Block * Block;
}
