namespace Whittle;

/// <summary>Moments of a layer's parameters. A rule without moments never reads them; its references stay on memory that exists.</summary>
internal readonly unsafe struct LayerMoments(float* parameters, float* first, float* second, nuint offset)
{
    public float* First => (first == null ? parameters : first) + offset;

    public float* Second => (second == null ? parameters : second) + offset;
}
