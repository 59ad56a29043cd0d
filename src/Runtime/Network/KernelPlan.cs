namespace Whittle;

/// <summary>Which product of a layer a kernel computes.</summary>
public enum KernelProduct
{
    /// <summary>a = f(xW + b) for a batch.</summary>
    Forward,

    /// <summary>As <see cref="Forward"/> from listed inputs: those of a sample, or those that are not zero in every row.</summary>
    ForwardListed,

    /// <summary>a = f(xW + b) for one sample, walking only the inputs that are not zero.</summary>
    ForwardSingle,

    /// <summary>dL/dx = (d W^T) * f'(x) for a batch.</summary>
    InputGradient,

    /// <summary>As <see cref="InputGradient"/> for one sample, of a layer with a row of parameters for each node.</summary>
    InputGradientSingle,

    /// <summary>dL/dW = x^T d for a batch, with the optimiser's update of W in its epilogue.</summary>
    WeightGradient,

    /// <summary>As <see cref="WeightGradient"/> for listed inputs: all, or, for rules that leave rows without gradient unmoved, those that are not zero in every row. The first layer's, in its place.</summary>
    WeightGradientListed,

    /// <summary>As <see cref="WeightGradient"/> for one sample, for rules that leave rows without gradient unmoved: the first layer's.</summary>
    WeightGradientSingle,

    /// <summary>As <see cref="WeightGradient"/> for one node of a layer whose samples have active nodes of their own, over the samples with a gradient there.</summary>
    WeightGradientSparse,

    /// <summary>The input gradient of one sample for listed inputs, and the update of their weights in the same pass: the other layers'.</summary>
    BackwardSingle,

    /// <summary>The hash codes of an input: a bit for the sign of each projection of it, of a layer that finds its nodes in hash tables.</summary>
    HashInput,

    /// <summary>As <see cref="HashInput"/> for the weights of listed nodes.</summary>
    HashNodes,
}

/// <summary>What the generator decided for one kernel: its shape, schedule and cost.</summary>
/// <param name="Name">Name of the generated class.</param>
/// <param name="Layer">Index of the compiled layer that it belongs to.</param>
/// <param name="Product">What it computes.</param>
/// <param name="InstructionSet">The instruction set that it is written in.</param>
/// <param name="Inputs">nIn.</param>
/// <param name="Outputs">nOut; projections, K L, for hash codes.</param>
/// <param name="Schedule">The schedule in words: tile, vectors, unrolling.</param>
/// <param name="FlopsPerRow">Floating-point operations for one row of the batch; a multiply-add counts as two. Those of one node where the product is that of one.</param>
/// <param name="ParameterBytes">Bytes of parameters read (and written, for the weight gradient) in one pass.</param>
public sealed record KernelPlan(
    string Name,
    int Layer,
    KernelProduct Product,
    InstructionSet InstructionSet,
    int Inputs,
    int Outputs,
    string Schedule,
    long FlopsPerRow,
    long ParameterBytes);
