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
    public void Rows_of_any_width_give_the_value_and_gradient_of_the_definition(Loss loss, bool weighted)
    {
        int[] widths = [1, 2, 7, 8, 9, 16, 31, 32, 33, 40];
        foreach (var (outputs, rows) in widths.SelectMany(_ => new[] { 1, 3, 70 }, (outputs, rows) => (outputs, rows)))
        {
            float[]? weights = weighted ? [.. Enumerable.Range(0, outputs).Select(index => (1 + (index % 3)) / 2f)] : null;
            int[] labels = loss == Loss.SoftmaxCrossEntropy ? [.. Enumerable.Range(0, rows).Select(row => (row + outputs - 1) % outputs)] : [];
            float[] targets = loss == Loss.SoftmaxCrossEntropy ? [] : [.. Enumerable.Range(0, rows * outputs).Select(index => index % 4 / 3f)];
            var logits = Array.ConvertAll(Network.PredictionTests.Random(rows * outputs), value => 3 * value);
            var (value, gradient) = Compute(loss, weights, logits, labels, targets, rows, outputs);
            var expected = GradientOf(loss, weights, logits, labels, targets, outputs);
            Assert.Equal(ReferenceOf(loss, weights, Doubles(logits), labels, targets, outputs), value, 2e-6 * outputs);
            for (var index = 0; index < gradient.Length; index++)
            {
                Assert.True(Math.Abs(expected[index] - gradient[index]) <= 1e-6, $"{rows} rows of {outputs}: {gradient[index]} is not {expected[index]} at {index}.");
            }
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
    [InlineData(Loss.SoftmaxCrossEntropy)]
    [InlineData(Loss.BinaryCrossEntropy)]
    public void An_inactive_output_costs_nothing_where_nothing_is_wanted_of_it(Loss loss)
    {
        int[] labels = loss == Loss.SoftmaxCrossEntropy ? [1] : [];
        float[] Targets(int outputs) => loss == Loss.SoftmaxCrossEntropy ? [] : [.. Enumerable.Range(0, outputs).Select(output => output == 1 ? 1f : 0)];
        foreach (var outputs in (int[])[5, 12])
        {
            float[] logits = [.. Enumerable.Repeat(float.NegativeInfinity, outputs)];
            (logits[1], logits[2]) = (0.5f, -1);
            var (expected, active) = Compute(loss, null, [0, 0.5f, -1], labels, Targets(3), 1, outputs: 3);
            var (value, gradient) = Compute(loss, null, logits, labels, Targets(outputs), 1, outputs);

            // The first of the three is active there, and costs what the definition says.
            expected -= loss == Loss.SoftmaxCrossEntropy ? Math.Log(1 + (1 / (Math.Exp(0.5) + Math.Exp(-1)))) : Math.Log(2);
            Assert.Equal(expected, value, 1e-6);
            Assert.Equal(Math.Sign(active[1]), Math.Sign(gradient[1]));
            Assert.All(gradient.Where((_, output) => output is not (1 or 2)), element => Assert.Equal(0, element));
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

    private static (double Value, float[] Gradient) Compute(Loss loss, float[]? weights, float[] logits, int[] labels, float[] targets, int rows, int outputs = Outputs)
    {
        var stride = (outputs + 7) / 8 * 8;
        var padded = new float[rows * stride];
        var gradients = new float[rows * stride];
        for (var row = 0; row < rows; row++)
        {
            logits.AsSpan(row * outputs, outputs).CopyTo(padded.AsSpan(row * stride));
            padded.AsSpan((row * stride) + outputs, stride - outputs).Fill(float.NaN);
        }

        var batch = new LossBatch(rows, outputs, stride, padded, gradients, labels, targets);
        var value = LossFunction.Create(loss, outputs, weights).Compute(batch).Mean;
        Assert.All(Enumerable.Range(0, rows), row => Assert.All(gradients[((row * stride) + outputs)..((row + 1) * stride)], padding => Assert.Equal(0, padding)));
        return (value, [.. Enumerable.Range(0, rows).SelectMany(row => gradients[(row * stride)..((row * stride) + outputs)])]);
    }

    private static double Reference(Loss loss, float[]? weights, float[] logits, int[] labels, float[] targets) =>
        ReferenceOf(loss, weights, Doubles(logits), labels, targets);

    private static double ReferenceOf(Loss loss, float[]? weights, double[] logits, int[] labels, float[] targets, int outputs = Outputs)
    {
        var rows = logits.Length / outputs;
        double sum = 0, total = 0;
        for (var row = 0; row < rows; row++)
        {
            var z = logits[(row * outputs)..((row + 1) * outputs)];
            var weight = loss == Loss.SoftmaxCrossEntropy ? weights?[labels[row]] ?? 1 : 1;
            var t = targets.Length == 0 ? [] : targets[(row * outputs)..((row + 1) * outputs)];
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

    private static double[] GradientOf(Loss loss, float[]? weights, float[] logits, int[] labels, float[] targets, int outputs)
    {
        var total = labels.Length == 0 ? logits.Length / outputs : labels.Sum(label => weights?[label] ?? 1.0);
        return [.. logits.Select((logit, index) =>
        {
            var row = index / outputs;
            var z = Doubles(logits[(row * outputs)..((row + 1) * outputs)]);
            var weight = labels.Length == 0 ? 1 : weights?[labels[row]] ?? 1.0;
            return weight == 0 ? 0 : weight / total * loss switch
            {
                Loss.SoftmaxCrossEntropy => (Math.Exp(logit) / z.Sum(Math.Exp)) - (labels[row] == index % outputs ? 1 : 0),
                Loss.MeanSquaredError => 2 * ((double)logit - targets[index]) / outputs,
                _ => (1 / (1 + Math.Exp(-logit))) - targets[index],
            };
        })];
    }

    private static double[] Doubles(float[] values) => Array.ConvertAll(values, value => (double)value);
}
