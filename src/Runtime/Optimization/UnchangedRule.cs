using System.Runtime.CompilerServices;

namespace Whittle;

/// <summary>Changes nothing, so that <see cref="ParameterUpdate"/> leaves it out: for passes that need only the gradient of a layer's inputs.</summary>
internal readonly struct UnchangedRule : IUpdateRule
{
    /// <inheritdoc/>
    public static int MomentCount => 0;

    /// <inheritdoc/>
    public static bool SkipsZeroGradient => true;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Update<TLanes>(TLanes parameter, TLanes gradient, ref TLanes first, ref TLanes second)
        where TLanes : struct, ILanes<TLanes> => parameter;
}
