using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Whittle.Bench.Peers.Protocol;

namespace Whittle.Bench.Peers.Contenders;

/// <summary>
/// ONNX Runtime at its best for a fixed batch: all graph optimisations, weights packed at load time, inputs and outputs
/// bound to memory beforehand so that a pass neither allocates nor copies. It infers only.
/// </summary>
internal sealed class OnnxRuntimeContender : IContender
{
    public string Name => "ONNX Runtime";

    public string Version => OrtEnv.Instance().GetVersionString();

    /// <summary>Loads the native library.</summary>
    /// <exception cref="ContenderUnavailableException">There is none for this system.</exception>
    public static OnnxRuntimeContender Create()
    {
        try
        {
            OrtEnv.Instance();
            return new OnnxRuntimeContender();
        }
        catch (Exception exception) when (exception is TypeInitializationException or DllNotFoundException)
        {
            throw new ContenderUnavailableException($"ONNX Runtime is left out: its native library does not load ({exception.GetBaseException().Message}).", exception);
        }
    }

    public IContenderRun Start(Workload workload) => workload.Work == Work.Forward
        ? new ForwardRun(workload)
        : throw new NotSupportedException("ONNX Runtime does not train.");

    public void Dispose()
    {
    }

    private sealed class ForwardRun : ContenderRun
    {
        private readonly InferenceSession session;
        private readonly RunOptions options = new();
        private readonly float[] logits;
        private readonly OrtValue output;
        private readonly OrtValue[] inputs;
        private readonly OrtIoBinding[] bindings;

        public ForwardRun(Workload workload)
            : base(workload)
        {
            using var sessionOptions = new SessionOptions
            {
                IntraOpNumThreads = workload.Threads,
                InterOpNumThreads = 1,
                ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
                GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            };
            session = new InferenceSession(OnnxModel.Serialize(workload), sessionOptions);
            logits = new float[workload.BatchSize * workload.Shape.Outputs];
            output = Value(logits, workload.BatchSize, workload.Shape.Outputs);
            inputs = new OrtValue[workload.Batches];
            bindings = new OrtIoBinding[workload.Batches];
            for (var batch = 0; batch < workload.Batches; batch++)
            {
                // Bound as an input, it is only read.
                var memory = MemoryMarshal.AsMemory(workload.BatchInputs(batch));
                inputs[batch] = Value(memory, workload.BatchSize, workload.Shape.Inputs);
                bindings[batch] = session.CreateIoBinding();
                bindings[batch].BindInput(OnnxModel.Input, inputs[batch]);
                bindings[batch].BindOutput(OnnxModel.Output, output);
            }
        }

        public override void Dispose()
        {
            foreach (var binding in bindings)
            {
                binding.Dispose();
            }

            foreach (var input in inputs)
            {
                input.Dispose();
            }

            output.Dispose();
            options.Dispose();
            session.Dispose();
        }

        protected override double[] Logits()
        {
            session.RunWithBinding(options, bindings[0]);
            return [.. logits.Select(logit => (double)logit)];
        }

        protected override double Step(int batch) => throw new NotSupportedException();

        protected override void Run(int passes)
        {
            for (var pass = 0; pass < passes; pass++)
            {
                session.RunWithBinding(options, bindings[NextBatch()]);
            }
        }

        private static OrtValue Value(Memory<float> memory, params long[] shape) =>
            OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, memory, shape);
    }
}
