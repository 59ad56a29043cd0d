namespace Whittle.Generator.Model;

/// <summary>A setting by the name that it has in the attribute, and in the runtime's description of the layer.</summary>
internal readonly record struct Setting(string Name, object Value);

/// <summary>The settings of a node-sampled layer; after parsing nothing is left automatic. Meanings: see the runtime's NodeSampling.</summary>
internal sealed record NodeSamplingSpec(
    NodeSelector Selector,
    float Share,
    NodeScaling Scaling,
    NodeInference Inference,
    NodeSharing Sharing,
    float Alpha,
    float Beta,
    int Rank,
    int Refresh,
    HashFamily Family,
    int Bits,
    int Tables,
    BucketQuery Query,
    BucketPolicy Policy,
    int BucketSize,
    RehashPolicy Rehash,
    int RehashInterval,
    int RehashPhase,
    int RehashLateInterval,
    float RehashGrowth,
    float RehashMovedShare,
    bool BackgroundRehash)
{
    /// <summary>The settings that this selector reads.</summary>
    public IEnumerable<Setting> Settings => [.. General, .. OfSelector];

    private IEnumerable<Setting> General =>
    [
        new(nameof(Selector), Selector),
        new(nameof(Share), Share),
        new(nameof(Scaling), Scaling),
        new(nameof(Inference), Inference),
        new(nameof(Sharing), Sharing),
    ];

    private IEnumerable<Setting> OfSelector => Selector switch
    {
        NodeSelector.Adaptive => [new(nameof(Alpha), Alpha), new(nameof(Beta), Beta)],
        NodeSelector.LowRank => [new(nameof(Rank), Rank), new(nameof(Refresh), Refresh)],
        NodeSelector.Lsh =>
        [
            new(nameof(Family), Family),
            new(nameof(Bits), Bits),
            new(nameof(Tables), Tables),
            new(nameof(Query), Query),
            new(nameof(Policy), Policy),
            new(nameof(BucketSize), BucketSize),
            new(nameof(Rehash), Rehash),
            new(nameof(RehashInterval), RehashInterval),
            .. OfRehash,
            new(nameof(BackgroundRehash), BackgroundRehash),
        ],
        _ => [],
    };

    private IEnumerable<Setting> OfRehash => Rehash switch
    {
        RehashPolicy.Phases => [new(nameof(RehashPhase), RehashPhase), new(nameof(RehashLateInterval), RehashLateInterval)],
        RehashPolicy.Exponential => [new(nameof(RehashGrowth), RehashGrowth)],
        RehashPolicy.WhenMoved => [new(nameof(RehashMovedShare), RehashMovedShare)],
        _ => [],
    };
}

/// <summary>The settings of an input-sampled layer. Meanings: see the runtime's InputSampling.</summary>
internal sealed record InputSamplingSpec(InputEstimator Estimator, float Share, SampledProducts Products, int Reuse, float VarianceBudget)
{
    /// <summary>All settings.</summary>
    public IEnumerable<Setting> Settings =>
    [
        new(nameof(Estimator), Estimator),
        new(nameof(Share), Share),
        new(nameof(Products), Products),
        new(nameof(Reuse), Reuse),
        new(nameof(VarianceBudget), VarianceBudget),
    ];
}
