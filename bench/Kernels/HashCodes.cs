using BenchmarkDotNet.Attributes;

namespace Whittle.Bench.Kernels;

/// <summary>
/// Hash codes of inputs and of the nodes of a layer of 1000 on 1000 inputs, by generated kernels and by the runtime's own functions.
/// An operation is one code: 1000 divided by the time in nanoseconds are codes per microsecond. The codes are compared before anything is timed.
/// </summary>
public class HashCodes
{
    private const int Width = 1000;
    private const int Codes = 1000;

    private CompiledNetwork network = null!;
    private HashFunctions runtime = null!;
    private HashFunctions generated = null!;
    private NodeRows rows;
    private int[] nodes = null!;
    private float[][] inputs = null!;
    private int[][] nonZero = null!;
    private int[] codes = null!;

    /// <summary>Family, K and L.</summary>
    [Params("Alsh 6 x 5", "Alsh 6 x 50", "SimHash 6 x 5", "SimHash 6 x 50", "Dwta 6 x 50", "Dwta 4 x 200")]
    public string Functions { get; set; } = "";

    [GlobalSetup]
    public unsafe void Setup()
    {
        network = Functions switch
        {
            "Alsh 6 x 5" => new AlshFewTables(seed: 1),
            "Alsh 6 x 50" => new AlshManyTables(seed: 1),
            "SimHash 6 x 5" => new SimHashFewTables(seed: 1),
            "SimHash 6 x 50" => new SimHashManyTables(seed: 1),
            "Dwta 6 x 50" => new WinnersOfWholeBins(seed: 1),
            _ => new WinnersOfManyTables(seed: 1),
        };
        rows = network.Runner.Parameters(network.Parameters.Pointer, 0);
        var settings = network.Architecture.Layers[0].NodeSampling!;
        runtime = HashFunctions.Create(settings.Family, Width, settings.Bits, settings.Tables, seed: 1, layer: 0);
        generated = CompiledHash.Of(runtime, network, 0);

        // As many vectors as make the codes of an operation; a fifth of an input is not zero, as of an image of a digit.
        var random = new Random(1);
        nodes = [.. Enumerable.Range(0, Codes / settings.Tables)];
        inputs = [.. nodes.Select(_ => Enumerable.Range(0, Width).Select(_ => random.Next(5) == 0 ? random.NextSingle() : 0).ToArray())];
        nonZero = [.. inputs.Select(x => x.Index().Where(element => element.Item != 0).Select(element => element.Index).ToArray())];
        codes = new int[Codes];
        Check(HashInputs);
        Check(functions => functions.HashNodes(rows, nodes, 0.5f, codes));
    }

    [GlobalCleanup]
    public void Cleanup() => network.Dispose();

    [Benchmark(OperationsPerInvoke = Codes)]
    public void InputsGenerated() => HashInputs(generated);

    [Benchmark(OperationsPerInvoke = Codes)]
    public void InputsRuntime() => HashInputs(runtime);

    [Benchmark(OperationsPerInvoke = Codes)]
    public void NodesGenerated() => generated.HashNodes(rows, nodes, 0.5f, codes);

    [Benchmark(OperationsPerInvoke = Codes)]
    public void NodesRuntime() => runtime.HashNodes(rows, nodes, 0.5f, codes);

    private void HashInputs(HashFunctions functions)
    {
        for (var input = 0; input < inputs.Length; input++)
        {
            functions.HashInput(inputs[input], nonZero[input], codes.AsSpan(input * functions.Tables, functions.Tables));
        }
    }

    private void Check(Action<HashFunctions> hash)
    {
        hash(runtime);
        var expected = codes.ToArray();
        Array.Clear(codes);
        hash(generated);
        if (!codes.AsSpan().SequenceEqual(expected))
        {
            throw new InvalidOperationException($"The codes of generated kernels are not those of the runtime's functions ({Functions}).");
        }
    }
}

/// <summary>The published setting.</summary>
[Network(Inputs = 1000)]
[NodeSampled(1000, Activation.Relu, Selector = NodeSelector.Lsh, Bits = 6, Tables = 5)]
[Dense(10)]
internal sealed partial class AlshFewTables : INetwork<AlshFewTables>;

/// <summary>More tables, which find more.</summary>
[Network(Inputs = 1000)]
[NodeSampled(1000, Activation.Relu, Selector = NodeSelector.Lsh, Bits = 6, Tables = 50)]
[Dense(10)]
internal sealed partial class AlshManyTables : INetwork<AlshManyTables>;

/// <summary>Sparse signs.</summary>
[Network(Inputs = 1000)]
[NodeSampled(1000, Activation.Relu, Selector = NodeSelector.Lsh, Family = HashFamily.SimHash, Bits = 6, Tables = 5)]
[Dense(10)]
internal sealed partial class SimHashFewTables : INetwork<SimHashFewTables>;

/// <summary>Sparse signs, more tables.</summary>
[Network(Inputs = 1000)]
[NodeSampled(1000, Activation.Relu, Selector = NodeSelector.Lsh, Family = HashFamily.SimHash, Bits = 6, Tables = 50)]
[Dense(10)]
internal sealed partial class SimHashManyTables : INetwork<SimHashManyTables>;

/// <summary>Winners of whole bins.</summary>
[Network(Inputs = 1000)]
[NodeSampled(1000, Activation.Relu, Selector = NodeSelector.Lsh, Family = HashFamily.Dwta, Bits = 6, Tables = 50)]
[Dense(10)]
internal sealed partial class WinnersOfWholeBins : INetwork<WinnersOfWholeBins>;

/// <summary>Winners of whole bins and of pairs, the setting that finds most.</summary>
[Network(Inputs = 1000)]
[NodeSampled(1000, Activation.Relu, Selector = NodeSelector.Lsh, Family = HashFamily.Dwta, Bits = 4, Tables = 200)]
[Dense(10)]
internal sealed partial class WinnersOfManyTables : INetwork<WinnersOfManyTables>;
