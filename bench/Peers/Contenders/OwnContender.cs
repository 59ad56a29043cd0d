using Whittle.Bench.Peers.Networks;
using Whittle.Bench.Peers.Protocol;

namespace Whittle.Bench.Peers.Contenders;

/// <summary>The networks compiled by Whittle, through the calls that users make.</summary>
internal sealed class OwnContender : IContender
{
    public string Name => "Whittle";

    public string Version => $"{typeof(CompiledNetwork).Assembly.GetName().Version?.ToString(3)}, {InstructionSets.Active}";

    public IContenderRun Start(Workload workload) => workload.Work == Work.Forward ? new ForwardRun(workload) : new StepRun(workload);

    public void Dispose()
    {
    }

    private static CompiledNetwork CreateNetwork(Workload workload)
    {
        var network = DeclaredNetworks.Find(workload.Shape, workload.BatchSize).Create(0);
        for (var layer = 0; layer < workload.Shape.Layers; layer++)
        {
            network.SetWeights(layer, workload.Weights[layer]);
            network.SetBiases(layer, workload.Biases[layer]);
        }

        return network;
    }

    private sealed class ForwardRun(Workload workload) : ContenderRun(workload)
    {
        private readonly CompiledNetwork network = CreateNetwork(workload);
        private readonly float[] logits = new float[workload.BatchSize * workload.Shape.Outputs];

        public override void Dispose() => network.Dispose();

        protected override double[] Logits()
        {
            network.Logits(Workload.BatchInputs(0).Span, logits);
            return [.. logits.Select(logit => (double)logit)];
        }

        protected override double Step(int batch) => throw new NotSupportedException();

        protected override void Run(int passes)
        {
            for (var pass = 0; pass < passes; pass++)
            {
                network.Logits(Workload.BatchInputs(NextBatch()).Span, logits);
            }
        }
    }

    private sealed class StepRun : ContenderRun
    {
        private readonly CompiledNetwork network;
        private readonly TrainingSession session;

        public StepRun(Workload workload)
            : base(workload)
        {
            network = CreateNetwork(workload);
            session = new TrainingSession(network, new StepOptions
            {
                Optimizer = workload.Work == Work.AdamStep ? Optimizer.Adam(workload.LearningRate) : Optimizer.Sgd(workload.LearningRate),
            });
        }

        public override void Dispose()
        {
            session.Dispose();
            network.Dispose();
        }

        protected override double[] Logits() => throw new NotSupportedException();

        protected override double Step(int batch)
        {
            var inputs = Workload.BatchInputs(batch).Span;
            return Workload.Shape.Objective == Objective.CrossEntropy
                ? session.Step(inputs, Workload.BatchLabels(batch))
                : session.Step(inputs, Workload.BatchTargets(batch));
        }

        protected override void Run(int passes)
        {
            for (var pass = 0; pass < passes; pass++)
            {
                Step(NextBatch());
            }
        }
    }
}
