namespace Whittle;

/// <summary>Workspaces for predictions, handed to one thread at a time and kept for the next.</summary>
internal sealed class WorkspacePool(CompiledNetwork network) : IDisposable
{
    // Enough rows to use each weight often while it is in the cache, in a bounded amount of memory.
    private const int PreferredRows = 128;
    private const nuint MostFloats = 8 << 20;

    private readonly Stack<Workspace> free = new();
    private readonly Lock gate = new();
    private Workspace? last;
    private volatile bool disposed;

    /// <summary>Rows of one workspace: whole declared batches where they fit.</summary>
    public int Rows { get; } = ChooseRows(network.Layout, network.Architecture.BatchSize);

    /// <summary>Takes a workspace, or makes one when all are in use. Whoever has it is alone with it until it is returned.</summary>
    public Workspace Rent() => Interlocked.Exchange(ref last, null) ?? RentAnother();

    /// <summary>Gives a workspace back.</summary>
    public void Return(Workspace workspace)
    {
        // One place without a lock: of a small network, locks would cost more than its arithmetic.
        if (disposed || Interlocked.CompareExchange(ref last, workspace, null) is not null)
        {
            ReturnAnother(workspace);
        }
        else if (disposed)
        {
            // Disposed meanwhile: either that call has found the workspace, or this one does.
            Interlocked.Exchange(ref last, null)?.Dispose();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (gate)
        {
            disposed = true;
            Interlocked.Exchange(ref last, null)?.Dispose();
            while (free.TryPop(out var workspace))
            {
                workspace.Dispose();
            }
        }
    }

    private Workspace RentAnother()
    {
        lock (gate)
        {
            if (free.TryPop(out var workspace))
            {
                return workspace;
            }
        }

        using var lease = network.UseParameters();
        return new Workspace(network.Layout, Rows, training: false, Environment.ProcessorCount, keeps: network.Parameters)
        {
            Sampling = SampledLayers.ForPrediction(network),
        };
    }

    private void ReturnAnother(Workspace workspace)
    {
        lock (gate)
        {
            if (!disposed)
            {
                free.Push(workspace);
                return;
            }
        }

        workspace.Dispose();
    }

    private static int ChooseRows(ParameterLayout layout, int batchSize)
    {
        var fitting = (int)Math.Clamp(MostFloats / Workspace.FloatsPerRow(layout), 1, (nuint)Math.Max(PreferredRows, batchSize));
        return fitting <= batchSize ? fitting : fitting / batchSize * batchSize;
    }
}
