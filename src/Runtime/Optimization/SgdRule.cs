using System.Runtime.CompilerServices;

namespace Whittle;

/// <summary>Stochastic gradient descent: w - r g, with learning rate r.</summary>
/// <param name="learningRate">r of this step.</param>
public readonly struct SgdRule(float learningRate) : IUpdateRule
{
    private readonly float step = -learningRate;

    /// <inheritdoc/>
    public static int MomentCount => 0;

    /// <inheritdoc/>
    public static bool SkipsZeroGradient => true;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Update<TLanes>(TLanes parameter, TLanes gradient, ref TLanes first, ref TLanes second)
        where TLanes : struct, ILanes<TLanes> => TLanes.MultiplyAdd(TLanes.Create(step), gradient, parameter);
}

/// <summary>Stochastic gradient descent with L2 weight decay c: w - r (g + c w).</summary>
/// <param name="learningRate">r of this step.</param>
/// <param name="weightDecay">c.</param>
public readonly struct DecayingSgdRule(float learningRate, float weightDecay) : IUpdateRule
{
    private readonly float step = -learningRate;
    private readonly float weightDecay = weightDecay;

    /// <inheritdoc/>
    public static int MomentCount => 0;

    /// <inheritdoc/>
    public static bool SkipsZeroGradient => false;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Update<TLanes>(TLanes parameter, TLanes gradient, ref TLanes first, ref TLanes second)
        where TLanes : struct, ILanes<TLanes>
    {
        gradient = TLanes.MultiplyAdd(TLanes.Create(weightDecay), parameter, gradient);
        return TLanes.MultiplyAdd(TLanes.Create(step), gradient, parameter);
    }
}
