using Whittle.Bench.Peers.Cases;
using Whittle.Bench.Peers.Contenders;
using Whittle.Bench.Peers.Protocol;

namespace Whittle.Bench.Peers.Measurement;

/// <summary>
/// Runs a case: everyone gets the same workload, the results are compared, then turns are taken in rounds, so that
/// whatever slows the machine down slows all of them. Only one contender computes at a time.
/// </summary>
internal sealed class Comparison(ContenderSet contenders, WorkloadFactory workloads, Effort effort)
{
    // A single clock reading takes some 25 ns; a sample lasts a thousand times as long.
    private static readonly TimeSpan ShortestSample = TimeSpan.FromMicroseconds(25);
    private const int MostSamplesPerTurn = 100;

    /// <summary>Peers that computed something else than ours did, one line each.</summary>
    public List<string> Disagreements { get; } = [];

    /// <summary>Measures a case.</summary>
    /// <param name="test">The case.</param>
    /// <param name="cancellation">Stops between turns.</param>
    public CaseResult Run(BenchmarkCase test, CancellationToken cancellation)
    {
        var workload = workloads.Create(test);
        var own = contenders.Get(test.Own)!;
        var turns = new List<Turns>();
        try
        {
            turns.Add(new Turns(own.Name, own.Start(workload)));
            var expected = turns[0].Run.Check();
            if (!expected.All(double.IsFinite))
            {
                Disagreements.Add($"{test.Name}: {own.Name} gives numbers that are not finite.");
            }

            foreach (var peer in test.Peers.Select(contenders.Get).OfType<IContender>())
            {
                cancellation.ThrowIfCancellationRequested();
                var run = peer.Start(workload);
                var given = run.Check();
                if (test.Sampled is null && (Agreement.Difference(workload, expected, given) ?? Agreement.BitDifference(turns[0].Run, run)) is { } difference)
                {
                    Disagreements.Add($"{test.Name}: {peer.Name} does not compute what we do: {difference}.");
                    run.Dispose();
                    continue;
                }

                turns.Add(new Turns(peer.Name, run));
            }

            foreach (var turn in turns)
            {
                cancellation.ThrowIfCancellationRequested();
                turn.WarmUp(effort);
            }

            for (var round = 0; round < effort.Rounds; round++)
            {
                foreach (var turn in turns)
                {
                    cancellation.ThrowIfCancellationRequested();
                    turn.Take();
                }
            }

            IReadOnlyList<double> recall = test.Sampled is not null && turns[0].Run is ISelectsNodes selection ? selection.Recall() : [];
            return new CaseResult(test, turns[0].Spread, [.. turns.Skip(1).Select(turn => new PeerResult(turn.Name, turn.Spread))], recall);
        }
        finally
        {
            foreach (var turn in turns)
            {
                turn.Run.Dispose();
            }
        }
    }

    /// <summary>A contender's turns: how many passes make a sample, how many samples a turn, and their times.</summary>
    private sealed class Turns(string name, IContenderRun run)
    {
        private readonly List<double> times = [];
        private int samples = 1;
        private int passes = 1;

        public string Name => name;

        public IContenderRun Run => run;

        public Spread Spread => Spread.Of(times);

        // In growing portions: a first pass may take a thousand times as long as the next.
        public void WarmUp(Effort effort)
        {
            var pass = run.Time(1, 1)[0];
            for (var left = effort.WarmUp.TotalMilliseconds - pass; left > 0;)
            {
                var count = Math.Max(1, (int)Math.Min(left / pass, 4 * (effort.WarmUp.TotalMilliseconds - left) / pass));
                pass = run.Time(1, count)[0];
                left -= count * pass;
            }

            passes = Math.Max(1, (int)Math.Ceiling(ShortestSample.TotalMilliseconds / pass));
            samples = Math.Clamp((int)(effort.Turn.TotalMilliseconds / (passes * pass)), 1, MostSamplesPerTurn);
        }

        public void Take() => times.AddRange(run.Time(samples, passes));
    }
}
