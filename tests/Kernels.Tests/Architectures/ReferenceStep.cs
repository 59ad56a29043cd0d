namespace Whittle.Kernels.Tests;

/// <summary>The weights [nOut][nIn] and biases [nOut] of one layer.</summary>
internal sealed record LayerParameters<T>(T[][] Weights, T[] Biases);

/// <summary>The parameters of a network as they are.</summary>
internal static class NetworkParameters
{
    public static LayerParameters<float>[] Of(CompiledNetwork network) => [.. network.Architecture.Layers.Select((layer, l) =>
    {
        var weights = new float[layer.Inputs * layer.Outputs];
        var biases = new float[layer.Outputs];
        network.GetWeights(l, weights);
        network.GetBiases(l, biases);
        return new LayerParameters<float>([.. weights.Chunk(layer.Inputs)], biases);
    })];
}

/// <summary>One training step with plain gradient descent, written plainly: forward, loss, backward, update.</summary>
internal static class ReferenceStep
{
    /// <summary>Computes the loss before the step and the parameters after it.</summary>
    /// <param name="layers">The layers with their numbers of inputs.</param>
    /// <param name="parameters">The parameters before the step.</param>
    /// <param name="batch">The rows.</param>
    /// <param name="learningRate">The learning rate.</param>
    /// <param name="samples">Whether hidden layers with the largest nodes leave out the others; if not, every layer is exact.</param>
    public static (Bounded Loss, LayerParameters<Bounded>[] Parameters) Of(
        IReadOnlyList<(int Inputs, DeclaredLayer Layer)> layers, LayerParameters<float>[] parameters, RandomBatch batch, float learningRate, bool samples = false)
    {
        var rows = batch.Inputs.Length;
        var (z, a, active) = Forward(layers, parameters, batch.Inputs, predicts: false, samples);
        var losses = a[^1].Select((outputs, row) => ReferenceLoss.Of(batch.Loss, outputs, batch.Targets[row], rows)).ToArray();
        var mean = Bounded.Dot(rows, row => losses[row].Loss, _ => 1f);
        var updated = new LayerParameters<Bounded>[layers.Count];
        var upper = losses.Select(row => row.Gradient).ToArray();
        for (var l = layers.Count - 1; l >= 0; l--)
        {
            var (inputs, layer) = layers[l];
            var (units, weights, biases, below, above) = (layer.Units, parameters[l].Weights, parameters[l].Biases, a[l], upper);
            var isActive = active[l];
            var dZ = Table(rows, units, (row, j) =>
            {
                if (!isActive[row][j])
                {
                    return default;
                }

                var derivative = above[row][j] * z[l][row][j].Derivative(layer.Activation, SlopeOf(layer));
                return layer.Residual == 0 ? derivative : layer.Residual * derivative;
            });
            upper = Table(rows, inputs, (row, i) =>
                Bounded.Dot(units, j => dZ[row][j], j => weights[j][i], layer.Residual == 0 ? default : above[row][i]));
            updated[l] = new(
                Table(units, inputs, (j, i) => weights[j][i] - (learningRate * Bounded.Dot(rows, row => below[row][i], row => dZ[row][j]))),
                [.. biases.Select((bias, j) => bias - (learningRate * Bounded.Dot(rows, row => dZ[row][j], _ => 1f)))]);
        }

        return (mean, updated);
    }

    /// <summary>The outputs of exact layers, [rows][outputs], scaled in hidden layers to the mean of training where their inference says so.</summary>
    public static Bounded[][] Predict(IReadOnlyList<(int Inputs, DeclaredLayer Layer)> layers, LayerParameters<float>[] parameters, float[][] inputs) =>
        Forward(layers, parameters, inputs, predicts: true, samples: false).Activations[^1];

    /// <summary>z[l] is the pre-activation of layer l, a[l] its input, active[l] which nodes are not left out; all [rows][units].</summary>
    private static (Bounded[][][] Preactivations, Bounded[][][] Activations, bool[][][] Active) Forward(
        IReadOnlyList<(int Inputs, DeclaredLayer Layer)> layers, LayerParameters<float>[] parameters, float[][] inputs, bool predicts, bool samples)
    {
        var z = new Bounded[layers.Count][][];
        var active = new bool[layers.Count][][];
        var a = new Bounded[layers.Count + 1][][];
        a[0] = [.. inputs.Select(row => row.Select(value => (Bounded)value).ToArray())];
        for (var l = 0; l < layers.Count; l++)
        {
            var layer = layers[l].Layer;
            var (weights, biases, below) = (parameters[l].Weights, parameters[l].Biases, a[l]);
            z[l] = Table(inputs.Length, biases.Length, (row, j) => Bounded.Dot(layers[l].Inputs, i => below[row][i], i => weights[j][i], biases[j]));
            var count = samples && layer.Sampling is { Selector: NodeSelector.TopK } sampling ? sampling.Active(layer.Units) : layer.Units;
            active[l] = [.. z[l].Select(row => Largest(row, count))];
            a[l + 1] = Table(inputs.Length, biases.Length, (row, j) =>
            {
                var f = active[l][row][j] ? z[l][row][j].Activate(layer.Activation, SlopeOf(layer)) : default;
                if (predicts && l < layers.Count - 1 && layer.Sampling?.ActiveShare(layer.Units, z[l][row][j]) is { } share)
                {
                    f *= share;
                }

                return layer.Residual == 0 ? f : Bounded.Dot(1, _ => layer.Residual, _ => f, below[row][j]);
            });
        }

        return (z, a, active);
    }

    /// <summary>Which of a row's nodes have the largest z.</summary>
    private static bool[] Largest(Bounded[] z, int count)
    {
        var largest = new bool[z.Length];
        foreach (var j in Enumerable.Range(0, z.Length).OrderByDescending(j => z[j].Value).Take(count))
        {
            largest[j] = true;
        }

        return largest;
    }

    private static double SlopeOf(DeclaredLayer layer) => layer.Slope ?? Defaults.Slope;

    private static Bounded[][] Table(int rows, int columns, Func<int, int, Bounded> element) =>
        [.. Enumerable.Range(0, rows).Select(row => Enumerable.Range(0, columns).Select(column => element(row, column)).ToArray())];
}
