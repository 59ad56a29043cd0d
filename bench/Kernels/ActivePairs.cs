using BenchmarkDotNet.Attributes;

namespace Whittle.Bench.Kernels;

/// <summary>
/// The three products of one sample with 50 active nodes of 1000, by generated kernels that walk whole rows and over the weights from
/// non-zero inputs alone. Sets change with every step, as a training's do. Compared before anything is timed.
/// </summary>
public class ActivePairs
{
    private const int Width = 1000;
    private const int Nodes = 50;
    private const int Sets = 64;

    private PairedLayers network = null!;
    private Workspace workspace = null!;
    private IndexSample[] nodes = null!;
    private int[][] inputs = null!;
    private int current;

    /// <summary>Inputs that are not zero, in percent.</summary>
    [Params(3, 5, 10, 25)]
    public int ActiveInputs { get; set; }

    [GlobalSetup]
    public unsafe void Setup()
    {
        network = new PairedLayers(seed: 1);
        workspace = new Workspace(network.Layout, 1, training: true, threads: 1);
        var random = new Random(1);
        inputs = [.. Enumerable.Range(0, Sets).Select(_ => Draw(random, Width * ActiveInputs / 100))];
        nodes = [.. Enumerable.Range(0, Sets).Select(_ => Listed(Draw(random, Nodes)))];
        for (var node = 0; node < Width; node++)
        {
            workspace.Gradients(1)[node] = random.NextSingle() - 0.5f;
        }

        for (var set = 0; set < Sets; set++)
        {
            current = set;
            WholeRows();
            var outputs = nodes[set].Indices.ToArray().Select(node => workspace.Outputs(1)[node]).ToArray();
            var below = inputs[set].Select(input => workspace.Gradients(0)[input]).ToArray();
            current = set;
            Pairs();
            Compare(outputs, new ReadOnlySpan<float>(workspace.PackedGradients, Nodes), relu: true);
            Compare(below, new ReadOnlySpan<float>(workspace.PackedInputs, below.Length), relu: false);
        }
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        workspace.Dispose();
        network.Dispose();
    }

    [Benchmark(Baseline = true)]
    public void WholeRows() => network.RunRows(workspace, nodes[Next()]);

    [Benchmark]
    public unsafe void Pairs()
    {
        var set = Next();
        var rows = network.Runner.Parameters(network.Parameters.Pointer, 1);
        var listed = nodes[set].Indices;
        var indices = inputs[set];
        Span<float> values = stackalloc float[indices.Length];
        values.Fill(0.5f);
        Whittle.ActivePairs.Forward(rows, listed, indices, values, new Span<float>(workspace.PackedGradients, Nodes));
        var d = new ReadOnlySpan<float>(workspace.Gradients(1), Width);
        Whittle.ActivePairs.InputGradient(rows, listed, d, indices, new Span<float>(workspace.PackedInputs, indices.Length));
        var rule = new SgdRule(0);
        Whittle.ActivePairs.Update(in rule, rows, listed, d, indices, values);
    }

    /// <summary>The next sets; the input gets its non-zero elements.</summary>
    private int Next()
    {
        var set = current;
        current = (current + 1) % Sets;
        var x = workspace.Row(1, 0, Width);
        x.Clear();
        foreach (var input in inputs[set])
        {
            x[input] = 0.5f;
        }

        return set;
    }

    private static int[] Draw(Random random, int count) => [.. Enumerable.Range(0, Width).OrderBy(_ => random.Next()).Take(count).Order()];

    private static IndexSample Listed(int[] indices)
    {
        var sample = new IndexSample(Width);
        foreach (var index in indices)
        {
            sample.Add(index, 1);
        }

        return sample;
    }

    private static void Compare(float[] expected, ReadOnlySpan<float> values, bool relu)
    {
        for (var index = 0; index < expected.Length; index++)
        {
            var value = relu ? Math.Max(0, values[index]) : values[index];
            if (!(Math.Abs(value - expected[index]) <= 1e-4f))
            {
                throw new InvalidOperationException($"Pairs give {value} where rows give {expected[index]}.");
            }
        }
    }
}

/// <summary>A layer of nodes above another layer.</summary>
[Network(Inputs = 20)]
[Dense(1000, Activation.Relu)]
[NodeSampled(1000, Activation.Relu, Selector = NodeSelector.Uniform, Share = 0.05)]
[Dense(10)]
internal sealed partial class PairedLayers : INetwork<PairedLayers>
{
    /// <summary>Runs the second layer's kernels over rows of listed nodes.</summary>
    public unsafe void RunRows(Workspace workspace, IndexSample nodes)
    {
        var layer = Architecture.Layers[1];
        var pass = new LayerPass
        {
            Input = ref *workspace.Activations(1),
            Parameters = ref *(Parameters.Pointer + Layout.Layers[1].Offset),
            Output = ref *workspace.Outputs(1),
            OutputGradient = ref *workspace.Gradients(1),
            InputGradient = ref *workspace.Gradients(0),
            Nodes = ref nodes.FirstIndex,
            NodeCount = (nuint)nodes.Count,
            Rows = 1,
            Begin = 0,
            End = (nuint)Layout.Layers[1].Panels,
        };
        ForwardSingle(layer.Kernel, in pass);
        InputGradientSingle(layer.Kernel, in pass);
        var rule = new SgdRule(0);
        WeightGradientSingle(layer.Kernel, in rule, in pass);
    }
}
