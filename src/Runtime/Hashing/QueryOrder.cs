namespace Whittle;

/// <summary>In which order a walk visits the tables.</summary>
internal enum QueryOrder
{
    /// <summary>A new random order for each query.</summary>
    Random,

    /// <summary>From the first table to the last.</summary>
    Fixed,
}
