using System.Numerics.Tensors;

namespace Whittle.Bench.Recall;

/// <summary>A layer of 1000 nodes on 1000 inputs, some inputs of it, and the nodes that its hash tables ought to find for each.</summary>
internal sealed class StudiedLayer
{
    /// <summary>Nodes of the layer, and its inputs.</summary>
    public const int Nodes = 1000;

    /// <summary>Nodes to find for an input: those with the largest pre-activations.</summary>
    public const int Active = Nodes / 20;

    private readonly float[] weights;

    private StudiedLayer(string name, float[] weights, float[] biases, float[][] inputs)
    {
        (Name, this.weights, Inputs) = (name, weights, inputs);
        Largest = [.. inputs.Select(LargestFor)];

        HashSet<int> LargestFor(float[] x)
        {
            var sums = biases.Select((bias, node) => bias + TensorPrimitives.Dot<float>(x, weights.AsSpan(node * Nodes, Nodes))).ToArray();
            return [.. Enumerable.Range(0, Nodes).OrderByDescending(node => sums[node]).Take(Active)];
        }
    }

    /// <summary>What the weights are.</summary>
    public string Name { get; }

    /// <summary>The inputs, <see cref="Nodes"/> numbers each.</summary>
    public float[][] Inputs { get; }

    /// <summary>For each input the nodes with the largest pre-activations.</summary>
    public HashSet<int>[] Largest { get; }

    /// <summary>The weights by node; the array does not move.</summary>
    public unsafe NodeRows Rows
    {
        get
        {
            fixed (float* first = weights)
            {
                return new NodeRows(first, Nodes, Nodes);
            }
        }
    }

    /// <summary>Standard normal weights, and inputs that are the positive parts of standard normal numbers.</summary>
    public static StudiedLayer Random(int samples, ulong seed)
    {
        var random = new RandomStream(seed, 0);
        var weights = NewWeights();
        Fill(weights, ref random);
        var inputs = new float[samples][];
        for (var sample = 0; sample < samples; sample++)
        {
            inputs[sample] = new float[Nodes];
            Fill(inputs[sample], ref random);
            TensorPrimitives.Max(inputs[sample], 0f, inputs[sample]);
        }

        return new StudiedLayer("random", weights, new float[Nodes], inputs);
    }

    /// <summary>The second layer of a network after training, and what its first layer makes of rows that it has not seen.</summary>
    public static StudiedLayer Trained(Dataset train, Dataset unseen, int epochs, int samples, ulong seed)
    {
        using var network = new StudiedNetwork(seed);
        Trainer.Fit(network, train, new TrainingOptions
        {
            Epochs = epochs,
            Seed = seed,
            Threads = 1,
            Optimizer = Optimizer.Sgd(0.1f),
            Schedule = LearningRateSchedule.Cosine(),
        });
        var first = new float[Nodes * train.Features];
        var firstBiases = new float[Nodes];
        network.GetWeights(0, first);
        network.GetBiases(0, firstBiases);
        var weights = NewWeights();
        var biases = new float[Nodes];
        network.GetWeights(1, weights);
        network.GetBiases(1, biases);
        var inputs = Enumerable.Range(0, Math.Min(samples, unseen.Count)).Select(Hidden).ToArray();
        return new StudiedLayer("trained", weights, biases, inputs);

        float[] Hidden(int row)
        {
            var pixels = new float[train.Features];
            unseen.Row(row).CopyTo(pixels);
            return [.. firstBiases.Select((bias, node) => Math.Max(0, bias + TensorPrimitives.Dot<float>(pixels, first.AsSpan(node * pixels.Length, pixels.Length))))];
        }
    }

    private static float[] NewWeights() => GC.AllocateUninitializedArray<float>(Nodes * Nodes, pinned: true);

    private static void Fill(Span<float> values, ref RandomStream random)
    {
        foreach (ref var value in values)
        {
            value = random.NextNormal();
        }
    }
}
