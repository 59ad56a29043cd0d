namespace Whittle;

/// <summary>One step of an optimiser.</summary>
/// <param name="Number">Number of the step, 1 for the first.</param>
/// <param name="LearningRate">Learning rate of this step, the schedule applied.</param>
public readonly record struct UpdateStep(long Number, float LearningRate);

/// <summary>The settings of an optimiser. Holds no state: moments belong to the <see cref="TrainingSession"/>.</summary>
public abstract class Optimizer
{
    private protected Optimizer(string name, float learningRate, RowDecay decay)
    {
        Name = name;
        LearningRate = Positive(learningRate, nameof(learningRate));
        Decay = decay;
    }

    /// <summary>Name of the method; a saved optimiser state can be resumed by an optimiser of the same name.</summary>
    public string Name { get; }

    /// <summary>The learning rate before the schedule.</summary>
    public float LearningRate { get; }

    /// <summary>How many running values it keeps for each parameter: 0, 1 or 2.</summary>
    public abstract int MomentCount { get; }

    /// <summary>What a step does to the rows of a node-sampled layer that it does not touch.</summary>
    public RowDecay Decay { get; }

    /// <summary>Where the first moments begin; 0 for all but Adagrad.</summary>
    internal float InitialMoment { get; private init; }

    /// <summary>Stochastic gradient descent, optionally with momentum, as PyTorch defines it. Decay (L2) includes the biases.</summary>
    /// <param name="learningRate">Learning rate, above 0.</param>
    /// <param name="momentum">Momentum, from 0 to below 1; 0 for none.</param>
    /// <param name="nesterov">Whether to look ahead along the momentum; needs momentum.</param>
    /// <param name="weightDecay">L2 weight decay, at least 0.</param>
    /// <exception cref="ArgumentException">A setting is outside its range.</exception>
    public static Optimizer Sgd(float learningRate = 0.01f, float momentum = 0, bool nesterov = false, float weightDecay = 0)
    {
        Fraction(momentum, nameof(momentum));
        NotNegative(weightDecay, nameof(weightDecay));
        if (nesterov && momentum == 0)
        {
            throw new ArgumentException("Nesterov's method needs a momentum above 0.", nameof(nesterov));
        }

        return (momentum, nesterov, weightDecay) switch
        {
            (0, _, 0) => new RuleOptimizer<SgdRule>("sgd", learningRate, RowDecay.None, step => new SgdRule(step.LearningRate)),
            (0, _, _) => new RuleOptimizer<DecayingSgdRule>(
                "sgd", learningRate, new RowDecay(Weights: weightDecay), step => new DecayingSgdRule(step.LearningRate, weightDecay)),
            (_, true, _) => new RuleOptimizer<NesterovRule>(
                "nesterov", learningRate, new RowDecay(momentum), step => new NesterovRule(step.LearningRate, momentum, weightDecay)),
            _ => new RuleOptimizer<MomentumRule>(
                "momentum", learningRate, new RowDecay(momentum), step => new MomentumRule(step.LearningRate, momentum, weightDecay)),
        };
    }

    /// <summary>Adam (Kingma and Ba 2015), as PyTorch defines it. Decay (L2) is added to the gradient and includes the biases.</summary>
    /// <param name="learningRate">Learning rate, above 0.</param>
    /// <param name="beta1">Decay of the first moment, from 0 to below 1.</param>
    /// <param name="beta2">Decay of the second moment, from 0 to below 1.</param>
    /// <param name="epsilon">Added to the root of the second moment, above 0.</param>
    /// <param name="weightDecay">L2 weight decay, at least 0.</param>
    /// <exception cref="ArgumentException">A setting is outside its range.</exception>
    public static Optimizer Adam(
        float learningRate = 1e-3f, float beta1 = 0.9f, float beta2 = 0.999f, float epsilon = 1e-8f, float weightDecay = 0) =>
        Adam("adam", learningRate, beta1, beta2, epsilon, weightDecay, decoupled: false);

    /// <summary>AdamW (Loshchilov and Hutter 2019), as PyTorch defines it: Adam whose decay shrinks the weights themselves.</summary>
    /// <param name="learningRate">Learning rate, above 0.</param>
    /// <param name="beta1">Decay of the first moment, from 0 to below 1.</param>
    /// <param name="beta2">Decay of the second moment, from 0 to below 1.</param>
    /// <param name="epsilon">Added to the root of the second moment, above 0.</param>
    /// <param name="weightDecay">Decoupled weight decay, at least 0.</param>
    /// <exception cref="ArgumentException">A setting is outside its range.</exception>
    public static Optimizer AdamW(
        float learningRate = 1e-3f, float beta1 = 0.9f, float beta2 = 0.999f, float epsilon = 1e-8f, float weightDecay = 0.01f) =>
        Adam("adamw", learningRate, beta1, beta2, epsilon, weightDecay, decoupled: true);

    /// <summary>Adagrad (Duchi et al. 2011), as PyTorch defines it. Decay (L2) is added to the gradient and includes the biases.</summary>
    /// <param name="learningRate">Learning rate, above 0.</param>
    /// <param name="epsilon">Added to the root of the sum of squares, above 0.</param>
    /// <param name="initialAccumulator">Where the sums of squares begin, at least 0.</param>
    /// <param name="weightDecay">L2 weight decay, at least 0.</param>
    /// <exception cref="ArgumentException">A setting is outside its range.</exception>
    public static Optimizer Adagrad(float learningRate = 0.01f, float epsilon = 1e-10f, float initialAccumulator = 0, float weightDecay = 0)
    {
        Positive(epsilon, nameof(epsilon));
        NotNegative(initialAccumulator, nameof(initialAccumulator));
        NotNegative(weightDecay, nameof(weightDecay));
        return weightDecay == 0
            ? new RuleOptimizer<AdagradRule>("adagrad", learningRate, RowDecay.None, step => new AdagradRule(step.LearningRate, epsilon))
            {
                InitialMoment = initialAccumulator,
            }
            : new RuleOptimizer<DecayingAdagradRule>(
                "adagrad", learningRate, RowDecay.None, step => new DecayingAdagradRule(step.LearningRate, epsilon, weightDecay))
            {
                InitialMoment = initialAccumulator,
            };
    }

    /// <summary>An update rule of one's own, compiled into the weight-gradient kernels like the built-in ones.</summary>
    /// <typeparam name="TRule">The rule.</typeparam>
    /// <param name="name">Name of the method.</param>
    /// <param name="learningRate">Learning rate, above 0.</param>
    /// <param name="rule">Makes the rule of one step from its number and learning rate.</param>
    /// <param name="decay">
    /// What a step does to rows that it does not touch, in node-sampled layers; if left out, they stay as they are.
    /// </param>
    /// <exception cref="ArgumentException">A setting is outside its range, or the rule asks for more than two moments.</exception>
    public static Optimizer Custom<TRule>(string name, float learningRate, Func<UpdateStep, TRule> rule, RowDecay? decay = null)
        where TRule : struct, IUpdateRule
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(rule);
        if (TRule.MomentCount is < 0 or > 2)
        {
            throw new ArgumentException($"The rule of '{name}' asks for {TRule.MomentCount} moments; it can have 0, 1 or 2.", nameof(rule));
        }

        decay ??= RowDecay.None;
        if (!decay.IsValid)
        {
            throw new ArgumentException($"The {decay} of '{name}' must have factors from 0 to 1 and a decay of weights of at least 0.", nameof(decay));
        }

        if ((TRule.MomentCount < 2 && decay.Second != 1) || (TRule.MomentCount < 1 && decay.First != 1))
        {
            throw new ArgumentException($"The rule of '{name}' has {TRule.MomentCount} moments, but its {decay} is about more.", nameof(decay));
        }

        return new RuleOptimizer<TRule>(name, learningRate, decay, rule);
    }

    /// <summary>Runs the backward pass of a session with this step's rule.</summary>
    internal abstract void Update(TrainingSession session, UpdateStep step);

    private static AdamOptimizer Adam(
        string name, float learningRate, float beta1, float beta2, float epsilon, float weightDecay, bool decoupled)
    {
        Fraction(beta1, nameof(beta1));
        Fraction(beta2, nameof(beta2));
        Positive(epsilon, nameof(epsilon));
        NotNegative(weightDecay, nameof(weightDecay));
        return new AdamOptimizer(
            name,
            learningRate,
            new RowDecay(beta1, beta2, decoupled ? weightDecay : 0),
            step => new AdamRule(step.Number, step.LearningRate, beta1, beta2, epsilon, weightDecay, decoupled),
            new MomentBound(beta1, beta2));
    }

    private static float Positive(float value, string name) => value > 0 && float.IsFinite(value)
        ? value
        : throw new ArgumentOutOfRangeException(name, value, "Must be a finite number above 0.");

    private static void NotNegative(float value, string name)
    {
        if (!(value >= 0 && float.IsFinite(value)))
        {
            throw new ArgumentOutOfRangeException(name, value, "Must be a finite number of at least 0.");
        }
    }

    private static void Fraction(float value, string name)
    {
        if (!(value >= 0 && value < 1))
        {
            throw new ArgumentOutOfRangeException(name, value, "Must be at least 0 and below 1.");
        }
    }
}

/// <summary>An optimiser whose steps are update rules of one type.</summary>
internal sealed class RuleOptimizer<TRule>(string name, float learningRate, RowDecay decay, Func<UpdateStep, TRule> rule)
    : Optimizer(name, learningRate, decay)
    where TRule : struct, IUpdateRule
{
    /// <inheritdoc/>
    public override int MomentCount => TRule.MomentCount;

    /// <inheritdoc/>
    internal override void Update(TrainingSession session, UpdateStep step)
    {
        var current = rule(step);
        session.Backward(in current);
    }
}

/// <summary>Adam, whose two moments need care where threads update the same weights without locks.</summary>
internal sealed class AdamOptimizer(string name, float learningRate, RowDecay decay, Func<UpdateStep, AdamRule> rule, MomentBound bound)
    : Optimizer(name, learningRate, decay)
{
    /// <inheritdoc/>
    public override int MomentCount => AdamRule.MomentCount;

    /// <inheritdoc/>
    internal override void Update(TrainingSession session, UpdateStep step)
    {
        var current = rule(step);
        if (session.IsShared)
        {
            var bounded = new HogwildAdamRule(current, bound);
            session.Backward(in bounded);
            return;
        }

        session.Backward(in current);
    }
}
