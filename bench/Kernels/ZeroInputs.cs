using BenchmarkDotNet.Attributes;

namespace Whittle.Bench.Kernels;

/// <summary>
/// The forward product of a mini-batch some of whose inputs are zero in every row, as ink never reaches the corners of a digit's image: by the kernel of
/// all inputs, and by that of a list, for which the others are packed side by side. Compared before anything is timed.
/// </summary>
public class ZeroInputs
{
    private const int Inputs = 784;

    private AllInputs all = null!;
    private ListedInputs listed = null!;
    private Workspace workspace = null!;
    private IndexSample list = null!;

    /// <summary>Rows of the batch.</summary>
    [Params(20, 128)]
    public int Rows { get; set; }

    /// <summary>Inputs that are not zero in every row, in percent: of MNIST's images 54 at 20 rows, 67 at 128; of Fashion-MNIST's 93 and 99.</summary>
    [Params(25, 54, 75, 100)]
    public int Used { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        (all, listed) = (new AllInputs(seed: 1), new ListedInputs(seed: 1));
        workspace = new Workspace(listed.Layout, Rows, training: true, threads: 1);
        list = new IndexSample(Inputs);
        var random = new Random(1);
        foreach (var input in Enumerable.Range(0, Inputs).OrderBy(_ => random.Next()).Take(Inputs * Used / 100).Order())
        {
            list.Add(input, 1);
        }

        for (var row = 0; row < Rows; row++)
        {
            var x = workspace.Row(0, row, Inputs);
            x.Clear();
            foreach (var input in list.Indices)
            {
                x[input] = random.NextSingle();
            }
        }

        Kernel();
        var expected = Outputs();
        PackedList();
        var outputs = Outputs();
        for (var index = 0; index < expected.Length; index++)
        {
            if (expected[index] != outputs[index])
            {
                throw new InvalidOperationException($"The list gives {outputs[index]} where all inputs give {expected[index]}.");
            }
        }
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        workspace.Dispose();
        all.Dispose();
        listed.Dispose();
    }

    [Benchmark(Baseline = true)]
    public void Kernel() => all.Run(workspace, Rows);

    [Benchmark]
    public unsafe void PackedList()
    {
        for (var row = 0; row < Rows; row++)
        {
            var x = workspace.Activations(0) + ((nuint)row * workspace.Stride(0));
            var packed = workspace.PackedInputs + ((nuint)row * workspace.Stride(0));
            var position = 0;
            foreach (var input in list.Indices)
            {
                packed[position++] = x[input];
            }
        }

        listed.Run(workspace, Rows, list);
    }

    private float[] Outputs() => [.. Enumerable.Range(0, Rows).SelectMany(row => workspace.Row(1, row, 1000).ToArray())];
}

/// <summary>A layer whose forward kernel walks all inputs.</summary>
[Network(Inputs = 784, BatchSize = 20)]
[Dense(1000, Activation.Relu)]
[Dense(10)]
internal sealed partial class AllInputs : INetwork<AllInputs>
{
    /// <summary>Runs the forward kernel of the first layer.</summary>
    public unsafe void Run(Workspace workspace, int rows)
    {
        var pass = new LayerPass
        {
            Input = ref *workspace.Activations(0),
            Parameters = ref *(Parameters.Pointer + Layout.Layers[0].Offset),
            Output = ref *workspace.Outputs(0),
            Rows = (nuint)rows,
            Begin = 0,
            End = (nuint)Layout.Layers[0].Panels,
        };
        Forward(Architecture.Layers[0].Kernel, in pass);
    }
}

/// <summary>The same with the kernel of a list.</summary>
[Network(Inputs = 784, BatchSize = 20)]
[InputSampled(1000, Activation.Relu, Estimator = InputEstimator.Uniform, Share = 0.5, Products = SampledProducts.Forward)]
[Dense(10)]
internal sealed partial class ListedInputs : INetwork<ListedInputs>
{
    /// <summary>Runs the forward kernel of the first layer on packed inputs.</summary>
    public unsafe void Run(Workspace workspace, int rows, IndexSample inputs)
    {
        var pass = new LayerPass
        {
            Input = ref *workspace.PackedInputs,
            Parameters = ref *(Parameters.Pointer + Layout.Layers[0].Offset),
            Output = ref *workspace.Outputs(0),
            NonZero = ref inputs.FirstIndex,
            NonZeroCount = (nuint)inputs.Count,
            Rows = (nuint)rows,
            Begin = 0,
            End = (nuint)Layout.Layers[0].Panels,
        };
        ForwardListed(Architecture.Layers[0].Kernel, in pass);
    }
}
