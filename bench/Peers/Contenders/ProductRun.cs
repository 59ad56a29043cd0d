using System.Numerics.Tensors;
using Whittle.Bench.Peers.Networks;
using Whittle.Bench.Peers.Protocol;

namespace Whittle.Bench.Peers.Contenders;

/// <summary>
/// One product of the second layer with all that a step does for it: norms, the draw of indices, the update. Works on the first batch
/// again and again; the update has the learning rate 0, so that it is always the same work.
/// </summary>
internal sealed unsafe class ProductRun : ContenderRun
{
    private const int Layer = 1;

    private readonly CompiledNetwork network;
    private readonly Workspace workspace;
    private readonly SampledLayers? sampling;

    /// <summary>Runs forward and backward once, for activations and gradients to work on.</summary>
    public ProductRun(Workload workload, CompiledNetwork network)
        : base(workload)
    {
        this.network = network;
        workspace = new Workspace(network.Layout, workload.BatchSize, training: true, threads: 1);
        sampling = SampledLayers.ForTraining(network, seed: 1);
        var labels = workload.BatchLabels(0);
        var parameters = network.Parameters.Pointer;
        workspace.CopyInputs(workload.BatchInputs(0).Span, workload.Shape.Inputs, workload.BatchSize);
        network.Runner.Forward(parameters, workspace, workload.BatchSize);
        LossFunction.Create(Loss.SoftmaxCrossEntropy, workload.Shape.Outputs, null).Compute(workspace.Batch(workload.BatchSize, workload.Shape.Outputs, labels, default));
        for (var layer = workload.Shape.Layers - 1; layer >= Layer; layer--)
        {
            network.Runner.InputGradient(parameters, workspace, layer, workload.BatchSize);
        }
    }

    public override void Dispose()
    {
        sampling?.Dispose();
        workspace.Dispose();
        network.Dispose();
    }

    protected override double[] Logits() => throw new NotSupportedException();

    protected override double Step(int batch)
    {
        Run(1);
        return TensorPrimitives.Norm<float>(new ReadOnlySpan<float>(workspace.Gradients(Layer - 1), Workload.Shape.Units[Layer]));
    }

    protected override void Run(int passes)
    {
        var rows = Workload.BatchSize;
        var rule = new SgdRule(0);
        var parameters = network.Parameters.Pointer;
        for (var pass = 0; pass < passes; pass++)
        {
            sampling?.BeginBatch(rows, Workload.BatchLabels(0), default);
            if (Workload.Work == Work.InputGradient)
            {
                network.Runner.InputGradient(parameters, workspace, Layer, rows, sampling);
            }
            else
            {
                network.Runner.WeightGradient(in rule, parameters, null, null, workspace, Layer, rows, sampling);
            }

            sampling?.EndBatch(rows);
        }
    }
}

/// <summary>Reads and writes every parameter of the second layer once: the least that an update of all of them can take.</summary>
internal sealed class WeightPassContender : IContender
{
    public string Name => "one pass over the weights";

    public string Version => "System.Numerics.Tensors";

    public IContenderRun Start(Workload workload) => new WeightPass(workload);

    public void Dispose()
    {
    }

    private sealed unsafe class WeightPass(Workload workload) : ContenderRun(workload)
    {
        private readonly CompiledNetwork network = DeclaredNetworks.Find(workload.Shape, workload.BatchSize).Create(0);

        public override void Dispose() => network.Dispose();

        protected override double[] Logits() => throw new NotSupportedException();

        protected override double Step(int batch)
        {
            Run(1);
            return 0;
        }

        protected override void Run(int passes)
        {
            var layer = network.Layout.Layers[1];
            var weights = new Span<float>(network.Parameters.Pointer + layer.Offset, (int)layer.Length);
            for (var pass = 0; pass < passes; pass++)
            {
                TensorPrimitives.Multiply(weights, 1, weights);
            }
        }
    }
}
