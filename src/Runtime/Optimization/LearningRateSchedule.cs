namespace Whittle;

/// <summary>How the learning rate changes over the steps of a training: a factor of the optimiser's learning rate. Derive from it for one's own.</summary>
public abstract class LearningRateSchedule
{
    /// <summary>Always the optimiser's learning rate.</summary>
    public static LearningRateSchedule Constant { get; } = new ConstantSchedule();

    /// <summary>Whether the factor depends on how many steps the training has in all.</summary>
    public virtual bool NeedsTotalSteps => false;

    /// <summary>Multiplies the learning rate by a factor at regular intervals.</summary>
    /// <param name="every">Steps between two changes, at least 1.</param>
    /// <param name="factor">The factor of each change, above 0 and at most 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A setting is outside its range.</exception>
    public static LearningRateSchedule Step(long every, float factor)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(every, 1);
        if (!(factor > 0 && factor <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(factor), factor, "Must be above 0 and at most 1.");
        }

        return new StepSchedule(every, factor);
    }

    /// <summary>Half a cosine from 1 down to <paramref name="final"/> over the whole training (Loshchilov and Hutter 2017, one cycle).</summary>
    /// <param name="final">Factor at the end, from 0 to 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The factor is outside its range.</exception>
    public static LearningRateSchedule Cosine(float final = 0)
    {
        if (!(final >= 0 && final <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(final), final, "Must be from 0 to 1.");
        }

        return new CosineSchedule(final);
    }

    /// <summary>Rises in equal parts to the full learning rate, then follows another schedule.</summary>
    /// <param name="steps">Steps of the rise, at least 1.</param>
    /// <param name="then">The schedule after it; constant if left out.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number of steps is below 1.</exception>
    public static LearningRateSchedule WarmUp(long steps, LearningRateSchedule? then = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        return new WarmUpSchedule(steps, then ?? Constant);
    }

    /// <summary>The factor of the learning rate at one step.</summary>
    /// <param name="step">Steps done before, 0 for the first step.</param>
    /// <param name="totalSteps">Steps of the whole training; 0 if unknown.</param>
    public abstract float Factor(long step, long totalSteps);

    private sealed class ConstantSchedule : LearningRateSchedule
    {
        public override float Factor(long step, long totalSteps) => 1;
    }

    private sealed class StepSchedule(long every, float factor) : LearningRateSchedule
    {
        public override float Factor(long step, long totalSteps) => (float)Math.Pow(factor, step / every);
    }

    private sealed class CosineSchedule(float final) : LearningRateSchedule
    {
        public override bool NeedsTotalSteps => true;

        public override float Factor(long step, long totalSteps)
        {
            var progress = Math.Clamp((double)step / Math.Max(totalSteps, 1), 0, 1);
            return (float)(final + ((1 - final) * 0.5 * (1 + Math.Cos(Math.PI * progress))));
        }
    }

    private sealed class WarmUpSchedule(long steps, LearningRateSchedule then) : LearningRateSchedule
    {
        public override bool NeedsTotalSteps => then.NeedsTotalSteps;

        public override float Factor(long step, long totalSteps) => step < steps
            ? (float)((step + 1.0) / steps)
            : then.Factor(step - steps, Math.Max(totalSteps - steps, 0));
    }
}
