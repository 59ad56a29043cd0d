namespace Whittle.Examples.DataSets;

/// <summary>What a file of a data set is.</summary>
public enum FileState
{
    /// <summary>It is not here.</summary>
    Missing,

    /// <summary>It, or what it holds, has the published checksum.</summary>
    Published,

    /// <summary>It is as it was when it came out of the published archive.</summary>
    Recorded,

    /// <summary>There is no checksum to compare it with.</summary>
    Unknown,

    /// <summary>It has another checksum.</summary>
    Different,
}
