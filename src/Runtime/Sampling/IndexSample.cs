using System.Runtime.InteropServices;

namespace Whittle;

/// <summary>Ascending indices with a weight each: the nodes or inner indices that a sampled product uses. Reused from draw to draw.</summary>
internal sealed class IndexSample
{
    /// <summary>Elements readable past the last index: kernels load whole vectors, and fetch rows ahead. They are indices, or were once.</summary>
    public const int Padding = NodeRowLayout.EntriesAhead;

    private readonly int[] indices;
    private readonly float[] weights;

    /// <summary>Makes an empty sample.</summary>
    /// <param name="capacity">The most indices it will hold.</param>
    public IndexSample(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(capacity);
        Capacity = capacity;
        indices = new int[capacity + Padding];
        weights = new float[capacity + Padding];
    }

    /// <summary>The most indices it can hold.</summary>
    public int Capacity { get; }

    /// <summary>How many indices it holds.</summary>
    public int Count { get; private set; }

    /// <summary>The indices, ascending and distinct.</summary>
    public ReadOnlySpan<int> Indices => indices.AsSpan(0, Count);

    /// <summary>The weight of each index.</summary>
    public ReadOnlySpan<float> Weights => weights.AsSpan(0, Count);

    /// <summary>The first index, for kernels; <see cref="Padding"/> elements follow the last.</summary>
    public ref int FirstIndex => ref MemoryMarshal.GetArrayDataReference(indices);

    /// <summary>The first weight, for kernels; <see cref="Padding"/> elements follow the last.</summary>
    public ref float FirstWeight => ref MemoryMarshal.GetArrayDataReference(weights);

    /// <summary>All room for indices, for those who write many; <see cref="Complete(int, float)"/> follows.</summary>
    public Span<int> Room => indices.AsSpan(0, Capacity);

    /// <summary>Removes all indices.</summary>
    public void Clear() => Count = 0;

    /// <summary>Appends an index larger than all before.</summary>
    public void Add(int index, float weight)
    {
        indices[Count] = index;
        weights[Count] = weight;
        Count++;
    }

    /// <summary>Makes the first <paramref name="count"/> elements of <see cref="Room"/> the sample, all of one weight.</summary>
    public void Complete(int count, float weight = 1)
    {
        Count = count;
        weights.AsSpan(0, count).Fill(weight);
    }

    /// <summary>Changes the weight of the sample's n-th index.</summary>
    public void SetWeight(int position, float weight) => weights[position] = weight;

    /// <summary>All indices below <paramref name="count"/> with weight 1: nothing is left out.</summary>
    public void AddAll(int count)
    {
        for (var index = 0; index < count; index++)
        {
            indices[index] = index;
        }

        Complete(count);
    }
}
