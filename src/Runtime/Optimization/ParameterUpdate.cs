using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Whittle;

/// <summary>Applies an update rule to one vector of parameters in memory: the epilogue of generated weight-gradient kernels.</summary>
public static class ParameterUpdate
{
    /// <summary>Asks for the cache line of one parameter and those of the moments that the rule keeps for it.</summary>
    /// <param name="parameters">Start of the parameters.</param>
    /// <param name="first">Start of the first moments, in the parameters' layout.</param>
    /// <param name="second">Start of the second moments.</param>
    /// <param name="offset">Index of the parameter.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Fetch<TRule>(ref float parameters, ref float first, ref float second, nuint offset)
        where TRule : struct, IUpdateRule
    {
        CachePrefetch.Line(ref parameters, offset);
        if (TRule.MomentCount > 0)
        {
            CachePrefetch.Line(ref first, offset);
        }

        if (TRule.MomentCount > 1)
        {
            CachePrefetch.Line(ref second, offset);
        }
    }

    /// <summary>Updates the 4 parameters at <paramref name="offset"/>.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="gradient">dL/dparameter of the 4 parameters.</param>
    /// <param name="parameters">Start of the parameters.</param>
    /// <param name="first">Start of the first moments, in the parameters' layout; not touched by a rule without moments.</param>
    /// <param name="second">Start of the second moments; not touched by a rule with fewer than two.</param>
    /// <param name="offset">Index of the first of the 4 parameters.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Apply<TRule>(
        scoped ref readonly TRule rule, Vector128<float> gradient, ref float parameters, ref float first, ref float second, nuint offset)
        where TRule : struct, IUpdateRule
    {
        if (typeof(TRule) == typeof(UnchangedRule))
        {
            return;
        }

        var firstMoment = new Lanes4(TRule.MomentCount > 0 ? Vector128.LoadUnsafe(ref first, offset) : default);
        var secondMoment = new Lanes4(TRule.MomentCount > 1 ? Vector128.LoadUnsafe(ref second, offset) : default);
        var parameter = new Lanes4(Vector128.LoadUnsafe(ref parameters, offset));
        rule.Update(parameter, new Lanes4(gradient), ref firstMoment, ref secondMoment).Value.StoreUnsafe(ref parameters, offset);
        if (TRule.MomentCount > 0)
        {
            firstMoment.Value.StoreUnsafe(ref first, offset);
        }

        if (TRule.MomentCount > 1)
        {
            secondMoment.Value.StoreUnsafe(ref second, offset);
        }
    }

    /// <summary>Updates the 8 parameters at <paramref name="offset"/>.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="gradient">dL/dparameter of the 8 parameters.</param>
    /// <param name="parameters">Start of the parameters.</param>
    /// <param name="first">Start of the first moments, in the parameters' layout; not touched by a rule without moments.</param>
    /// <param name="second">Start of the second moments; not touched by a rule with fewer than two.</param>
    /// <param name="offset">Index of the first of the 8 parameters.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Apply<TRule>(
        scoped ref readonly TRule rule, Vector256<float> gradient, ref float parameters, ref float first, ref float second, nuint offset)
        where TRule : struct, IUpdateRule
    {
        if (typeof(TRule) == typeof(UnchangedRule))
        {
            return;
        }

        var firstMoment = new Lanes8(TRule.MomentCount > 0 ? Vector256.LoadUnsafe(ref first, offset) : default);
        var secondMoment = new Lanes8(TRule.MomentCount > 1 ? Vector256.LoadUnsafe(ref second, offset) : default);
        var parameter = new Lanes8(Vector256.LoadUnsafe(ref parameters, offset));
        rule.Update(parameter, new Lanes8(gradient), ref firstMoment, ref secondMoment).Value.StoreUnsafe(ref parameters, offset);
        if (TRule.MomentCount > 0)
        {
            firstMoment.Value.StoreUnsafe(ref first, offset);
        }

        if (TRule.MomentCount > 1)
        {
            secondMoment.Value.StoreUnsafe(ref second, offset);
        }
    }

    /// <summary>Updates the 16 parameters at <paramref name="offset"/>.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="gradient">dL/dparameter of the 16 parameters.</param>
    /// <param name="parameters">Start of the parameters.</param>
    /// <param name="first">Start of the first moments, in the parameters' layout; not touched by a rule without moments.</param>
    /// <param name="second">Start of the second moments; not touched by a rule with fewer than two.</param>
    /// <param name="offset">Index of the first of the 16 parameters.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Apply<TRule>(
        scoped ref readonly TRule rule, Vector512<float> gradient, ref float parameters, ref float first, ref float second, nuint offset)
        where TRule : struct, IUpdateRule
    {
        if (typeof(TRule) == typeof(UnchangedRule))
        {
            return;
        }

        var firstMoment = new Lanes16(TRule.MomentCount > 0 ? Vector512.LoadUnsafe(ref first, offset) : default);
        var secondMoment = new Lanes16(TRule.MomentCount > 1 ? Vector512.LoadUnsafe(ref second, offset) : default);
        var parameter = new Lanes16(Vector512.LoadUnsafe(ref parameters, offset));
        rule.Update(parameter, new Lanes16(gradient), ref firstMoment, ref secondMoment).Value.StoreUnsafe(ref parameters, offset);
        if (TRule.MomentCount > 0)
        {
            firstMoment.Value.StoreUnsafe(ref first, offset);
        }

        if (TRule.MomentCount > 1)
        {
            secondMoment.Value.StoreUnsafe(ref second, offset);
        }
    }
}
