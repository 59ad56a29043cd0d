using BenchmarkDotNet.Attributes;
using Whittle.Bench.Kernels.Ladder;
using Whittle.Examples.Baselines;
using Whittle.Examples.Measurements;
using Whittle.Examples.Networks;

namespace Whittle.Bench.Kernels;

/// <summary>
/// One product of one layer of 784-1000-1000-1000-10, by generated code, by System.Numerics.Tensors, by plain loops and by the
/// variants by hand that led to the generated code, on the same numbers and on one thread. Each is checked against double precision
/// before anything is timed.
/// </summary>
public abstract class LayerBenchmark
{
    private static readonly int[] Units = [784, 1000, 1000, 1000, 10];
    private readonly KernelProduct product;
    private KernelProduct generated;
    private Digits network = null!;
    private LayerMemory memory = null!;
    private TensorPrimitivesNetwork tensors = null!;
    private PlainLoopsNetwork loops = null!;

    protected LayerBenchmark(KernelProduct product) => this.product = product;

    /// <summary>Rows of the batch.</summary>
    protected abstract int BatchRows { get; }

    /// <summary>Index of the layer.</summary>
    protected abstract int LayerIndex { get; }

    /// <summary>The same layer for variants by hand.</summary>
    private protected HandLayer Hand { get; private set; } = null!;

    [GlobalSetup]
    public void Setup()
    {
        var (inputs, outputs) = (Units[LayerIndex], Units[LayerIndex + 1]);
        var hasRelu = LayerIndex < Units.Length - 2;
        network = new Digits();

        // A first layer may have its weight gradient over a list, here of all inputs.
        var kernel = network.Architecture.Layers[LayerIndex].Kernel;
        generated = Digits.Kernels.Any(plan => (plan.Layer, plan.Product, plan.InstructionSet) == (kernel, product, InstructionSets.Active)) ? product : KernelProduct.WeightGradientListed;
        memory = new LayerMemory(inputs, outputs, BatchRows);
        tensors = new TensorPrimitivesNetwork(Units, BatchRows, adam: false);
        loops = new PlainLoopsNetwork(Units, BatchRows, adam: false);
        memory.FillRandomly(seed: 1);
        var reference = new LayerReference(product, memory, inputs, BatchRows, hasRelu);
        Hand = HandLayer.Create(memory, inputs, BatchRows, hasRelu);
        reference.CopyTo(tensors, LayerIndex);
        reference.CopyTo(loops, LayerIndex);

        // A learning rate of one, so that the weight gradient can be read from the change of the weights.
        RunGenerated(learningRate: 1);
        reference.Check(memory);
        Run(tensors, learningRate: 1);
        reference.Check(tensors, LayerIndex);
        Run(loops, learningRate: 1);
        reference.Check(loops, LayerIndex);
        foreach (var (name, result) in ResultsByHand())
        {
            reference.Check(name, result);
            Hand.Reset();
        }
    }

    [GlobalCleanup]
    public void Cleanup() => network.Dispose();

    [Benchmark(Baseline = true)]
    public void Generated() => RunGenerated(learningRate: 0);

    [Benchmark]
    public void TensorPrimitives() => Run(tensors, learningRate: 0);

    [Benchmark]
    public void PlainLoops() => Run(loops, learningRate: 0);

    /// <summary>Runs each variant by hand once, with a learning rate of one, and gives what it wrote.</summary>
    private protected abstract IEnumerable<(string Name, float[] Result)> ResultsByHand();

    /// <summary>What a variant by hand writes.</summary>
    private protected (string Name, float[] Result) ResultOf(string name, Action run)
    {
        run();
        return (name, Hand.Result(product));
    }

    private void RunGenerated(float learningRate)
    {
        var pass = memory.Pass(generated);
        ((IRunsKernels)network).Run(generated, network.Architecture.Layers[LayerIndex].Kernel, learningRate, in pass);
    }

    private void Run(GenericNetwork generic, float learningRate)
    {
        switch (product)
        {
            case KernelProduct.Forward: generic.Forward(LayerIndex, BatchRows); break;
            case KernelProduct.InputGradient: generic.InputGradient(LayerIndex, BatchRows); break;
            default: generic.WeightGradient(LayerIndex, BatchRows, GenericUpdate.ForStep(1, learningRate, adam: false)); break;
        }
    }
}
