using Whittle.Bench.Peers.Protocol;

namespace Whittle.Bench.Peers.Cases;

/// <summary>Where a batch's inputs come from.</summary>
internal enum InputKind
{
    /// <summary>Images of digits, of which most pixels are zero.</summary>
    Images,

    /// <summary>Random numbers, none of them zero.</summary>
    Dense,
}

/// <summary>A library that takes part in a case.</summary>
internal enum ContenderKind
{
    /// <summary>Ours, in this process.</summary>
    Own,

    /// <summary>Ours on one thread, whatever the case says: what more threads are compared with, bit by bit.</summary>
    OwnOneThread,

    /// <summary>Ours with sampled layers: the case's sampled network.</summary>
    OwnSampled,

    /// <summary>Ours with sampled layers, every row of the batch a step of its own, on the case's threads without locks.</summary>
    OwnHogwild,

    /// <summary>The same on one thread.</summary>
    OwnHogwildOneThread,

    /// <summary>A read and a write of every weight of the second layer.</summary>
    WeightPass,

    /// <summary>Ours in another process, limited to AVX2.</summary>
    OwnAvx2,

    /// <summary>Ours in another process, compiled ahead of time.</summary>
    OwnAot,

    /// <summary>ONNX Runtime.</summary>
    OnnxRuntime,

    /// <summary>TorchSharp in another process.</summary>
    TorchSharp,

    /// <summary>PyTorch with OpenBLAS in another process.</summary>
    PyTorch,

    /// <summary>PyTorch with OpenBLAS limited to its AVX2 kernels, in another process.</summary>
    PyTorchAvx2,

    /// <summary>Generic C# with System.Numerics.Tensors.</summary>
    Tensors,

    /// <summary>Our algorithm by hand, with shapes that are known only at run time.</summary>
    RuntimeShapes,
}

/// <summary>One comparison: some work of a network, by us and by peers.</summary>
/// <param name="Name">As in <c>step-sgd-128</c>.</param>
/// <param name="Shape">The network.</param>
/// <param name="Work">What is timed.</param>
/// <param name="BatchSize">Rows of a batch.</param>
/// <param name="Input">Where the inputs come from.</param>
/// <param name="Own">Which of ours is compared.</param>
/// <param name="Peers">With whom.</param>
internal sealed record BenchmarkCase(
    string Name,
    NetworkShape Shape,
    Work Work,
    int BatchSize,
    InputKind Input,
    ContenderKind Own,
    IReadOnlyList<ContenderKind> Peers)
{
    /// <summary>Threads of every contender.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Class of the sampled network; null where all layers are exact.</summary>
    public string? Sampled { get; init; }

    /// <summary>
    /// Floating-point operations of a pass, counted as if no input and no activation were zero and no layer were sampled; a multiply-add counts as
    /// two. A step is forward, weight gradient, and input gradient of all layers but the first.
    /// </summary>
    public double Flops
    {
        get
        {
            var products = Enumerable.Range(0, Shape.Layers).Select(layer => (double)Shape.Units[layer] * Shape.Units[layer + 1]).ToArray();
            var forward = products.Sum();
            return 2.0 * BatchSize * (Work == Work.Forward ? forward : (3 * forward) - products[0]);
        }
    }
}
