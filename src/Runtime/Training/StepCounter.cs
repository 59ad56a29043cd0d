namespace Whittle;

/// <summary>The number of steps of a training, and of changes to the network that they made. Several threads may do steps of one training.</summary>
internal sealed class StepCounter
{
    private long steps;
    private long parameterVersion;

    /// <summary>Whether several threads do steps.</summary>
    public bool IsShared { get; set; }

    /// <summary>Steps done so far; with several threads, those begun.</summary>
    public long Steps
    {
        get => Volatile.Read(ref steps);
        set => Volatile.Write(ref steps, value);
    }

    /// <summary>The version of the network's parameters after the last step, unless someone else has changed them.</summary>
    public long ParameterVersion
    {
        get => Volatile.Read(ref parameterVersion);
        set => Volatile.Write(ref parameterVersion, value);
    }

    /// <summary>Begins a step.</summary>
    /// <returns>Its number, 1 for the first.</returns>
    public long Begin() => IsShared ? Interlocked.Increment(ref steps) : steps + 1;

    /// <summary>Ends a step that has changed parameters.</summary>
    public void End(long step)
    {
        if (!IsShared)
        {
            Steps = step;
        }
    }

    /// <summary>Ends a step that has changed nothing.</summary>
    public void TakeBack()
    {
        if (IsShared)
        {
            Interlocked.Decrement(ref steps);
        }
    }

    /// <summary>Tells that a step has changed the parameters, as the network is told.</summary>
    public void MarkParametersChanged()
    {
        if (IsShared)
        {
            Interlocked.Increment(ref parameterVersion);
        }
        else
        {
            ParameterVersion++;
        }
    }
}
