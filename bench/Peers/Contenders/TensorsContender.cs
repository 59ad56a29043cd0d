using Whittle.Bench.Peers.Protocol;
using Whittle.Examples.Baselines;

namespace Whittle.Bench.Peers.Contenders;

/// <summary>The network as one writes it in C# with System.Numerics.Tensors. It trains with cross-entropy only.</summary>
internal sealed class TensorsContender : IContender
{
    public string Name => "System.Numerics.Tensors";

    public string Version => $"{typeof(System.Numerics.Tensors.TensorPrimitives).Assembly.GetName().Version?.ToString(3)}";

    public IContenderRun Start(Workload workload) => workload.Shape.Objective == Objective.CrossEntropy
        ? new TensorsRun(workload)
        : throw new NotSupportedException("The baseline with System.Numerics.Tensors trains with cross-entropy only.");

    public void Dispose()
    {
    }

    private sealed class TensorsRun : ContenderRun
    {
        private readonly TensorPrimitivesNetwork network;

        public TensorsRun(Workload workload)
            : base(workload)
        {
            network = new TensorPrimitivesNetwork([.. workload.Shape.Units], workload.BatchSize, workload.Work == Work.AdamStep);
            for (var layer = 0; layer < workload.Shape.Layers; layer++)
            {
                workload.Weights[layer].CopyTo(network.Layers[layer].Weights, 0);
                workload.Biases[layer].CopyTo(network.Layers[layer].Biases, 0);
            }
        }

        public override void Dispose()
        {
        }

        protected override double[] Logits() => [.. network.Run(Workload.BatchInputs(0).Span).ToArray().Select(logit => (double)logit)];

        protected override double Step(int batch) =>
            network.Step(Workload.BatchInputs(batch).Span, Workload.BatchLabels(batch), Workload.LearningRate);

        protected override void Run(int passes)
        {
            for (var pass = 0; pass < passes; pass++)
            {
                var batch = NextBatch();
                if (Workload.Work == Work.Forward)
                {
                    network.Run(Workload.BatchInputs(batch).Span);
                }
                else
                {
                    Step(batch);
                }
            }
        }
    }
}
