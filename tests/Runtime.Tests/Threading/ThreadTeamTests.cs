namespace Whittle.Runtime.Tests.Threading;

public class ThreadTeamTests
{
    [Fact]
    public void Every_part_runs_once_whatever_their_number()
    {
        for (var round = 0; round < 2000; round++)
        {
            var parts = 1 + (round % 9);
            var work = new CountingWork(new int[parts]);
            ThreadTeam.Shared.Run(ref work, parts);
            Assert.All(work.Runs, runs => Assert.Equal(1, runs));
        }
    }

    [Fact]
    public void Work_finds_the_team_again_after_it_fell_asleep()
    {
        for (var round = 0; round < 5; round++)
        {
            Thread.Sleep(20);
            var work = new CountingWork(new int[4]);
            ThreadTeam.Shared.Run(ref work, 4);
            Assert.All(work.Runs, runs => Assert.Equal(1, runs));
        }
    }

    [Fact]
    public void Callers_at_the_same_time_each_get_their_own_parts_done() => Parallel.For(0, 400, _ =>
    {
        var work = new CountingWork(new int[5]);
        ThreadTeam.Shared.Run(ref work, 5);
        Assert.All(work.Runs, runs => Assert.Equal(1, runs));
    });

    [Fact]
    public void What_a_part_throws_reaches_the_caller_and_the_team_goes_on()
    {
        var failing = new FailingWork();
        Assert.Throws<InvalidTimeZoneException>(() => ThreadTeam.Shared.Run(ref failing, 6));
        var work = new CountingWork(new int[6]);
        ThreadTeam.Shared.Run(ref work, 6);
        Assert.All(work.Runs, runs => Assert.Equal(1, runs));
    }

    [Fact]
    public void Work_within_a_part_runs_on_the_thread_of_that_part()
    {
        var inner = Enumerable.Range(0, 6).Select(_ => new int[5]).ToArray();
        var work = new NestedWork(new int[6], inner);
        ThreadTeam.Shared.Run(ref work, 6);
        Assert.All(inner.Prepend(work.Runs), runs => Assert.All(runs, count => Assert.Equal(1, count)));
    }

    private readonly struct NestedWork(int[] runs, int[][] inner) : IParallelWork
    {
        public int[] Runs => runs;

        public void Run(int part, int parts)
        {
            var work = new CountingWork(inner[part]);
            ThreadTeam.Shared.Run(ref work, inner[part].Length);
            Interlocked.Increment(ref runs[part]);
        }
    }

    private readonly struct CountingWork(int[] runs) : IParallelWork
    {
        public int[] Runs => runs;

        public void Run(int part, int parts)
        {
            Assert.Equal(runs.Length, parts);
            Interlocked.Increment(ref runs[part]);
        }
    }

    private readonly struct FailingWork : IParallelWork
    {
        public void Run(int part, int parts)
        {
            if (part == parts - 1)
            {
                throw new InvalidTimeZoneException();
            }
        }
    }
}
