namespace Whittle;

/// <content>A training in a file, and what has to be brought up to date for it.</content>
public sealed unsafe partial class TrainingSession
{
    /// <summary>
    /// Saves the network together with the moments and the number of steps, so that the training can be resumed: it then has the bits of
    /// this one, whose next step derives hash tables and sketches anew.
    /// </summary>
    /// <param name="path">The file, replaced if it exists; <see cref="ModelFile.Load{TNetwork}"/> reads the network alone from it.</param>
    /// <exception cref="ModelFileException">The file cannot be written.</exception>
    public void Save(string path)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        ThrowIfHogwild();
        CatchUp();
        ModelFile.Save(path, Network, this);
        ForgetDerived();
    }

    /// <summary>
    /// Brings the rows of node-sampled layers that recent steps did not touch to where these steps' decay takes them. Matters where the
    /// optimiser's weight decay shrinks weights by itself (SGD without momentum, AdamW): a network otherwise predicts with weights that
    /// have some of it outstanding. <see cref="Save"/>, <see cref="Dispose"/> and <see cref="Trainer"/>, after each epoch, do it by themselves.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The network or the session was disposed.</exception>
    public void CatchUp()
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        ThrowIfHogwild();
        ForgetReplacedWeights();
        using var lease = Network.UseParameters();
        for (var layer = 0; layer < missed.Length; layer++)
        {
            missed[layer]?.CatchUpAll(StepCount, Network.Parameters.Pointer, MomentsOf(layer));
        }

        if (Options.Optimizer.Decay.Weights > 0)
        {
            MarkParametersChanged();
        }
    }

    /// <summary>Replaces the network's parameters, the moments and the number of steps by those of a saved training.</summary>
    /// <param name="path">A file that <see cref="Save"/> wrote, for an equal network and an optimiser of the same name.</param>
    /// <exception cref="ModelFileException">The file cannot be read or does not fit; nothing was changed unless the disk failed.</exception>
    public void Load(string path)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        ThrowIfHogwild();
        ModelFile.Restore(path, this);
        MarkParametersChanged();
        ForgetDerived();
        foreach (var layer in missed)
        {
            layer?.Reset(StepCount);
        }
    }
}
