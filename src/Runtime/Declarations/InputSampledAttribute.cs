namespace Whittle;

/// <summary>
/// Declares a layer a = f(xW + b) that estimates some of its products, sums over inner indices, from k of these indices, the same for
/// all rows of the mini-batch. Each product has its own: inputs for xW, units for the input gradient d W^T, rows of the mini-batch for
/// the weight gradient x^T d.
/// </summary>
/// <param name="units">Number of units (outputs), 1 to 16,384; at least 16 where the input gradient is sampled from them.</param>
/// <param name="activation">The function f. Default: identity, which leaves logits on an output layer.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class InputSampledAttribute(int units, Activation activation = Activation.Identity) : Attribute
{
    /// <summary>Number of units (outputs).</summary>
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

    /// <summary>How a product is estimated. Default: the heavy part certainly, the tail sampled.</summary>
    public InputEstimator Estimator { get; set; } = Defaults.Estimator;

    /// <summary>Share of the n inner indices that are used, above 0 and at most 1: k = round(Share * n), at least 1, ties away from 0. Default 0.1.</summary>
    public double Share { get; set; } = Defaults.InputShare;

    /// <summary>Which products are estimated. Default: the two of the backward pass.</summary>
    public SampledProducts Products { get; set; } = Defaults.Products;

    /// <summary>
    /// Steps that use one set of indices. Default 1: a set for each step. An index whose score was 0 when the set was drawn stays out of it, so that
    /// estimates are biased where the scores of later steps move from 0; <see cref="VarianceBudget"/> draws anew then.
    /// </summary>
    public int Reuse { get; set; } = 1;

    /// <summary>
    /// Largest expected squared error, relative to (sum of scores)^2, for which a set is used again: a set that has become worse is
    /// drawn anew before <see cref="Reuse"/> steps are over. Default 0: no such limit.
    /// </summary>
    public double VarianceBudget { get; set; }
}
