namespace Whittle.Kernels.Tests;

/// <summary>The weights [nOut][nIn] and biases [nOut] of one layer.</summary>
internal sealed record LayerParameters<T>(T[][] Weights, T[] Biases);

/// <summary>One training step with plain gradient descent, written plainly: forward, loss, backward, update.</summary>
internal static class ReferenceStep
{
    /// <summary>Computes the loss before the step and the parameters after it.</summary>
    /// <param name="layers">The layers with their numbers of inputs.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="parameters">The parameters before the step.</param>
    /// <param name="inputs">[rows][inputs].</param>
    /// <param name="targets">[rows][outputs]; one-hot for softmax.</param>
    /// <param name="learningRate">The learning rate.</param>
    public static (Bounded Loss, LayerParameters<Bounded>[] Parameters) Of(
        IReadOnlyList<(int Inputs, DeclaredLayer Layer)> layers,
        Loss loss,
        LayerParameters<float>[] parameters,
        float[][] inputs,
        float[][] targets,
        float learningRate)
    {
        var rows = inputs.Length;
        // z[l] is the pre-activation of layer l, a[l] its input; both [rows][units].
        var z = new Bounded[layers.Count][][];
        var a = new Bounded[layers.Count + 1][][];
        a[0] = [.. inputs.Select(row => row.Select(value => (Bounded)value).ToArray())];
        for (var l = 0; l < layers.Count; l++)
        {
            var (weights, biases, below) = (parameters[l].Weights, parameters[l].Biases, a[l]);
            z[l] = Table(rows, biases.Length, (row, j) =>
                Bounded.Dot(layers[l].Inputs, i => below[row][i], i => weights[j][i], biases[j]));
            a[l + 1] = Table(rows, biases.Length, (row, j) => z[l][row][j].Activate(layers[l].Layer.Activation, SlopeOf(l)));
        }

        var losses = a[^1].Select((outputs, row) => ReferenceLoss.Of(loss, outputs, targets[row], rows)).ToArray();
        var mean = Bounded.Dot(rows, row => losses[row].Loss, _ => 1f);
        var updated = new LayerParameters<Bounded>[layers.Count];
        var upper = losses.Select(row => row.Gradient).ToArray();
        for (var l = layers.Count - 1; l >= 0; l--)
        {
            var (units, weights, biases, below) = (layers[l].Layer.Units, parameters[l].Weights, parameters[l].Biases, a[l]);
            var dZ = Table(rows, units, (row, j) => upper[row][j] * z[l][row][j].Derivative(layers[l].Layer.Activation, SlopeOf(l)));
            upper = Table(rows, layers[l].Inputs, (row, i) => Bounded.Dot(units, j => dZ[row][j], j => weights[j][i]));
            updated[l] = new(
                Table(units, layers[l].Inputs, (j, i) => weights[j][i] - (learningRate * Bounded.Dot(rows, row => below[row][i], row => dZ[row][j]))),
                [.. biases.Select((bias, j) => bias - (learningRate * Bounded.Dot(rows, row => dZ[row][j], _ => 1f)))]);
        }

        return (mean, updated);

        double SlopeOf(int l) => layers[l].Layer.Slope ?? Defaults.Slope;
    }

    private static Bounded[][] Table(int rows, int columns, Func<int, int, Bounded> element) =>
        [.. Enumerable.Range(0, rows).Select(row => Enumerable.Range(0, columns).Select(column => element(row, column)).ToArray())];
}
