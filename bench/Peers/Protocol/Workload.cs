using System.Text.Json;
using System.Text.Json.Serialization;

namespace Whittle.Bench.Peers.Protocol;

/// <summary>Everything that a contender needs to do a case: the network with its weights, and the batches in their order.</summary>
/// <param name="Shape">The network.</param>
/// <param name="Work">What is timed.</param>
/// <param name="BatchSize">Rows of a batch.</param>
/// <param name="Threads">Threads to compute with.</param>
/// <param name="LearningRate">Learning rate of training steps.</param>
/// <param name="Weights">For each layer [nOut, nIn].</param>
/// <param name="Biases">For each layer [nOut].</param>
/// <param name="Inputs">[samples, inputs]: batch k is the rows from k * <paramref name="BatchSize"/> on.</param>
/// <param name="Labels">[samples] for cross-entropy, otherwise empty.</param>
/// <param name="Targets">[samples, outputs] for the squared error, otherwise empty.</param>
public sealed partial record Workload(
    NetworkShape Shape,
    Work Work,
    int BatchSize,
    int Threads,
    float LearningRate,
    IReadOnlyList<float[]> Weights,
    IReadOnlyList<float[]> Biases,
    float[] Inputs,
    int[] Labels,
    float[] Targets)
{
    /// <summary>Steps whose losses are compared before anything is timed.</summary>
    public const int CheckedSteps = 5;

    /// <summary>Class of the sampled network that ours runs in place of the exact one; null for that. Not told to other processes.</summary>
    public string? Sampled { get; init; }

    /// <summary>Whole batches in the samples; after the last, the first comes again.</summary>
    public int Batches => Inputs.Length / Shape.Inputs / BatchSize;

    /// <summary>The inputs of a batch, [rows, inputs].</summary>
    public ReadOnlyMemory<float> BatchInputs(int batch) => Inputs.AsMemory(batch * BatchSize * Shape.Inputs, BatchSize * Shape.Inputs);

    /// <summary>The labels of a batch, [rows].</summary>
    public ReadOnlySpan<int> BatchLabels(int batch) => Labels.AsSpan(batch * BatchSize, BatchSize);

    /// <summary>The targets of a batch, [rows, outputs].</summary>
    public ReadOnlySpan<float> BatchTargets(int batch) => Targets.AsSpan(batch * BatchSize * Shape.Outputs, BatchSize * Shape.Outputs);

    /// <summary>
    /// Writes the workload: a line of JSON, then the numbers, 32-bit little-endian: weights and biases layer by layer,
    /// inputs, labels or targets.
    /// </summary>
    public void Write(Stream stream)
    {
        var header = new Header(Shape, Work, BatchSize, Threads, LearningRate, Inputs.Length / Shape.Inputs);
        stream.Write(JsonSerializer.SerializeToUtf8Bytes(header, HeaderFormat.Default.Header));
        stream.WriteByte((byte)'\n');
        for (var layer = 0; layer < Shape.Layers; layer++)
        {
            RawNumbers.Write<float>(stream, Weights[layer]);
            RawNumbers.Write<float>(stream, Biases[layer]);
        }

        RawNumbers.Write<float>(stream, Inputs);
        RawNumbers.Write<int>(stream, Labels);
        RawNumbers.Write<float>(stream, Targets);
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static Workload Read(Stream stream)
    {
        var line = RawNumbers.ReadLine(stream) ?? throw new EndOfStreamException("The workload is missing.");
        var header = JsonSerializer.Deserialize(line, HeaderFormat.Default.Header)!;
        var shape = header.Shape;
        var weights = new float[shape.Layers][];
        var biases = new float[shape.Layers][];
        for (var layer = 0; layer < shape.Layers; layer++)
        {
            weights[layer] = RawNumbers.Read<float>(stream, shape.Units[layer] * shape.Units[layer + 1]);
            biases[layer] = RawNumbers.Read<float>(stream, shape.Units[layer + 1]);
        }

        var isClassified = shape.Objective == Objective.CrossEntropy;
        return new Workload(
            shape,
            header.Work,
            header.BatchSize,
            header.Threads,
            header.LearningRate,
            weights,
            biases,
            RawNumbers.Read<float>(stream, header.Samples * shape.Inputs),
            RawNumbers.Read<int>(stream, isClassified ? header.Samples : 0),
            RawNumbers.Read<float>(stream, isClassified ? 0 : header.Samples * shape.Outputs));
    }

    private sealed record Header(NetworkShape Shape, Work Work, int BatchSize, int Threads, float LearningRate, int Samples);

    // Generated, since a program compiled ahead of time has no reflection.
    [JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
    [JsonSerializable(typeof(Header))]
    private sealed partial class HeaderFormat : JsonSerializerContext;
}
