namespace Whittle;

/// <summary>
/// Declares a layer that computes, propagates and updates only some of its nodes, the active set S, chosen anew for each sample or
/// mini-batch: a = f(xW + b) on S, 0 elsewhere. On an output layer the nodes of the labels are always active and the loss runs over
/// the active ones.
/// </summary>
/// <remarks>A setting that the chosen selector does not read is an error of the build, so that none is without effect.</remarks>
/// <param name="units">Number of units (nodes), 16 to 16,384.</param>
/// <param name="activation">The function f. Default: identity, which leaves logits on an output layer.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class NodeSampledAttribute(int units, Activation activation = Activation.Identity) : Attribute
{
    /// <summary>Number of units (nodes).</summary>
    public int Units { get; } = units;

    /// <summary>The activation function.</summary>
    public Activation Activation { get; } = activation;

    /// <inheritdoc cref="DenseAttribute.Slope"/>
    public double Slope { get; set; } = Defaults.Slope;

    /// <inheritdoc cref="DenseAttribute.Initialization"/>
    public Initialization Initialization { get; set; }

    /// <inheritdoc cref="DenseAttribute.Repeat"/>
    public int Repeat { get; set; } = 1;

    /// <inheritdoc cref="DenseAttribute.Residual"/>
    public double Residual { get; set; }

    /// <summary>How active nodes are chosen. Default: uniformly (dropout).</summary>
    public NodeSelector Selector { get; set; }

    /// <summary>
    /// Share of the nodes that are active, above 0 and at most 1: k = round(Share * units), at least 1, ties away from 0. Default 0.05.
    /// <see cref="NodeSelector.Adaptive"/> and <see cref="BucketQuery.All"/> decide by themselves how many; for the latter it is what
    /// automatic <see cref="Bits"/> and <see cref="Tables"/> aim at.
    /// </summary>
    public double Share { get; set; } = Defaults.NodeShare;

    /// <summary>What active nodes are multiplied with in training. Default: nothing.</summary>
    public NodeScaling Scaling { get; set; }

    /// <summary>Which nodes a prediction computes. Default: what the selector was made for.</summary>
    public NodeInference Inference { get; set; }

    /// <summary>
    /// c of <see cref="NodeInference.ExactUnscaled"/>, for the build's advice alone: how many times what the inactive nodes carry the active
    /// ones do, as <see cref="LayerMeasurement.CapturedRatio"/> measures it. A number above 0. Default 0: that of nodes
    /// chosen at random, Share / (1 - Share); selectors that look for large z are then not judged.
    /// </summary>
    public double CapturedRatio { get; set; }

    /// <summary>For what a set is chosen. Default: for each sample.</summary>
    public NodeSharing Sharing { get; set; }

    /// <summary>Alpha of sigmoid(alpha z + beta) of <see cref="NodeSelector.Adaptive"/>. Default 1.</summary>
    public double Alpha { get; set; } = Defaults.Alpha;

    /// <summary>Beta of sigmoid(alpha z + beta) of <see cref="NodeSelector.Adaptive"/>. Default 0.</summary>
    public double Beta { get; set; } = Defaults.Beta;

    /// <summary>Directions of the inputs that <see cref="NodeSelector.LowRank"/> looks at, 1 to 256 and fewer than the layer has inputs. Default 16.</summary>
    public int Rank { get; set; } = Defaults.Rank;

    /// <summary>Training steps between two refreshes of the sketch of <see cref="NodeSelector.LowRank"/>; more often at the start. Default 1,000.</summary>
    public int Refresh { get; set; } = Defaults.Refresh;

    /// <summary>Hash functions of <see cref="NodeSelector.Lsh"/>. Default: asymmetric ones, for inner products.</summary>
    public HashFamily Family { get; set; }

    /// <summary>
    /// K, bits of a hash code, 1 to 20. Default 6. 0 together with 0 <see cref="Tables"/> has both chosen from the number of units and
    /// the share when the network is compiled.
    /// </summary>
    public int Bits { get; set; } = Defaults.Bits;

    /// <summary>L, hash tables, 1 to 256. Default 5. 0 together with 0 <see cref="Bits"/> as there.</summary>
    public int Tables { get; set; } = Defaults.Tables;

    /// <summary>How <see cref="NodeSelector.Lsh"/> chooses nodes from the buckets of an input.</summary>
    public BucketQuery Query { get; set; }

    /// <summary>Which nodes a full bucket keeps.</summary>
    public BucketPolicy Policy { get; set; }

    /// <summary>
    /// Nodes that a bucket has room for, 1 to all. Default 0: four times the mean, at least 16, or all where
    /// <see cref="NodeScaling.InverseProbability"/> needs every node to be found.
    /// </summary>
    public int BucketSize { get; set; }

    /// <summary>When changed nodes get new hash codes.</summary>
    public RehashPolicy Rehash { get; set; }

    /// <summary>
    /// Samples between two such times; for <see cref="RehashPolicy.Exponential"/> until the first, for
    /// <see cref="RehashPolicy.WhenMoved"/> between two looks. Default 0: 1,000 for Exponential, 500 for WhenMoved, else 100.
    /// </summary>
    public int RehashInterval { get; set; }

    /// <summary>Samples of an epoch that the first phase of <see cref="RehashPolicy.Phases"/> lasts. Default 10,000.</summary>
    public int RehashPhase { get; set; } = Defaults.RehashPhase;

    /// <summary>Samples between two rehashes in the second phase of <see cref="RehashPolicy.Phases"/>. Default 1,000.</summary>
    public int RehashLateInterval { get; set; } = Defaults.RehashLateInterval;

    /// <summary>Lambda of <see cref="RehashPolicy.Exponential"/>, 0 to 10: each interval is e^lambda times the one before. Default 0.05.</summary>
    public double RehashGrowth { get; set; } = Defaults.RehashGrowth;

    /// <summary>Share of wrong codes from which <see cref="RehashPolicy.WhenMoved"/> renews them, above 0 and at most 1. Default 0.1.</summary>
    public double RehashMovedShare { get; set; } = Defaults.RehashMovedShare;

    /// <summary>
    /// Whether a thread of the pool computes new codes from a copy of the weights, for use a fixed number of steps later, so that the
    /// results do not depend on its speed. Default: the training thread computes them at once.
    /// </summary>
    public bool BackgroundRehash { get; set; }
}
