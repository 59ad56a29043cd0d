using TorchSharp;
using Whittle.Bench.Peers.Protocol;
using static TorchSharp.torch;

namespace Whittle.Bench.Peers.Torch;

/// <summary>TorchSharp on libtorch, as its users write it: Sequential, a loss, an optimiser; the batches are tensors beforehand.</summary>
internal sealed class TorchSharpContender : IContender
{
    public TorchSharpContender() => InitializeDeviceType(DeviceType.CPU);

    public string Name => "TorchSharp";

    public string Version { get; } =
        $"{typeof(torch).Assembly.GetName().Version?.ToString(3)}, libtorch {__version__}, {Environment.GetEnvironmentVariable("OMP_NUM_THREADS")} thread";

    public IContenderRun Start(Workload workload) => new TorchRun(workload);

    public void Dispose()
    {
    }

    private sealed class TorchRun : ContenderRun
    {
        private readonly nn.Module<Tensor, Tensor> network;
        private readonly optim.Optimizer? optimizer;
        private readonly Loss<Tensor, Tensor, Tensor> loss;
        private readonly Tensor[] inputs;
        private readonly Tensor[] truths;

        public TorchRun(Workload workload)
            : base(workload)
        {
            var (shape, batch) = (workload.Shape, workload.BatchSize);
            set_num_threads(workload.Threads);
            var layers = new List<nn.Module<Tensor, Tensor>>();
            for (var layer = 0; layer < shape.Layers; layer++)
            {
                layers.Add(Linear(workload, layer));
                if (layer < shape.Layers - 1)
                {
                    layers.Add(nn.ReLU());
                }
            }

            network = nn.Sequential(layers);
            inputs = [.. Enumerable.Range(0, workload.Batches).Select(index => tensor(workload.BatchInputs(index).ToArray(), [batch, shape.Inputs]))];
            var isClassified = shape.Objective == Objective.CrossEntropy;
            truths = [.. Enumerable.Range(0, workload.Batches).Select(index => isClassified
                ? tensor(workload.BatchLabels(index).ToArray().Select(label => (long)label).ToArray(), [batch])
                : tensor(workload.BatchTargets(index).ToArray(), [batch, shape.Outputs]))];
            loss = isClassified ? nn.CrossEntropyLoss() : nn.MSELoss();
            optimizer = workload.Work switch
            {
                Work.SgdStep => optim.SGD(network.parameters(), workload.LearningRate),
                Work.AdamStep => optim.Adam(network.parameters(), workload.LearningRate),
                _ => null,
            };
        }

        public override void Dispose()
        {
            optimizer?.Dispose();
            network.Dispose();
            loss.Dispose();
            foreach (var batch in inputs.Concat(truths))
            {
                batch.Dispose();
            }
        }

        protected override double[] Logits()
        {
            using var mode = inference_mode();
            using var logits = network.call(inputs[0]);
            return [.. logits.data<float>().ToArray().Select(logit => (double)logit)];
        }

        protected override double Step(int batch)
        {
            using var scope = NewDisposeScope();
            return StepLoss(batch).item<float>();
        }

        protected override void Run(int passes)
        {
            if (Workload.Work == Work.Forward)
            {
                using var mode = inference_mode();
                for (var pass = 0; pass < passes; pass++)
                {
                    network.call(inputs[NextBatch()]).Dispose();
                }

                return;
            }

            for (var pass = 0; pass < passes; pass++)
            {
                using var scope = NewDisposeScope();
                StepLoss(NextBatch());
            }
        }

        private Tensor StepLoss(int batch)
        {
            optimizer!.zero_grad();
            var value = loss.call(network.call(inputs[batch]), truths[batch]);
            value.backward();
            optimizer.step();
            return value;
        }

        private static TorchSharp.Modules.Linear Linear(Workload workload, int layer)
        {
            var (from, to) = (workload.Shape.Units[layer], workload.Shape.Units[layer + 1]);
            var linear = nn.Linear(from, to);
            using var off = no_grad();
            using var weights = tensor(workload.Weights[layer], [to, from]);
            using var biases = tensor(workload.Biases[layer], [to]);
            linear.weight.copy_(weights);
            linear.bias!.copy_(biases);
            return linear;
        }
    }
}
