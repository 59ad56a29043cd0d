using System.Runtime.CompilerServices;

namespace Whittle;

/// <summary>Changes no parameter and stores the gradient as the first moment, for whoever needs the whole gradient before the update.</summary>
internal readonly struct GradientRule : IUpdateRule
{
    /// <inheritdoc/>
    public static int MomentCount => 1;

    /// <inheritdoc/>
    public static bool SkipsZeroGradient => false;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Update<TLanes>(TLanes parameter, TLanes gradient, ref TLanes first, ref TLanes second)
        where TLanes : struct, ILanes<TLanes>
    {
        first = gradient;
        return parameter;
    }
}
