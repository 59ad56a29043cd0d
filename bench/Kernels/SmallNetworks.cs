using BenchmarkDotNet.Attributes;

namespace Whittle.Bench.Kernels;

/// <summary>
/// Whole calls on networks whose parameters stay in the first cache: what they cost beside their few multiply-adds.
/// The logits are checked against double precision before anything is timed.
/// </summary>
public class SmallNetworks
{
    private CompiledNetwork network = null!;
    private TrainingSession sgd = null!;
    private TrainingSession adam = null!;
    private float[] inputs = null!;
    private float[] outputs = null!;
    private float[] targets = null!;
    private int[] classes = null!;

    /// <summary>Inputs and units of each layer.</summary>
    [Params("37-113-5", "64-32-32-1", "8-7-3")]
    public string Network { get; set; } = "";

    /// <summary>Rows of one call.</summary>
    [Params(1, 20)]
    public int Rows { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        network = Network switch
        {
            "37-113-5" => new OddNetwork(seed: 1),
            "64-32-32-1" => new NarrowNetwork(seed: 1),
            _ => new TinyNetwork(seed: 1),
        };
        var architecture = network.Architecture;
        var random = new Random(3);
        inputs = [.. Enumerable.Range(0, Rows * architecture.Inputs).Select(_ => (2 * random.NextSingle()) - 1)];
        outputs = new float[Rows * architecture.Outputs];
        classes = [.. Enumerable.Range(0, Rows).Select(_ => random.Next(architecture.Outputs))];
        targets = [.. Enumerable.Range(0, outputs.Length).Select(_ => (float)random.Next(2))];
        Check();

        // Rates at which hours of steps on one batch stay in the range of usual weights.
        sgd = new TrainingSession(network, new StepOptions { Optimizer = Optimizer.Sgd(1e-9f) });
        adam = new TrainingSession(network, new StepOptions { Optimizer = Optimizer.Adam(1e-13f) });
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        sgd.Dispose();
        adam.Dispose();
        network.Dispose();
    }

    [Benchmark]
    public void Logits() => network.Logits(inputs, outputs);

    [Benchmark]
    public void Predict() => network.Predict(inputs, outputs);

    [Benchmark]
    public void Classify() => network.Classify(inputs, classes);

    [Benchmark]
    public double StepSgd() => Step(sgd);

    [Benchmark]
    public double StepAdam() => Step(adam);

    private double Step(TrainingSession session) => network.Architecture.Loss == Loss.SoftmaxCrossEntropy
        ? session.Step(inputs, classes.AsSpan())
        : session.Step(inputs, targets.AsSpan());

    private void Check()
    {
        network.Logits(inputs, outputs);
        var width = network.Architecture.Inputs;
        for (var row = 0; row < Rows; row++)
        {
            var values = inputs[(row * width)..((row + 1) * width)].Select(value => (double)value).ToArray();
            for (var index = 0; index < network.Architecture.Layers.Count; index++)
            {
                var layer = network.Architecture.Layers[index];
                var weights = new float[layer.Inputs * layer.Outputs];
                network.GetWeights(index, weights);
                var below = values;
                values = [.. weights.Chunk(layer.Inputs).Select(unit => unit.Zip(below, (weight, value) => weight * value).Sum())];
                values = [.. values.Select(z => layer.Activation == Activation.Relu ? Math.Max(0, z) : z)];
            }

            for (var output = 0; output < values.Length; output++)
            {
                var actual = outputs[(row * values.Length) + output];
                if (!(Math.Abs(actual - values[output]) <= 1e-5))
                {
                    throw new InvalidOperationException($"Output {output} of row {row} is {actual}, but should be {values[output]}.");
                }
            }
        }
    }
}

/// <summary>Widths that fill no vector.</summary>
[Network(Inputs = 37, BatchSize = 20)]
[Dense(113, Activation.Relu)]
[Dense(5)]
internal sealed partial class OddNetwork : INetwork<OddNetwork>;

/// <summary>Narrow layers, one label.</summary>
[Network(Inputs = 64, BatchSize = 20, Loss = Loss.BinaryCrossEntropy)]
[Dense(32, Activation.Relu)]
[Dense(32, Activation.Relu)]
[Dense(1)]
internal sealed partial class NarrowNetwork : INetwork<NarrowNetwork>;

/// <summary>Less arithmetic than a call costs.</summary>
[Network(Inputs = 8, BatchSize = 20)]
[Dense(7, Activation.Relu)]
[Dense(3)]
internal sealed partial class TinyNetwork : INetwork<TinyNetwork>;
