using Whittle.Bench.Peers.Networks;
using Whittle.Bench.Peers.Protocol;

namespace Whittle.Bench.Peers.Cases;

/// <summary>Makes the workload of a case: initial weights of a fixed seed, and the batches.</summary>
/// <param name="images">The images of digits.</param>
internal sealed class WorkloadFactory(Dataset images)
{
    // A whole pass through the cache is many megabytes of images; more would only take longer to send to other processes.
    private const int Samples = 8192;

    // Enough that no branch predictor knows them by heart.
    private const int ForwardBatches = 256;
    private const int Seed = 1;

    // Small enough that nothing diverges or is learnt by heart in a run, and losses still differ from step to step.
    private const float SgdLearningRate = 0.01f;
    private const float AdamLearningRate = 1e-4f;

    /// <summary>Images of MNIST's format from a directory, or the built-in ones.</summary>
    /// <exception cref="DataFormatException">The directory does not hold what it should.</exception>
    public static WorkloadFactory Create(DirectoryInfo? directory)
    {
        var images = directory is null
            ? StrokeDigits.Generate(Samples, Seed)
            : IdxDataset.Load(directory.FullName, new IdxOptions { Classes = DeclaredNetworks.Wide.Outputs }).Train;
        return images.Features == DeclaredNetworks.Wide.Inputs
            ? new WorkloadFactory(images)
            : throw new DataFormatException($"{directory} has images of {images.Features} pixels, but the networks take {DeclaredNetworks.Wide.Inputs}: give 28 x 28.");
    }

    /// <summary>The workload of a case.</summary>
    public Workload Create(BenchmarkCase test)
    {
        var shape = test.Shape;
        var count = test.Work == Work.Forward ? Math.Min(Samples, ForwardBatches * test.BatchSize) : Samples;
        using var network = DeclaredNetworks.Find(shape, test.BatchSize).Create(Seed);
        var weights = new float[shape.Layers][];
        var biases = new float[shape.Layers][];
        for (var layer = 0; layer < shape.Layers; layer++)
        {
            weights[layer] = new float[shape.Units[layer] * shape.Units[layer + 1]];
            biases[layer] = new float[shape.Units[layer + 1]];
            network.GetWeights(layer, weights[layer]);
            network.GetBiases(layer, biases[layer]);
        }

        var random = new Random(Seed);
        var inputs = test.Input == InputKind.Images ? Pixels(count) : Numbers(random, count * shape.Inputs);
        var isClassified = shape.Objective == Objective.CrossEntropy;
        int[] labels = !isClassified ? []
            : test.Input == InputKind.Images ? [.. Enumerable.Range(0, count).Select(row => images.Labels[row % images.Count])]
            : [.. Enumerable.Range(0, count).Select(_ => random.Next(shape.Outputs))];
        var learningRate = test.Work == Work.AdamStep ? AdamLearningRate : SgdLearningRate;
        return new Workload(
            shape, test.Work, test.BatchSize, test.Threads, learningRate, weights, biases, inputs, labels, isClassified ? [] : Numbers(random, count * shape.Outputs))
        {
            Sampled = test.Sampled,
        };
    }

    private float[] Pixels(int count)
    {
        var pixels = new float[count * images.Features];
        for (var row = 0; row < count; row++)
        {
            images.Row(row % images.Count).CopyTo(pixels.AsSpan(row * images.Features));
        }

        return pixels;
    }

    // Standard normal by Box and Muller (1958).
    private static float[] Numbers(Random random, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(Math.Tau * random.NextDouble())))];
}
