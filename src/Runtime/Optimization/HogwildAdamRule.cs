using System.Runtime.CompilerServices;

namespace Whittle;

/// <summary>
/// Adam where several threads update the same weights without locks: they can leave the first moment of one step beside the second of
/// another, 0 at worst, after which a step of plain Adam would be m / epsilon.
/// </summary>
internal readonly struct HogwildAdamRule(AdamRule rule, MomentBound bound) : IUpdateRule
{
    private readonly AdamRule rule = rule;
    private readonly float leastRatio = bound.LeastRatio;

    /// <inheritdoc/>
    public static int MomentCount => AdamRule.MomentCount;

    /// <inheritdoc/>
    public static bool SkipsZeroGradient => AdamRule.SkipsZeroGradient;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Update<TLanes>(TLanes parameter, TLanes gradient, ref TLanes first, ref TLanes second)
        where TLanes : struct, ILanes<TLanes>
    {
        second = TLanes.Max(second, TLanes.Create(leastRatio) * first * first);
        return rule.Update(parameter, gradient, ref first, ref second);
    }
}

/// <summary>
/// How small Adam's second moment can be beside the square of the first. By the inequality of Cauchy and Schwarz m^2 is at most C v, whatever
/// the gradients, with C = (1 - b1)^2 / ((1 - b2) (1 - b1^2 / b2)).
/// </summary>
internal readonly struct MomentBound(float beta1, float beta2)
{
    /// <summary>1 / 4C, so that rounding alone never reaches it; 0 where there is no bound, for b1^2 at least b2.</summary>
    public float LeastRatio { get; } =
        beta1 * beta1 < beta2 ? (1 - beta2) * (1 - (beta1 * beta1 / beta2)) / (4 * (1 - beta1) * (1 - beta1)) : 0;
}
