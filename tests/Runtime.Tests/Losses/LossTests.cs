namespace Whittle.Runtime.Tests.Losses;

public class LossTests
{
    private const int Outputs = 5;

    public static TheoryData<Loss, bool> Losses => new()
    {
        { Loss.SoftmaxCrossEntropy, false },
        { Loss.SoftmaxCrossEntropy, true },
        { Loss.MeanSquaredError, false },
        { Loss.BinaryCrossEntropy, false },
    };

    [Theory]
    [MemberData(nameof(Losses))]
    public void Value_and_gradient_are_those_of_the_definition(Loss loss, bool weighted)
    {
        float[]? weights = weighted ? [0.5f, 2, 0, 1, 3] : null;
        int[] labels = loss == Loss.SoftmaxCrossEntropy ? [1, 4, 0] : [];
        float[] targets = loss == Loss.SoftmaxCrossEntropy ? [] : [.. Enumerable.Range(0, 15).Select(index => index % 4 / 3f)];
        var logits = Network.PredictionTests.Random(15);
        var (value, gradient) = Compute(loss, weights, logits, labels, targets, 3);
        Assert.Equal(Reference(loss, weights, logits, labels, targets), value, 1e-6);
        for (var index = 0; index < logits.Length; index++)
        {
            var (up, down) = (Doubles(logits), Doubles(logits));
            up[index] += 1e-5;
            down[index] -= 1e-5;
            var slope = (ReferenceOf(loss, weights, up, labels, targets) - ReferenceOf(loss, weights, down, labels, targets)) / 2e-5;
            Assert.Equal(slope, gradient[index], 1e-6);
        }
    }

    [Theory]
    [MemberData(nameof(Losses))]
    public void Huge_logits_give_finite_losses_and_gradients(Loss loss, bool weighted)
    {
        _ = weighted;
        int[] labels = loss == Loss.SoftmaxCrossEntropy ? [1] : [];
        float[] targets = loss == Loss.SoftmaxCrossEntropy ? [] : [1, 0, 1, 0, 1];
        var (value, gradient) = Compute(loss, null, [3e4f, -3e4f, 100, -100, 0], labels, targets, 1);
        Assert.True(double.IsFinite(value));
        Assert.All(gradient, element => Assert.True(float.IsFinite(element)));
        if (loss == Loss.SoftmaxCrossEntropy)
        {
            Assert.Equal(6e4, value, 1e-3);
            Assert.Equal([1f, -1f, 0f, 0f, 0f], gradient, (left, right) => Math.Abs(left - right) < 1e-6);
        }
    }

    [Theory]
    [MemberData(nameof(Losses))]
    public void NaN_shows_in_the_loss(Loss loss, bool weighted)
    {
        _ = weighted;
        int[] labels = loss == Loss.SoftmaxCrossEntropy ? [1] : [];
        float[] targets = loss == Loss.SoftmaxCrossEntropy ? [] : [1, 0, 1, 0, 1];
        var (value, _) = Compute(loss, null, [1, 2, float.NaN, 3, 4], labels, targets, 1);
        Assert.True(double.IsNaN(value));
    }

    [Fact]
    public void Class_weights_must_fit_the_classes_and_the_loss()
    {
        Assert.Contains("5 classes, but 4", Assert.Throws<ArgumentException>(() => LossFunction.Create(Loss.SoftmaxCrossEntropy, 5, new float[4])).Message);
        Assert.Contains("at least 0", Assert.Throws<ArgumentException>(() => LossFunction.Create(Loss.SoftmaxCrossEntropy, 2, [1, -1])).Message);
        Assert.Contains("SoftmaxCrossEntropy", Assert.Throws<ArgumentException>(() => LossFunction.Create(Loss.MeanSquaredError, 2, [1, 1])).Message);
    }

    private static (double Value, float[] Gradient) Compute(Loss loss, float[]? weights, float[] logits, int[] labels, float[] targets, int rows)
    {
        const int Stride = 8;
        var padded = new float[rows * Stride];
        var gradients = new float[rows * Stride];
        for (var row = 0; row < rows; row++)
        {
            logits.AsSpan(row * Outputs, Outputs).CopyTo(padded.AsSpan(row * Stride));
        }

        padded[^1] = float.NaN;
        var batch = new LossBatch(rows, Outputs, Stride, padded, gradients, labels, targets);
        var value = LossFunction.Create(loss, Outputs, weights).Compute(batch).Mean;
        Assert.All(Enumerable.Range(0, rows), row => Assert.All(gradients[((row * Stride) + Outputs)..((row + 1) * Stride)], padding => Assert.Equal(0, padding)));
        return (value, [.. Enumerable.Range(0, rows).SelectMany(row => gradients[(row * Stride)..((row * Stride) + Outputs)])]);
    }

    private static double Reference(Loss loss, float[]? weights, float[] logits, int[] labels, float[] targets) =>
        ReferenceOf(loss, weights, Doubles(logits), labels, targets);

    private static double ReferenceOf(Loss loss, float[]? weights, double[] logits, int[] labels, float[] targets)
    {
        var rows = logits.Length / Outputs;
        double sum = 0, total = 0;
        for (var row = 0; row < rows; row++)
        {
            var z = logits[(row * Outputs)..((row + 1) * Outputs)];
            var weight = loss == Loss.SoftmaxCrossEntropy ? weights?[labels[row]] ?? 1 : 1;
            var t = targets.Length == 0 ? [] : targets[(row * Outputs)..((row + 1) * Outputs)];
            total += weight;
            sum += weight * loss switch
            {
                Loss.SoftmaxCrossEntropy => Math.Log(z.Sum(Math.Exp)) - z[labels[row]],
                Loss.MeanSquaredError => z.Zip(t, (a, b) => (a - b) * (a - b)).Average(),
                _ => z.Zip(t, (a, b) => (-b * Math.Log(1 / (1 + Math.Exp(-a)))) - ((1 - b) * Math.Log(1 / (1 + Math.Exp(a))))).Sum(),
            };
        }

        return sum / total;
    }

    private static double[] Doubles(float[] values) => Array.ConvertAll(values, value => (double)value);
}
