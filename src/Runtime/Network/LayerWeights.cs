namespace Whittle;

/// <summary>Moves one layer's parameters between its own order and the order that people and files use: weights [nOut, nIn], biases [nOut].</summary>
internal static unsafe class LayerWeights
{
    /// <summary>Copies the weights of one output unit, [nIn], out of the block that starts at <paramref name="block"/>.</summary>
    public static void ReadRow(float* block, LayerLayout layout, int output, Span<float> row)
    {
        var source = block + layout.Offset + layout.Column(output);
        for (var input = 0; input < row.Length; input++)
        {
            row[input] = source[(nuint)input * layout.InputStep];
        }
    }

    /// <summary>Copies the weights of one output unit, [nIn], into the block.</summary>
    public static void WriteRow(float* block, LayerLayout layout, int output, ReadOnlySpan<float> row)
    {
        var target = block + layout.Offset + layout.Column(output);
        for (var input = 0; input < row.Length; input++)
        {
            target[(nuint)input * layout.InputStep] = row[input];
        }
    }

    /// <summary>Copies the biases, [nOut], out of the block.</summary>
    public static void ReadBiases(float* block, LayerLayout layout, Span<float> biases)
    {
        for (var output = 0; output < biases.Length; output++)
        {
            biases[output] = block[layout.Offset + layout.Bias(output)];
        }
    }

    /// <summary>Copies the biases, [nOut], into the block.</summary>
    public static void WriteBiases(float* block, LayerLayout layout, ReadOnlySpan<float> biases)
    {
        for (var output = 0; output < biases.Length; output++)
        {
            block[layout.Offset + layout.Bias(output)] = biases[output];
        }
    }

    /// <summary>
    /// Draws the initial weights of a layer, output by output, so that they depend on seed and layer but not on the
    /// width of the panels; biases stay zero.
    /// </summary>
    public static void Initialize(float* block, LayerLayout layout, LayerDescription layer, ulong seed, int index)
    {
        var random = new RandomStream(seed, RandomStreams.Initialization(index));
        var kind = layer.Initialization switch
        {
            Initialization.Default when layer.Activation is Activation.Relu or Activation.LeakyRelu => Initialization.He,
            Initialization.Default => Initialization.Xavier,
            var given => given,
        };
        if (kind == Initialization.Given)
        {
            return;
        }

        var deviation = MathF.Sqrt(2f / layer.Inputs);
        var limit = MathF.Sqrt(6f / ((float)layer.Inputs + layer.Outputs));
        for (var output = 0; output < layer.Outputs; output++)
        {
            var target = block + layout.Offset + layout.Column(output);
            for (var input = 0; input < layer.Inputs; input++)
            {
                target[(nuint)input * layout.InputStep] = kind == Initialization.He
                    ? random.NextNormal() * deviation
                    : ((2 * random.NextSingle()) - 1) * limit;
            }
        }
    }
}
