namespace Whittle;

/// <summary>
/// How one step changes a parameter, given its gradient. A struct that implements it is the type parameter of the
/// weight-gradient kernels, so that the update is compiled into them and every weight is touched once per step.
/// </summary>
public interface IUpdateRule
{
    /// <summary>How many running values (moments) the rule keeps for each parameter: 0, 1 or 2.</summary>
    static abstract int MomentCount { get; }

    /// <summary>
    /// Whether a zero gradient leaves the parameter and its moments as they are. Plain stochastic gradient descent
    /// does; kernels may then skip the rows whose gradient is exactly zero.
    /// </summary>
    static abstract bool SkipsZeroGradient { get; }

    /// <summary>Returns the parameters after the step and replaces the moments.</summary>
    /// <param name="parameter">The parameters before the step.</param>
    /// <param name="gradient">dL/dparameter.</param>
    /// <param name="first">The first moment; meaningless for a rule without one.</param>
    /// <param name="second">The second moment; meaningless for a rule without one.</param>
    TLanes Update<TLanes>(TLanes parameter, TLanes gradient, ref TLanes first, ref TLanes second)
        where TLanes : struct, ILanes<TLanes>;
}
