using Whittle.Bench.Peers.Cases;
using Whittle.Bench.Peers.Measurement;
using Whittle.Bench.Peers.Protocol;

namespace Whittle.Bench.Peers.Contenders;

/// <summary>The contenders, started when a case first asks for them. One that cannot start is told of once and left out.</summary>
internal sealed class ContenderSet(PeerOptions options) : IDisposable
{
    private readonly Dictionary<ContenderKind, IContender?> started = [];

    /// <summary>Peers that cannot take part, one line each.</summary>
    public List<string> Absences { get; } = [];

    /// <summary>Those that took part.</summary>
    public IEnumerable<IContender> Started => started.Values.OfType<IContender>();

    /// <summary>A contender; null if it cannot take part.</summary>
    public IContender? Get(ContenderKind kind)
    {
        if (!started.TryGetValue(kind, out var contender))
        {
            try
            {
                contender = Create(kind);
            }
            catch (ContenderUnavailableException exception)
            {
                Absences.Add(exception.Message);
            }

            started[kind] = contender;
        }

        return contender;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var contender in Started)
        {
            contender.Dispose();
        }
    }

    private IContender Create(ContenderKind kind) => kind switch
    {
        ContenderKind.Own => new OwnContender(),
        ContenderKind.OwnOneThread => new OwnContender(threads: 1),
        ContenderKind.OwnSampled => new OwnContender(isSampled: true),
        ContenderKind.OwnHogwild => new OwnContender(isSampled: true, isHogwild: true),
        ContenderKind.OwnHogwildOneThread => new OwnContender(threads: 1, isSampled: true, isHogwild: true),
        ContenderKind.WeightPass => new WeightPassContender(),
        ContenderKind.OwnAvx2 => WorkerContender.Start("Whittle", ChildProcess.StartInfo(ChildProcess.Worker, (InstructionSets.OverrideVariable, "avx2"))),
        ContenderKind.OwnAot => AheadOfTimeWorker.Start(options),
        ContenderKind.OnnxRuntime => OnnxRuntimeContender.Create(),
        ContenderKind.TorchSharp => TorchWorkers.StartTorchSharp(options),
        ContenderKind.PyTorch => TorchWorkers.StartPyTorch(options, avx2Only: false),
        ContenderKind.PyTorchAvx2 => TorchWorkers.StartPyTorch(options, avx2Only: true),
        ContenderKind.Tensors => new TensorsContender(),
        ContenderKind.RuntimeShapes => RuntimeShapesContender.Create(),
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };
}
