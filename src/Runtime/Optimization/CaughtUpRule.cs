using System.Runtime.CompilerServices;

namespace Whittle;

/// <summary>A rule that first brings the moments of a row to where the steps that it missed would have taken them, so that the row passes through memory once.</summary>
/// <param name="rule">The rule of the step.</param>
/// <param name="firstFactor">What is left of the first moments.</param>
/// <param name="secondFactor">What is left of the second moments.</param>
internal readonly struct CaughtUpRule<TRule>(TRule rule, float firstFactor, float secondFactor) : IUpdateRule
    where TRule : struct, IUpdateRule
{
    private readonly TRule rule = rule;
    private readonly float firstFactor = firstFactor;
    private readonly float secondFactor = secondFactor;

    /// <inheritdoc/>
    public static int MomentCount => TRule.MomentCount;

    /// <inheritdoc/>
    public static bool SkipsZeroGradient => false;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Update<TLanes>(TLanes parameter, TLanes gradient, ref TLanes first, ref TLanes second)
        where TLanes : struct, ILanes<TLanes>
    {
        first *= TLanes.Create(firstFactor);
        second *= TLanes.Create(secondFactor);
        return rule.Update(parameter, gradient, ref first, ref second);
    }
}
