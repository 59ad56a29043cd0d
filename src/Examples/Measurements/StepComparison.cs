using System.Diagnostics;
using Whittle.Examples.Baselines;

namespace Whittle.Examples.Measurements;

/// <summary>Times of one variant: the median, and the fastest and slowest tenth as the spread.</summary>
public sealed record ComparedTimes(string Name, double MedianMilliseconds, double LowMilliseconds, double HighMilliseconds);

/// <summary>
/// Compares a training step of a compiled network with the same step in generic code and in plain loops, in turns in
/// one run, so that whatever slows the machine down slows all of them.
/// </summary>
public static class StepComparison
{
    private const int Rounds = 10;
    private const int StepsPerRound = 10;
    private const float LearningRate = 0.001f;

    /// <summary>Measures.</summary>
    /// <param name="create">Makes the compiled network.</param>
    /// <param name="data">Where batches come from.</param>
    /// <param name="adam">Adam, or plain descent.</param>
    /// <param name="cancellation">Stops between steps.</param>
    /// <returns>Generated code, TensorPrimitives, plain loops.</returns>
    /// <exception cref="InvalidOperationException">The three do not compute the same losses.</exception>
    public static IReadOnlyList<ComparedTimes> Run(Func<CompiledNetwork> create, Dataset data, bool adam, CancellationToken cancellation)
    {
        using var network = create();
        using var session = new TrainingSession(
            network, new StepOptions { Optimizer = adam ? Optimizer.Adam(LearningRate) : Optimizer.Sgd(LearningRate), Threads = 1 });
        var architecture = network.Architecture;
        int[] units = [architecture.Inputs, .. architecture.Layers.Select(layer => layer.Outputs)];
        var tensors = new TensorPrimitivesNetwork(units, architecture.BatchSize, adam);
        var loops = new PlainLoopsNetwork(units, architecture.BatchSize, adam);
        tensors.CopyParametersFrom(network);
        loops.CopyParametersFrom(network);

        var batch = new Batch(data, architecture.BatchSize);
        (string Name, int Steps, Func<double> Step)[] variants =
        [
            ("generated", StepsPerRound, () => session.Step(batch.Inputs, batch.Labels)),
            ("System.Numerics.Tensors", StepsPerRound, () => tensors.Step(batch.Inputs, batch.Labels, LearningRate)),
            ("plain loops", 1, () => loops.Step(batch.Inputs, batch.Labels, LearningRate)),
        ];

        Check(batch, variants);
        var times = variants.Select(_ => new List<double>()).ToArray();
        for (var round = 0; round <= Rounds; round++)
        {
            for (var variant = 0; variant < variants.Length; variant++)
            {
                for (var step = 0; step < variants[variant].Steps; step++)
                {
                    cancellation.ThrowIfCancellationRequested();
                    batch.Next();
                    var start = Stopwatch.GetTimestamp();
                    variants[variant].Step();
                    if (round > 0)
                    {
                        times[variant].Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                    }
                }
            }
        }

        return [.. variants.Zip(times, (variant, measured) => Summarize(variant.Name, measured))];
    }

    // The same batches from the same weights: only the order of the sums differs. Also the warm-up of the compiler.
    private static void Check(Batch batch, (string Name, int Steps, Func<double> Step)[] variants)
    {
        const int Steps = 5;
        for (var step = 0; step < Steps; step++)
        {
            batch.Next();
            var losses = variants.Select(variant => variant.Step()).ToArray();
            if (losses.Any(loss => !(Math.Abs(loss - losses[0]) <= 1e-3 * Math.Max(1, losses[0]))))
            {
                throw new InvalidOperationException($"The variants do not agree on the loss of step {step}: {string.Join(", ", losses)}.");
            }
        }
    }

    private static ComparedTimes Summarize(string name, List<double> times)
    {
        times.Sort();
        return new ComparedTimes(name, times[times.Count / 2], times[times.Count / 10], times[times.Count - 1 - (times.Count / 10)]);
    }

    private sealed class Batch(Dataset data, int size)
    {
        private int position;

        public float[] Inputs { get; } = new float[size * data.Features];

        public int[] Labels { get; } = new int[size];

        public void Next()
        {
            for (var row = 0; row < size; row++)
            {
                position = (position + 1) % data.Count;
                data.Row(position).CopyTo(Inputs.AsSpan(row * data.Features));
                Labels[row] = data.Labels[position];
            }
        }
    }
}
