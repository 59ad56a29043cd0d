namespace Whittle.Bench.Kernels.Ladder;

/// <summary>The sizes of a forward product over rows of W. Rows are padded with zeros to whole vectors, units to a multiple of four.</summary>
/// <param name="Inputs">nIn.</param>
/// <param name="Outputs">nOut.</param>
/// <param name="Rows">Rows of the batch.</param>
/// <param name="InputStride">Floats from row to row of x and of W.</param>
/// <param name="OutputStride">Floats from row to row of a.</param>
/// <param name="HasRelu">Whether f is ReLU, otherwise the identity.</param>
internal readonly record struct ProductShape(nuint Inputs, nuint Outputs, nuint Rows, nuint InputStride, nuint OutputStride, bool HasRelu)
{
    /// <summary>f(z).</summary>
    public float Activate(float z) => HasRelu && z < 0 ? 0 : z;
}
