namespace Whittle.Bench.Peers.Protocol;

/// <summary>A library that does the work of cases: ours, a peer, or either of them in another process.</summary>
public interface IContender : IDisposable
{
    /// <summary>Its name in tables.</summary>
    string Name { get; }

    /// <summary>Its version and what else decides its speed.</summary>
    string Version { get; }

    /// <summary>Prepares a workload: allocates everything, so that what is timed is only the work.</summary>
    IContenderRun Start(Workload workload);
}

/// <summary>A contender with one workload. The batches follow each other from the first on, also from call to call.</summary>
public interface IContenderRun : IDisposable
{
    /// <summary>
    /// Does the first work: for a forward pass the logits of the first batch, [rows, outputs]; for a training step the
    /// losses of the first <see cref="Workload.CheckedSteps"/> steps, each before its step. Called once, before any other.
    /// </summary>
    double[] Check();

    /// <summary>Does one pass (untimed, so that the caches are its own), then times passes.</summary>
    /// <param name="samples">How many times to take.</param>
    /// <param name="passes">Passes in a row that each time is the mean of.</param>
    /// <returns>Milliseconds of a pass, one for each sample.</returns>
    double[] Time(int samples, int passes);
}
