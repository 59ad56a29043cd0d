using System.Runtime.CompilerServices;

namespace Whittle;

/// <summary>Adagrad (Duchi et al. 2011), as PyTorch defines it: s = s + g^2, w - r g / (sqrt(s) + e).</summary>
/// <param name="learningRate">r of this step.</param>
/// <param name="epsilon">e, above 0.</param>
public readonly struct AdagradRule(float learningRate, float epsilon) : IUpdateRule
{
    private readonly float step = -learningRate;
    private readonly float epsilon = epsilon;

    /// <inheritdoc/>
    public static int MomentCount => 1;

    /// <inheritdoc/>
    public static bool SkipsZeroGradient => true;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Update<TLanes>(TLanes parameter, TLanes gradient, ref TLanes first, ref TLanes second)
        where TLanes : struct, ILanes<TLanes>
    {
        first = TLanes.MultiplyAdd(gradient, gradient, first);
        return TLanes.MultiplyAdd(TLanes.Create(step), gradient / (TLanes.Sqrt(first) + TLanes.Create(epsilon)), parameter);
    }
}

/// <summary>Adagrad with L2 weight decay c: g + c w takes the place of g.</summary>
/// <param name="learningRate">r of this step.</param>
/// <param name="epsilon">e, above 0.</param>
/// <param name="weightDecay">c.</param>
public readonly struct DecayingAdagradRule(float learningRate, float epsilon, float weightDecay) : IUpdateRule
{
    private readonly AdagradRule adagrad = new(learningRate, epsilon);
    private readonly float weightDecay = weightDecay;

    /// <inheritdoc/>
    public static int MomentCount => 1;

    /// <inheritdoc/>
    public static bool SkipsZeroGradient => false;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Update<TLanes>(TLanes parameter, TLanes gradient, ref TLanes first, ref TLanes second)
        where TLanes : struct, ILanes<TLanes> =>
        adagrad.Update(parameter, TLanes.MultiplyAdd(TLanes.Create(weightDecay), parameter, gradient), ref first, ref second);
}
