namespace Whittle;

/// <content>Training on several threads without locks.</content>
public sealed unsafe partial class TrainingSession
{
    private int partners;

    /// <summary>Whether steps of other sessions may run at the same time.</summary>
    internal bool IsShared => counter.IsShared;

    private TrainingSession(TrainingSession first, int member)
    {
        this.first = first;
        (Network, Options, counter) = (first.Network, first.Options with { Threads = 1 }, first.counter);
        (frozen, lowestTrained, moments) = (first.frozen, first.lowestTrained, first.moments);
        loss = NewLoss();
        gradients = NewGradients();
        recorder = NewRecorder();
        workspace = NewWorkspace(Network.Architecture.BatchSize);
        sampledLayers = first.sampledLayers?.Share(member);
        missed = [.. first.missed.Select(layer => layer?.Share())];
        for (var layer = 0; layer < missed.Length; layer++)
        {
            if (missed[layer] is not null)
            {
                sampledLayers![layer]!.Missed = missed[layer];
            }
        }
    }

    /// <summary>
    /// Makes a session for another thread of this training: its steps and those of this one may run at the same time, without locks
    /// (Hogwild, Niu et al. 2011). The network, moments, the number of steps, hash tables, sketches and norms are shared; working memory and
    /// draws are its own. The price is that results vary from run to run: steps that overlap see some of each other's changes, and
    /// a change may be lost where two threads write the same weight. It pays where steps touch few weights, as sampled layers at small batches do.
    /// </summary>
    /// <remarks>
    /// Each session belongs to one thread at a time. Save, load, catch up and dispose of the first session only while no other one is
    /// in a step. What is due for hash tables, sketches and norms is done by the thread that finds it due, while others go on; a refresh
    /// of a sketch they wait for.
    /// </remarks>
    /// <exception cref="InvalidOperationException">The loss is a custom one, which is called on one thread; or this session was itself made so.</exception>
    /// <exception cref="ObjectDisposedException">The network or the session was disposed.</exception>
    public TrainingSession CreateHogwildSession()
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        ThrowIfHogwild();
        if (Options.CustomLoss is not null)
        {
            throw new InvalidOperationException("A custom loss is called on one thread only; Hogwild training needs the declared loss.");
        }

        counter.IsShared = true;
        return new TrainingSession(this, ++partners);
    }

    private void ThrowIfHogwild()
    {
        if (first is not null)
        {
            throw new InvalidOperationException("This session only does steps for another one, which made it with CreateHogwildSession; call that one.");
        }
    }
}
