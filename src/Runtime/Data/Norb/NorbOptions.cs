namespace Whittle;

/// <summary>How to read small NORB.</summary>
public sealed record NorbOptions
{
    /// <summary>Whose images to read. Default: those of the left camera.</summary>
    public NorbCamera Camera { get; init; } = NorbCamera.Left;

    /// <summary>
    /// How much smaller height and width become: 3 makes images of 32x32 of those of 96x96, each pixel the mean of a
    /// block of 3x3. It must divide both. Default: 1, nothing changes.
    /// </summary>
    public int Reduction { get; init; } = 1;
}
