namespace Whittle.Runtime.Tests.Memory;

internal static class Allocation
{
    /// <summary>
    /// Bytes that <paramref name="work"/> allocates on this thread: the least of five runs, because a collection that another test starts
    /// also counts what was left of this thread's allocation buffer.
    /// </summary>
    public static long Of(Action work)
    {
        var least = long.MaxValue;
        for (var run = 0; run < 5 && least > 0; run++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            work();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
