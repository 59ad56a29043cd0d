using System.Runtime.CompilerServices;

namespace Whittle;

/// <summary>
/// Stochastic gradient descent with momentum m and L2 weight decay c, as PyTorch defines it: v = m v + (g + c w), w - r v.
/// </summary>
/// <param name="learningRate">r of this step.</param>
/// <param name="momentum">m.</param>
/// <param name="weightDecay">c.</param>
public readonly struct MomentumRule(float learningRate, float momentum, float weightDecay) : IUpdateRule
{
    private readonly float step = -learningRate;
    private readonly float momentum = momentum;
    private readonly float weightDecay = weightDecay;

    /// <inheritdoc/>
    public static int MomentCount => 1;

    /// <inheritdoc/>
    public static bool SkipsZeroGradient => false;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Update<TLanes>(TLanes parameter, TLanes gradient, ref TLanes first, ref TLanes second)
        where TLanes : struct, ILanes<TLanes>
    {
        gradient = TLanes.MultiplyAdd(TLanes.Create(weightDecay), parameter, gradient);
        first = TLanes.MultiplyAdd(TLanes.Create(momentum), first, gradient);
        return TLanes.MultiplyAdd(TLanes.Create(step), first, parameter);
    }
}

/// <summary>
/// Nesterov's accelerated gradient with momentum m and L2 weight decay c, as PyTorch defines it: with g' = g + c w,
/// v = m v + g', w - r (g' + m v).
/// </summary>
/// <param name="learningRate">r of this step.</param>
/// <param name="momentum">m.</param>
/// <param name="weightDecay">c.</param>
public readonly struct NesterovRule(float learningRate, float momentum, float weightDecay) : IUpdateRule
{
    private readonly float step = -learningRate;
    private readonly float momentum = momentum;
    private readonly float weightDecay = weightDecay;

    /// <inheritdoc/>
    public static int MomentCount => 1;

    /// <inheritdoc/>
    public static bool SkipsZeroGradient => false;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Update<TLanes>(TLanes parameter, TLanes gradient, ref TLanes first, ref TLanes second)
        where TLanes : struct, ILanes<TLanes>
    {
        var m = TLanes.Create(momentum);
        gradient = TLanes.MultiplyAdd(TLanes.Create(weightDecay), parameter, gradient);
        first = TLanes.MultiplyAdd(m, first, gradient);
        return TLanes.MultiplyAdd(TLanes.Create(step), TLanes.MultiplyAdd(m, first, gradient), parameter);
    }
}
