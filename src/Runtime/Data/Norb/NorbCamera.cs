namespace Whittle;

/// <summary>One of the two cameras of NORB, which saw each scene at the same time.</summary>
public enum NorbCamera
{
    /// <summary>The left camera.</summary>
    Left,

    /// <summary>The right camera.</summary>
    Right,
}
