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
}
