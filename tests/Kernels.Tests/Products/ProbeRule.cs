namespace Whittle.Kernels.Tests;

/// <summary>A rule that shows what the kernel hands it: subtracts the gradient, adds it to the first moment, counts in the second.</summary>
internal readonly struct ProbeRule : IUpdateRule
{
    public static int MomentCount => 2;

    public static bool SkipsZeroGradient => true;

    public TLanes Update<TLanes>(TLanes parameter, TLanes gradient, ref TLanes first, ref TLanes second)
        where TLanes : struct, ILanes<TLanes>
    {
        first += gradient;
        second += TLanes.Min(TLanes.Create(1), TLanes.Abs(gradient) * TLanes.Create(1e30f));
        return parameter - gradient;
    }
}
