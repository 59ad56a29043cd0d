using System.Runtime.CompilerServices;

namespace Whittle;

/// <summary>
/// Adam (Kingma and Ba 2015, algorithm 1) with L2 weight decay, or AdamW (Loshchilov and Hutter 2019, algorithm 2) with
/// decoupled decay. The bias corrections of the step are folded into its constants.
/// </summary>
public readonly struct AdamRule : IUpdateRule
{
    private readonly float beta1;
    private readonly float oneMinusBeta1;
    private readonly float beta2;
    private readonly float oneMinusBeta2;
    private readonly float step;
    private readonly float epsilon;
    private readonly float weightDecay;
    private readonly float keep;

    /// <summary>The rule of one step.</summary>
    /// <param name="number">Number of the step, 1 for the first.</param>
    /// <param name="learningRate">Learning rate of this step.</param>
    /// <param name="beta1">Decay of the first moment.</param>
    /// <param name="beta2">Decay of the second moment.</param>
    /// <param name="epsilon">Added to the root of the second moment.</param>
    /// <param name="weightDecay">Weight decay.</param>
    /// <param name="decoupled">Whether the decay shrinks the weight itself (AdamW) rather than being added to the gradient.</param>
    public AdamRule(long number, float learningRate, float beta1, float beta2, float epsilon, float weightDecay, bool decoupled)
    {
        var correction1 = 1 - Math.Pow(beta1, number);
        var correction2 = Math.Sqrt(1 - Math.Pow(beta2, number));
        this.beta1 = beta1;
        this.beta2 = beta2;
        oneMinusBeta1 = (float)(1.0 - beta1);
        oneMinusBeta2 = (float)(1.0 - beta2);

        // r (m / c1) / (sqrt(v) / c2 + e) = (r c2 / c1) m / (sqrt(v) + e c2)
        step = (float)(-learningRate * correction2 / correction1);
        this.epsilon = (float)(epsilon * correction2);
        this.weightDecay = decoupled ? 0 : weightDecay;
        keep = decoupled ? (float)(1.0 - ((double)learningRate * weightDecay)) : 1;
    }

    /// <inheritdoc/>
    public static int MomentCount => 2;

    /// <inheritdoc/>
    public static bool SkipsZeroGradient => false;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Update<TLanes>(TLanes parameter, TLanes gradient, ref TLanes first, ref TLanes second)
        where TLanes : struct, ILanes<TLanes>
    {
        gradient = TLanes.MultiplyAdd(TLanes.Create(weightDecay), parameter, gradient);
        first = TLanes.MultiplyAdd(TLanes.Create(beta1), first, TLanes.Create(oneMinusBeta1) * gradient);
        second = TLanes.MultiplyAdd(TLanes.Create(beta2), second, TLanes.Create(oneMinusBeta2) * gradient * gradient);
        var direction = first / (TLanes.Sqrt(second) + TLanes.Create(epsilon));
        return TLanes.MultiplyAdd(TLanes.Create(step), direction, TLanes.Create(keep) * parameter);
    }
}
