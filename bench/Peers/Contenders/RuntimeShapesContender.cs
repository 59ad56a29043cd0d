using Whittle.Bench.Peers.Protocol;
using Whittle.Bench.Peers.RuntimeShapes;

namespace Whittle.Bench.Peers.Contenders;

/// <summary>Our algorithm by hand with shapes known only at run time, in the instruction set of the generated code.</summary>
internal sealed class RuntimeShapesContender : IContender
{
    private RuntimeShapesContender()
    {
    }

    public string Name => "run-time shapes";

    public string Version => $"bench/Peers/RuntimeShapes, {InstructionSets.Active}";

    /// <summary>Where vectors of 512 or 256 bits run.</summary>
    /// <exception cref="ContenderUnavailableException">It is written for wider vectors than there are.</exception>
    public static RuntimeShapesContender Create() => InstructionSets.Active >= InstructionSet.Avx2 && InstructionSets.Active <= InstructionSets.Supported
        ? new RuntimeShapesContender()
        : throw new ContenderUnavailableException("The kernels with shapes known only at run time are left out: they are written for AVX-512 and AVX2.");

    public IContenderRun Start(Workload workload) => InstructionSets.Active == InstructionSet.Avx512
        ? new RuntimeShapesRun<Vector16>(workload)
        : new RuntimeShapesRun<Vector8>(workload);

    public void Dispose()
    {
    }

    private sealed class RuntimeShapesRun<TVector> : ContenderRun
        where TVector : struct, IVector<TVector>
    {
        // In single precision, sums of a thousand products are good for five digits.
        private const double Tolerance = 1e-4;

        // The reference takes seconds for more rows; this many turn W round.
        private const int LargestChecked = 128;
        private readonly RuntimeShapesNetwork<TVector> network;

        public RuntimeShapesRun(Workload workload)
            : base(workload)
        {
            if (workload.BatchSize <= LargestChecked)
            {
                CheckAgainstDoublePrecision(workload);
            }

            network = new RuntimeShapesNetwork<TVector>(workload);
        }

        public override void Dispose()
        {
        }

        protected override double[] Logits()
        {
            network.Forward(Workload.BatchInputs(0).Span);
            return [.. Enumerable.Range(0, Workload.BatchSize).SelectMany(row => network.Logits(row).ToArray()).Select(logit => (double)logit)];
        }

        protected override double Step(int batch) => network.Step(Workload.BatchInputs(batch).Span, Workload.BatchLabels(batch), Workload.LearningRate);

        protected override void Run(int passes)
        {
            for (var pass = 0; pass < passes; pass++)
            {
                var batch = NextBatch();
                if (Workload.Work == Work.Forward)
                {
                    network.Forward(Workload.BatchInputs(batch).Span);
                }
                else
                {
                    Step(batch);
                }
            }
        }

        private static void CheckAgainstDoublePrecision(Workload workload)
        {
            // A rate of one, so that the update is as large as what it updates.
            var checkedWork = workload with { LearningRate = 1 };
            var actual = new RuntimeShapesNetwork<TVector>(checkedWork);
            actual.Step(checkedWork.BatchInputs(0).Span, checkedWork.BatchLabels(0), checkedWork.LearningRate);
            var expected = new DoubleReference(checkedWork);
            for (var row = 0; row < workload.BatchSize; row++)
            {
                for (var output = 0; output < workload.Shape.Outputs; output++)
                {
                    Check(actual.Logits(row)[output], expected.Logits[row][output], "logit", row, output);
                }
            }

            for (var layer = 0; layer < workload.Shape.Layers; layer++)
            {
                var (inputs, outputs) = (workload.Shape.Units[layer], workload.Shape.Units[layer + 1]);
                for (var output = 0; output < outputs; output++)
                {
                    Check(actual.Parameter(layer, output, inputs), expected.Biases[layer][output], "bias", layer, output);
                    for (var input = 0; input < inputs; input++)
                    {
                        Check(actual.Parameter(layer, output, input), expected.Weights[layer][(output * inputs) + input], "weight", layer, (output * inputs) + input);
                    }
                }
            }
        }

        private static void Check(float actual, double expected, string what, int group, int index)
        {
            if (!(Math.Abs(actual - expected) <= Tolerance * Math.Max(1, Math.Abs(expected))))
            {
                throw new InvalidOperationException(FormattableString.Invariant(
                    $"The kernels with shapes known at run time are wrong: {what} {index} of {group} is {actual}, in double precision {expected}."));
            }
        }
    }
}
