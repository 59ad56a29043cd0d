namespace Whittle;

/// <summary>A layer's parameters, one row of weights and a bias for each node, in memory that the caller keeps alive.</summary>
/// <param name="weights">The first row.</param>
/// <param name="stride">Floats from one row to the next.</param>
/// <param name="inputs">Weights in a row.</param>
/// <param name="biases">The first node's bias; null for none.</param>
/// <param name="biasStride">Floats from one bias to the next.</param>
internal readonly unsafe struct NodeRows(float* weights, nint stride, int inputs, float* biases = null, nint biasStride = 1)
{
    /// <summary>Weights in a row.</summary>
    public int Inputs => inputs;

    /// <summary>Floats from one row to the next.</summary>
    public nint Stride => stride;

    /// <summary>The first weight of the first row.</summary>
    public ref float First => ref *weights;

    /// <summary>The weights of a node.</summary>
    public ReadOnlySpan<float> Row(int node) => new(weights + (node * stride), inputs);

    /// <summary>The bias of a node.</summary>
    public float Bias(int node) => biases == null ? 0 : biases[node * biasStride];
}
