using System.Numerics.Tensors;

namespace Whittle;

/// <summary>A copy of a network's parameters to go back to.</summary>
internal sealed unsafe class ParameterSnapshot : IDisposable
{
    private const int Chunk = 1 << 20;

    private readonly CompiledNetwork network;
    private readonly AlignedMemory copy;

    /// <summary>Copies the parameters as they are before the first epoch.</summary>
    public ParameterSnapshot(CompiledNetwork network)
    {
        this.network = network;
        copy = AlignedMemory.Allocate(network.Layout.Length, "a copy of the parameters");
        Take(0);
    }

    /// <summary>The epoch after which the copy was made; 0 for before the first.</summary>
    public int Epoch { get; private set; }

    /// <summary>Copies the parameters.</summary>
    public void Take(int epoch)
    {
        using var source = network.UseParameters();
        using var target = copy.Use();
        copy.CopyFrom(network.Parameters);
        Epoch = epoch;
    }

    /// <summary>Gives the network the copied parameters back.</summary>
    public void Restore()
    {
        using var target = network.UseParameters();
        using var source = copy.Use();
        network.Parameters.CopyFrom(copy);
        network.MarkParametersChanged();
    }

    /// <summary>Whether the network's current parameters are all finite.</summary>
    public bool ParametersAreFinite()
    {
        using var lease = network.UseParameters();
        for (nuint start = 0; start < network.Layout.Length; start += Chunk)
        {
            var count = (int)Math.Min(network.Layout.Length - start, Chunk);
            if (!TensorPrimitives.IsFiniteAll(new ReadOnlySpan<float>(network.Parameters.Pointer + start, count)))
            {
                return false;
            }
        }

        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => copy.Dispose();
}
