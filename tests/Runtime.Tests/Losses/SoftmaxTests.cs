using System.Runtime.Intrinsics;

namespace Whittle.Runtime.Tests.Losses;

public class SoftmaxTests
{
    [Theory]
    [InlineData(8, 20_000)]
    [InlineData(1000, 160)]
    public void Exponentials_are_within_two_units_in_the_last_place(int outputs, int repetitions)
    {
        var random = new RandomStream(3, 77);
        var logits = new float[outputs];
        var exponentials = new float[outputs];
        for (var repetition = 0; repetition < repetitions; repetition++)
        {
            for (var index = 1; index < logits.Length; index++)
            {
                // Down to where an exponential is no longer a normal number.
                logits[index] = -87 * random.NextSingle();
            }

            Softmax.Exponentials(logits, outputs, exponentials, out var largest);
            Assert.Equal(0, largest);
            for (var index = 0; index < logits.Length; index++)
            {
                var expected = Math.Exp(logits[index]);
                var unit = Math.Pow(2, Math.Floor(Math.Log2(expected)) - 23);
                Assert.True(Math.Abs(exponentials[index] - expected) <= 2 * unit, $"exp({logits[index]:R}) is {exponentials[index]:R}, not {expected:R}.");
            }
        }
    }

    [Fact]
    public void The_logarithm_of_binary_cross_entropy_is_within_three_units_in_the_last_place()
    {
        var random = new RandomStream(3, 78);
        for (var repetition = 0; repetition < 20_000; repetition++)
        {
            var normalizer = 1 + random.NextSingle();
            var expected = Math.Log(normalizer);
            var actual = Vector256.Log(Vector256.Create(normalizer))[0];
            var unit = Math.Pow(2, Math.Floor(Math.Log2(expected)) - 23);
            Assert.True(normalizer == 1 ? actual == 0 : Math.Abs(actual - expected) <= 3 * unit, $"log({normalizer:R}) is {actual:R}, not {expected:R}.");
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(8)]
    [InlineData(10)]
    [InlineData(32)]
    [InlineData(33)]
    [InlineData(1000)]
    public void Probabilities_are_those_of_the_definition(int outputs)
    {
        var padded = new float[((outputs + 15) / 16 * 16) + 16];
        padded.AsSpan().Fill(float.NaN);
        var logits = Network.PredictionTests.Random(outputs);
        logits.CopyTo(padded, 0);
        var probabilities = new float[outputs];
        Softmax.Normalize(padded, probabilities);
        var sum = logits.Sum(logit => Math.Exp(logit));
        for (var output = 0; output < outputs; output++)
        {
            Assert.Equal(Math.Exp(logits[output]) / sum, probabilities[output], 1e-6);
        }
    }

    [Fact]
    public void A_logit_that_is_not_a_number_shows_wherever_it_stands()
    {
        for (var place = 0; place < 10; place++)
        {
            var logits = new float[16];
            logits[place] = float.NaN;
            Assert.True(float.IsNaN(Softmax.Exponentials(logits, 10, new float[16], out _)));
            logits.AsSpan(0, 10).Fill(float.NegativeInfinity);
            logits[place] = float.NaN;
            Assert.True(float.IsNaN(Softmax.Exponentials(logits, 10, new float[16], out _)));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(1000)]
    public void Where_no_node_is_active_all_classes_are_equally_likely(int outputs)
    {
        var logits = new float[(outputs + 15) / 16 * 16];
        logits.AsSpan(0, outputs).Fill(float.NegativeInfinity);
        var (gradient, probabilities) = (new float[logits.Length], new float[outputs]);
        var value = LossFunction.Create(Loss.SoftmaxCrossEntropy, outputs, null).Compute(new LossBatch(1, outputs, logits.Length, logits, gradient, [0], default));
        Assert.Equal(Math.Log(outputs), value.Mean, 1e-5);
        Softmax.Normalize(logits, probabilities);
        Assert.All(probabilities, probability => Assert.Equal(1f / outputs, probability, 1e-6f));
    }
}
