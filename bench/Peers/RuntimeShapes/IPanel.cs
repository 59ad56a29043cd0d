namespace Whittle.Bench.Peers.RuntimeShapes;

/// <summary>How much of a panel's two vectors is used, as a constant of the compiler.</summary>
internal interface IPanel
{
    static abstract bool HasSecondVector { get; }
}

/// <summary>Every panel but perhaps the last.</summary>
internal readonly struct WholePanel : IPanel
{
    public static bool HasSecondVector => true;
}

/// <summary>A last panel of no more outputs than one vector holds.</summary>
internal readonly struct HalfPanel : IPanel
{
    public static bool HasSecondVector => false;
}
