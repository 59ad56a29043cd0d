namespace Whittle.Kernels.Tests;

/// <summary>A rule that counts in the first moment how often it is applied to a parameter, whatever the gradient.</summary>
internal readonly struct CountingRule : IUpdateRule
{
    public static int MomentCount => 1;

    public static bool SkipsZeroGradient => false;

    public TLanes Update<TLanes>(TLanes parameter, TLanes gradient, ref TLanes first, ref TLanes second)
        where TLanes : struct, ILanes<TLanes>
    {
        first += TLanes.Create(1);
        return parameter;
    }
}
