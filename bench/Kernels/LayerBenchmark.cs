using BenchmarkDotNet.Attributes;
using Whittle.Examples.Baselines;
using Whittle.Examples.Measurements;
using Whittle.Examples.Networks;

namespace Whittle.Bench.Kernels;

/// <summary>
/// One product of one layer of 784-1000-1000-1000-10, by generated code, by System.Numerics.Tensors and by plain loops,
/// on the same numbers and on one thread. Each variant is checked against double precision before it is timed.
/// </summary>
public abstract class LayerBenchmark
{
    private static readonly int[] Units = [784, 1000, 1000, 1000, 10];
    private readonly KernelProduct product;
    private Digits network = null!;
    private LayerMemory memory = null!;
    private TensorPrimitivesNetwork tensors = null!;
    private PlainLoopsNetwork loops = null!;

    protected LayerBenchmark(KernelProduct product) => this.product = product;

    /// <summary>Rows of the batch.</summary>
    [Params(20)]
    public int Rows { get; set; }

    /// <summary>Index of the layer.</summary>
    protected abstract int LayerIndex { get; }

    [GlobalSetup]
    public void Setup()
    {
        var (inputs, outputs) = (Units[LayerIndex], Units[LayerIndex + 1]);
        network = new Digits();
        memory = new LayerMemory(inputs, outputs, Rows);
        tensors = new TensorPrimitivesNetwork(Units, Rows, adam: false);
        loops = new PlainLoopsNetwork(Units, Rows, adam: false);
        memory.FillRandomly(seed: 1);
        var reference = new LayerReference(memory, inputs, Rows, hasRelu: LayerIndex < Units.Length - 2);
        reference.CopyTo(tensors, LayerIndex);
        reference.CopyTo(loops, LayerIndex);

        // A learning rate of one, so that the weight gradient can be read from the change of the weights.
        RunGenerated(learningRate: 1);
        reference.Check(product, memory);
        Run(tensors, learningRate: 1);
        reference.Check(product, tensors, LayerIndex);
        Run(loops, learningRate: 1);
        reference.Check(product, loops, LayerIndex);
    }

    [GlobalCleanup]
    public void Cleanup() => network.Dispose();

    [Benchmark]
    public void Generated() => RunGenerated(learningRate: 0);

    [Benchmark(Baseline = true)]
    public void TensorPrimitives() => Run(tensors, learningRate: 0);

    [Benchmark]
    public void PlainLoops() => Run(loops, learningRate: 0);

    private void RunGenerated(float learningRate)
    {
        var pass = memory.Pass(product);
        ((IRunsKernels)network).Run(product, network.Architecture.Layers[LayerIndex].Kernel, learningRate, in pass);
    }

    private void Run(GenericNetwork generic, float learningRate)
    {
        switch (product)
        {
            case KernelProduct.Forward: generic.Forward(LayerIndex, Rows); break;
            case KernelProduct.InputGradient: generic.InputGradient(LayerIndex, Rows); break;
            default: generic.WeightGradient(LayerIndex, Rows, GenericUpdate.ForStep(1, learningRate, adam: false)); break;
        }
    }
}

/// <summary>a = f(xW + b).</summary>
public class Forward() : LayerBenchmark(KernelProduct.Forward)
{
    [Params(0, 1, 3)]
    public int Layer { get; set; }

    protected override int LayerIndex => Layer;
}

/// <summary>dL/dz of the layer below; the first layer has none.</summary>
public class InputGradient() : LayerBenchmark(KernelProduct.InputGradient)
{
    [Params(1, 3)]
    public int Layer { get; set; }

    protected override int LayerIndex => Layer;
}

/// <summary>dL/dW and the step of plain gradient descent with it.</summary>
public class WeightGradient() : LayerBenchmark(KernelProduct.WeightGradient)
{
    [Params(0, 1, 3)]
    public int Layer { get; set; }

    protected override int LayerIndex => Layer;
}
