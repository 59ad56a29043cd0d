using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace Whittle;

/// <summary>
/// The worker threads of the process, one fewer than it has processors: forks the parts of one piece of work at a time
/// and joins them. Who runs a part is open, what it computes is not, so results do not depend on the number of threads.
/// Work that finds the team busy, be it with work that asks for more from within, runs on its caller alone: sessions never
/// oversubscribe the machine.
/// </summary>
internal sealed unsafe class ThreadTeam
{
    /// <summary>Rounds of waiting in which a worker stays awake between two pieces of work: some 100 microseconds.</summary>
    private const int RoundsAwake = 2000;

    /// <summary>The low half of the state when no part may be taken.</summary>
    private const uint Closed = uint.MaxValue;

    private readonly Lock owner = new();
    private readonly object gate = new();
    private readonly int workers;
    private bool started;
    private int asleep;

    // The number of the work in the high half, the next part in the low half. The fields below it change only while it
    // is closed, so that a worker which takes a part by exchanging the whole state has read the fields of that work.
    private ulong state = Closed;
    private delegate*<void*, int, int, void> run;
    private void* work;
    private int parts;
    private int finished;
    private ExceptionDispatchInfo? failure;

    private ThreadTeam(int workers) => this.workers = workers;

    /// <summary>The team of this process.</summary>
    public static ThreadTeam Shared { get; } = new(Environment.ProcessorCount - 1);

    /// <summary>Runs all parts of some work and returns when they are done.</summary>
    /// <param name="work">The work; stays where it is until the parts are done.</param>
    /// <param name="parts">How many parts, at least 1.</param>
    public void Run<TWork>(ref TWork work, int parts)
        where TWork : struct, IParallelWork
    {
        if (parts == 1 || workers == 0 || owner.IsHeldByCurrentThread || !owner.TryEnter())
        {
            for (var part = 0; part < parts; part++)
            {
                work.Run(part, parts);
            }

            return;
        }

        try
        {
            // A struct in the frame of the caller, which waits: it cannot move.
            Fork(Unsafe.AsPointer(ref work), &RunPart<TWork>, parts);
        }
        finally
        {
            owner.Exit();
        }
    }

    private static void RunPart<TWork>(void* work, int part, int parts)
        where TWork : struct, IParallelWork => Unsafe.AsRef<TWork>(work).Run(part, parts);

    private void Fork(void* work, delegate*<void*, int, int, void> run, int parts)
    {
        Start();
        this.work = work;
        this.run = run;
        this.parts = parts;
        finished = 0;
        var number = (Volatile.Read(ref state) >> 32) + 1;
        Interlocked.Exchange(ref state, number << 32);
        if (Volatile.Read(ref asleep) > 0)
        {
            lock (gate)
            {
                Monitor.PulseAll(gate);
            }
        }

        TakeParts();
        var wait = new SpinWait();
        while (Volatile.Read(ref finished) < parts)
        {
            wait.SpinOnce(sleep1Threshold: -1);
        }

        Interlocked.Exchange(ref state, (number << 32) | Closed);
        if (failure is { } thrown)
        {
            failure = null;
            thrown.Throw();
        }
    }

    private void TakeParts()
    {
        for (; ; )
        {
            var seen = Volatile.Read(ref state);
            var part = (uint)seen;
            if (part >= (uint)Volatile.Read(ref parts))
            {
                return;
            }

            var (currentWork, currentRun, currentParts) = ((nint)work, (nint)run, parts);
            if (Interlocked.CompareExchange(ref state, seen + 1, seen) != seen)
            {
                continue;
            }

            try
            {
                ((delegate*<void*, int, int, void>)currentRun)((void*)currentWork, (int)part, currentParts);
            }
            catch (Exception exception)
            {
                failure = ExceptionDispatchInfo.Capture(exception);
            }

            Interlocked.Increment(ref finished);
        }
    }

    private void Start()
    {
        if (started)
        {
            return;
        }

        started = true;
        for (var worker = 0; worker < workers; worker++)
        {
            new Thread(Work) { IsBackground = true, Name = $"Whittle worker {worker + 1}" }.Start();
        }
    }

    private void Work()
    {
        ulong done = 0;
        for (; ; )
        {
            TakeParts();
            for (var round = 0; Number == done && round < RoundsAwake; round++)
            {
                Thread.SpinWait(10);
            }

            if (Number == done)
            {
                lock (gate)
                {
                    Interlocked.Increment(ref asleep);
                    while (Number == done)
                    {
                        Monitor.Wait(gate);
                    }

                    Interlocked.Decrement(ref asleep);
                }
            }

            done = Number;
        }
    }

    private ulong Number => Volatile.Read(ref state) >> 32;
}
