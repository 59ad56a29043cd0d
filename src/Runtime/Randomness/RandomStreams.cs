namespace Whittle;

/// <summary>
/// The stream numbers of everything that draws random numbers, so that no two purposes share a stream and a draw never
/// depends on how many another purpose made.
/// </summary>
internal static class RandomStreams
{
    /// <summary>Initial weights of a layer.</summary>
    public static ulong Initialization(int layer) => (1UL << 32) + (ulong)layer;

    /// <summary>Order of the rows in an epoch.</summary>
    public static ulong Shuffle(int epoch) => (2UL << 32) + (ulong)epoch;

    /// <summary>Division of a data set into two parts.</summary>
    public const ulong Split = 8UL << 32;

    /// <summary>The drawing of one image of the built-in data set.</summary>
    public static ulong StrokeDigit(int image) => (9UL << 32) + (ulong)image;

    /// <summary>The nodes chosen for one sample or mini-batch, counted over the whole training.</summary>
    public static ulong NodeSelection(int layer, long step) => Numbered(1, layer, step);

    /// <summary>The inner indices drawn for one product of a layer in one step.</summary>
    public static ulong InputSampling(int layer, int product, long step) => Numbered(2, (layer * 4) + product, step);

    /// <summary>The directions of a layer's low-rank sketch, in its n-th refresh.</summary>
    public static ulong Sketch(int layer, long refresh) => Numbered(3, layer, refresh);

    /// <summary>The hash functions of a layer.</summary>
    public static ulong HashFunctions(int layer) => Numbered(4, layer, 0);

    private static ulong Numbered(int purpose, int part, long number) => ((ulong)purpose << 56) | ((ulong)part << 48) | (ulong)number;
}
