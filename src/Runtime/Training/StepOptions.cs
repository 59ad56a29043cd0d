namespace Whittle;

/// <summary>The settings of single training steps.</summary>
public record StepOptions
{
    /// <summary>The optimiser. Default: Adam with learning rate 0.001.</summary>
    public Optimizer Optimizer { get; init; } = Optimizer.Adam();

    /// <summary>How the learning rate changes over the steps. Default: it does not.</summary>
    public LearningRateSchedule Schedule { get; init; } = LearningRateSchedule.Constant;

    /// <summary>Steps of the whole training, for schedules that need it; a trainer that knows them fills them in.</summary>
    public long TotalSteps { get; init; }

    /// <summary>
    /// Scales the gradient of all trained parameters down to this Euclidean norm where it is larger (Pascanu et al.
    /// 2013). A step whose gradient's norm is not finite changes nothing and returns NaN. Null for no clipping. Costs a second pass over the parameters.
    /// </summary>
    public float? MaxGradientNorm { get; init; }

    /// <summary>Indices of layers whose parameters stay as they are.</summary>
    public IReadOnlyCollection<int> FrozenLayers { get; init; } = [];

    /// <summary>For softmax cross-entropy: the weight of each class in the mean loss. Null for equal weights.</summary>
    public IReadOnlyList<float>? ClassWeights { get; init; }

    /// <summary>
    /// Threads that the products of large layers are split over; 0, the default, for one per processor. The same seed
    /// gives the same bits on any number of threads.
    /// </summary>
    public int Threads { get; init; }

    /// <summary>How many steps at the start compute sampled layers exactly, as a warm-up. Default 0.</summary>
    public long ExactFirstSteps { get; init; }

    /// <summary>
    /// How many steps at the end compute sampled layers exactly; needs <see cref="TotalSteps"/>, and predictions that do not scale the nodes of hidden
    /// layers by the share that was active. Default 0.
    /// </summary>
    public long ExactLastSteps { get; init; }

    /// <summary>
    /// Seed of everything that sampled layers draw in training, but for the hash functions of <see cref="NodeSelector.Lsh"/>: they are the same
    /// in every training, since predictions find nodes with them too. Default 0.
    /// </summary>
    public ulong SamplingSeed { get; init; }

    /// <summary>
    /// Whether <see cref="TrainingSession.Statistics"/> are kept: a few readings of the clock for each layer of a step. Default: they are not.
    /// The bits of the training are the same.
    /// </summary>
    public bool CollectStatistics { get; init; }

    /// <summary>
    /// A loss of one's own in place of the declared one. Null for the declared one. Of a node-sampled output layer it sees
    /// -infinity where an output is not active.
    /// </summary>
    public CustomLoss? CustomLoss { get; init; }
}
