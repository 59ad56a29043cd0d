using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Whittle.Bench.Peers.Networks;
using Whittle.Bench.Peers.Protocol;

namespace Whittle.Bench.Peers.Contenders;

/// <summary>The networks compiled by Whittle, through the calls that users make.</summary>
/// <param name="threads">Threads in place of the workload's; null for those.</param>
/// <param name="isSampled">Whether the workload's sampled network runs in place of the exact one.</param>
/// <param name="isHogwild">Whether every row is a step of its own, on as many threads at the same time.</param>
internal sealed class OwnContender(int? threads = null, bool isSampled = false, bool isHogwild = false) : IContender
{
    public string Name => isHogwild ? $"Whittle, sampled, {(threads is null ? "Hogwild" : $"{threads} thread")}" : isSampled ? "Whittle, sampled" : threads is null ? "Whittle" : $"Whittle, {threads} thread";

    public string Version => $"{typeof(CompiledNetwork).Assembly.GetName().Version?.ToString(3)}, {InstructionSets.Active}";

    public IContenderRun Start(Workload workload)
    {
        workload = workload with { Threads = threads ?? workload.Threads, Sampled = isSampled ? workload.Sampled : null };
        return workload.Work switch
        {
            Work.Forward => new ForwardRun(workload),
            _ when isHogwild => new HogwildRun(workload, CreateNetwork(workload)),
            Work.InputGradient or Work.WeightGradient => new ProductRun(workload, CreateNetwork(workload)),
            _ => new StepRun(workload),
        };
    }

    public void Dispose()
    {
    }

    private static CompiledNetwork CreateNetwork(Workload workload)
    {
        var declared = workload.Sampled is { } name
            ? DeclaredNetworks.Sampled.Single(candidate => candidate.ClassName == name)
            : DeclaredNetworks.Find(workload.Shape, workload.BatchSize);
        var network = declared.Create(0);
        network.PredictionThreads = workload.Threads;
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

    private sealed class StepRun : ContenderRun, IExactRun, ISelectsNodes
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
                Threads = workload.Threads,
            });
        }

        public string ParameterDigest()
        {
            using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            for (var layer = 0; layer < Workload.Shape.Layers; layer++)
            {
                var weights = new float[Workload.Shape.Units[layer] * Workload.Shape.Units[layer + 1]];
                var biases = new float[Workload.Shape.Units[layer + 1]];
                network.GetWeights(layer, weights);
                network.GetBiases(layer, biases);
                digest.AppendData(MemoryMarshal.AsBytes<float>(weights));
                digest.AppendData(MemoryMarshal.AsBytes<float>(biases));
            }

            return Convert.ToHexString(digest.GetHashAndReset());
        }

        public IReadOnlyList<double> Recall()
        {
            const int Samples = 256;
            var batches = Math.Max(1, Samples / Workload.BatchSize);
            var sums = Array.Empty<double>();
            for (var batch = 0; batch < batches; batch++)
            {
                double[] measured = [.. session.MeasureLayers(Workload.BatchInputs(NextBatch()).Span).Select(layer => layer.Recall).OfType<double>()];
                sums = sums.Length == 0 ? new double[measured.Length] : sums;
                for (var layer = 0; layer < sums.Length; layer++)
                {
                    sums[layer] += measured[layer] / batches;
                }
            }

            return sums;
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
