namespace Whittle.Kernels.Tests;

/// <summary>Random rows, [rows][inputs], with the targets that a loss wants of them, [rows][outputs], one-hot for softmax.</summary>
internal sealed record RandomBatch(Loss Loss, float[][] Inputs, float[][] Targets)
{
    private readonly float[] inputs = [.. Inputs.SelectMany(row => row)];
    private readonly float[] targets = [.. Targets.SelectMany(row => row)];
    private readonly int[] labels = [.. Targets.Select(row => Array.IndexOf(row, 1))];

    public static RandomBatch Draw(Random random, Declaration declaration, int rows) => new(
        declaration.Loss,
        [.. Enumerable.Range(0, rows).Select(_ => Floats(random, declaration.Inputs, 1))],
        [.. Enumerable.Range(0, rows).Select(_ => Target(random, declaration.Loss, declaration.Layers[^1].Units))]);

    /// <summary>Uniform numbers around zero, a third of them exactly zero: kernels leave zeros out.</summary>
    public static float[] Floats(Random random, int count, double range) =>
        [.. Enumerable.Range(0, count).Select(_ => random.Next(3) == 0 ? 0 : (float)(((2 * random.NextDouble()) - 1) * range))];

    /// <summary>One step; its loss. Allocates nothing itself.</summary>
    public double Train(TrainingSession session) => Loss == Loss.SoftmaxCrossEntropy ? session.Step(inputs, labels) : session.Step(inputs, targets);

    /// <summary>What a network computes, [rows, outputs].</summary>
    public void Logits(CompiledNetwork network, float[] logits) => network.Logits(inputs, logits);

    private static float[] Target(Random random, Loss loss, int outputs)
    {
        var label = random.Next(outputs);
        return [.. Enumerable.Range(0, outputs).Select(output => loss switch
        {
            Loss.SoftmaxCrossEntropy => output == label ? 1 : 0,
            Loss.BinaryCrossEntropy => random.Next(2),
            _ => (2 * random.NextSingle()) - 1,
        })];
    }
}
