using System.Diagnostics.CodeAnalysis;

namespace Whittle;

public abstract partial class CompiledNetwork
{
    /// <summary>Copies the weights of a layer.</summary>
    /// <param name="layer">Index of the layer, 0 for the one next to the inputs.</param>
    /// <param name="weights">Receives [nOut, nIn]: all weights of output 0 first.</param>
    /// <exception cref="ArgumentException">The length is not nOut * nIn.</exception>
    public unsafe void GetWeights(int layer, Span<float> weights)
    {
        var layout = CheckedLayer(layer, weights.Length, weightsNotBiases: true);
        using var lease = UseParameters();
        for (var output = 0; output < layout.Outputs; output++)
        {
            LayerWeights.ReadRow(parameters.Pointer, layout, output, weights.Slice(output * layout.Inputs, layout.Inputs));
        }
    }

    /// <summary>Replaces the weights of a layer.</summary>
    /// <param name="layer">Index of the layer, 0 for the one next to the inputs.</param>
    /// <param name="weights">[nOut, nIn]: all weights of output 0 first.</param>
    /// <exception cref="ArgumentException">The length is not nOut * nIn.</exception>
    public unsafe void SetWeights(int layer, ReadOnlySpan<float> weights)
    {
        var layout = CheckedLayer(layer, weights.Length, weightsNotBiases: true);
        using var lease = UseParameters();
        for (var output = 0; output < layout.Outputs; output++)
        {
            LayerWeights.WriteRow(parameters.Pointer, layout, output, weights.Slice(output * layout.Inputs, layout.Inputs));
        }

        MarkWeightsGiven(layer);
    }

    /// <summary>Copies the biases of a layer.</summary>
    /// <param name="layer">Index of the layer, 0 for the one next to the inputs.</param>
    /// <param name="biases">Receives [nOut].</param>
    /// <exception cref="ArgumentException">The length is not nOut.</exception>
    public unsafe void GetBiases(int layer, Span<float> biases)
    {
        var layout = CheckedLayer(layer, biases.Length, weightsNotBiases: false);
        using var lease = UseParameters();
        LayerWeights.ReadBiases(parameters.Pointer, layout, biases);
    }

    /// <summary>Replaces the biases of a layer.</summary>
    /// <param name="layer">Index of the layer, 0 for the one next to the inputs.</param>
    /// <param name="biases">[nOut].</param>
    /// <exception cref="ArgumentException">The length is not nOut.</exception>
    public unsafe void SetBiases(int layer, ReadOnlySpan<float> biases)
    {
        var layout = CheckedLayer(layer, biases.Length, weightsNotBiases: false);
        using var lease = UseParameters();
        LayerWeights.WriteBiases(parameters.Pointer, layout, biases);
        MarkParametersChanged();
    }

    /// <summary>Records that a layer has weights now.</summary>
    internal void MarkWeightsGiven(int layer)
    {
        MarkParametersChanged();
        lock (awaitsWeights)
        {
            awaitsWeights[layer] = false;
            ready = !awaitsWeights.Contains(true);
        }
    }

    private unsafe void InitializeWeights(ulong seed)
    {
        using var lease = parameters.Use();
        for (var index = 0; index < Architecture.Layers.Count; index++)
        {
            LayerWeights.Initialize(parameters.Pointer, Layout.Layers[index], Architecture.Layers[index], seed, index);
        }
    }

    private LayerLayout CheckedLayer(int layer, int length, bool weightsNotBiases)
    {
        if ((uint)layer >= (uint)Architecture.Layers.Count)
        {
            ThrowLayerOutOfRange(layer);
        }

        var layout = Layout.Layers[layer];
        var expected = weightsNotBiases ? (long)layout.Outputs * layout.Inputs : layout.Outputs;
        if (length != expected)
        {
            throw new ArgumentException(weightsNotBiases
                ? $"Layer {layer} has {layout.Outputs} x {layout.Inputs} = {expected} weights, but the span has {length}."
                : $"Layer {layer} has {expected} biases, but the span has {length}.");
        }

        return layout;
    }

    [DoesNotReturn]
    private void ThrowLayerOutOfRange(int layer) => throw new ArgumentOutOfRangeException(
        nameof(layer), layer, $"{Architecture.Name} has layers 0 to {Architecture.Layers.Count - 1}.");
}
