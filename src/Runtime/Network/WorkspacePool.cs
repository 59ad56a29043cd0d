namespace Whittle;

/// <summary>Workspaces for predictions, handed to one thread at a time and kept for the next.</summary>
internal sealed class WorkspacePool(ParameterLayout layout, int batchSize) : IDisposable
{
    // Enough rows to use each weight often while it is in the cache, in a bounded amount of memory.
    private const int PreferredRows = 128;
    private const nuint MostFloats = 8 << 20;

    private readonly Stack<Workspace> free = new();
    private readonly Lock gate = new();
    private bool disposed;

    /// <summary>Rows of one workspace: whole declared batches where they fit.</summary>
    public int Rows { get; } = ChooseRows(layout, batchSize);

    /// <summary>Takes a workspace, or makes one when all are in use.</summary>
    public Workspace Rent()
    {
        lock (gate)
        {
            if (free.TryPop(out var workspace))
            {
                return workspace;
            }
        }

        return new Workspace(layout, Rows, training: false);
    }

    /// <summary>Gives a workspace back.</summary>
    public void Return(Workspace workspace)
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

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (gate)
        {
            disposed = true;
            while (free.TryPop(out var workspace))
            {
                workspace.Dispose();
            }
        }
    }

    private static int ChooseRows(ParameterLayout layout, int batchSize)
    {
        var fitting = (int)Math.Clamp(MostFloats / Workspace.FloatsPerRow(layout), 1, (nuint)Math.Max(PreferredRows, batchSize));
        return fitting <= batchSize ? fitting : fitting / batchSize * batchSize;
    }
}
