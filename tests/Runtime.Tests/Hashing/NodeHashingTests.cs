using Whittle.Runtime.Tests.Sampling;

namespace Whittle.Runtime.Tests.Hashing;

public class NodeHashingTests
{
    private const int Nodes = 80;
    private const int Inputs = 20;
    private const int Steps = 60;

    public static TheoryData<HashFamily, int, bool> Delays => new()
    {
        { HashFamily.SimHash, 0, false },
        { HashFamily.SimHash, 1, false },
        { HashFamily.SimHash, 3, true },
        { HashFamily.Alsh, 0, false },
        { HashFamily.Alsh, 4, false },
        { HashFamily.Alsh, 4, true },
        { HashFamily.Alsh, 9, true },
        { HashFamily.Dwta, 2, true },
    };

    // Every 5 steps, or when the tables before have been swapped in: the tables of a step are those that the weights of an earlier
    // step give when they are built afresh, known from hashing all nodes.
    [Theory]
    [MemberData(nameof(Delays))]
    public void Tables_are_those_of_the_weights_a_fixed_number_of_steps_before(HashFamily family, int delay, bool background)
    {
        using var layer = new RandomLayer(Nodes, Inputs, 1);
        var functions = HashFunctions.Create(family, Inputs, 4, 6, 3, 0);
        using var hashing = new NodeHashing(functions, Nodes, 7, BucketPolicy.Reservoir, RehashSchedule.Every(5), delay, background);
        hashing.Build(layer.Rows);
        var expected = Afresh(functions, layer, hashing.Scale);
        HashTablesTests.AssertEqual(expected, hashing.Tables);
        HashTables? waiting = null;
        var (swapAt, due) = (-1, false);
        var random = new RandomStream(7, 7);
        var longest = Longest(layer);
        for (var step = 1; step <= Steps; step++)
        {
            Train(layer, hashing, step, ref random);
            hashing.Advance(layer.Rows, 1);
            if (step == swapAt)
            {
                expected = waiting!;
                waiting = null;
            }

            due |= step % 5 == 0;
            if (due && waiting == null)
            {
                due = false;
                if (Math.Abs(Longest(layer) - longest) > 0.1f * longest)
                {
                    longest = Longest(layer);
                }

                waiting = Afresh(functions, layer, functions.ScaleFor(longest));
                swapAt = step + delay;
                if (delay == 0)
                {
                    expected = waiting;
                    waiting = null;
                }
            }

            HashTablesTests.AssertEqual(expected, hashing.Tables);
        }

        Assert.InRange(hashing.Rehashes, 5, 12);
    }

    [Fact]
    public void Only_changed_nodes_are_hashed_again()
    {
        using var layer = new RandomLayer(Nodes, Inputs, 1);
        using var hashing = new NodeHashing(
            HashFunctions.Create(HashFamily.Alsh, Inputs, 4, 6, 3, 0), Nodes, 7, BucketPolicy.Reservoir, RehashSchedule.Every(1));
        hashing.Build(layer.Rows);
        Assert.Equal(Nodes, hashing.NodesHashed);
        hashing.Advance(layer.Rows, 1);
        Assert.Equal((Nodes, 0), (hashing.NodesHashed, hashing.Rehashes));
        layer.MutableRow(5)[1] += 1e-3f;
        hashing.Changed.AddRange([5, 6]);
        hashing.Advance(layer.Rows, 1);
        Assert.Equal((Nodes + 2, 1), (hashing.NodesHashed, hashing.Rehashes));

        // A row that becomes much the longest changes the scale, and with it the codes of all.
        layer.MutableRow(5).Fill(10);
        hashing.Changed.Add(5);
        hashing.Advance(layer.Rows, 1);
        Assert.Equal((2 * Nodes) + 2, hashing.NodesHashed);
    }

    [Fact]
    public void Nodes_that_have_not_moved_enough_keep_their_codes()
    {
        using var layer = new RandomLayer(Nodes, Inputs, 1);
        using var hashing = new NodeHashing(
            HashFunctions.Create(HashFamily.SimHash, Inputs, 6, 6, 3, 0), Nodes, 7, BucketPolicy.Reservoir, RehashSchedule.WhenMoved(10, 0.2f));
        hashing.Build(layer.Rows);
        for (var step = 0; step < 20; step++)
        {
            hashing.Changed.AddAll();
            hashing.Advance(layer.Rows, 1);
        }

        Assert.Equal(0, hashing.Rehashes);
        for (var node = 0; node < Nodes; node++)
        {
            layer.MutableRow(node).Reverse();
        }

        hashing.Advance(layer.Rows, 10);
        Assert.Equal(1, hashing.Rehashes);
        Assert.Equal(0, hashing.Changed.Count);
    }

    [Fact]
    public void Steps_allocate_nothing_with_and_without_the_background()
    {
        foreach (var background in (bool[])[false, true])
        {
            using var layer = new RandomLayer(Nodes, Inputs, 1);
            using var hashing = new NodeHashing(
                HashFunctions.Create(HashFamily.Alsh, Inputs, 4, 6, 3, 0), Nodes, 7, BucketPolicy.Reservoir, RehashSchedule.Every(5), 2, background);
            hashing.Build(layer.Rows);
            var random = new RandomStream(1, 1);
            var allocating = 0;
            for (var step = 1; step < 60; step++)
            {
                Train(layer, hashing, step, ref random);
                var before = GC.GetAllocatedBytesForCurrentThread();
                hashing.Advance(layer.Rows, 1);
                allocating += step >= 10 && before != GC.GetAllocatedBytesForCurrentThread() ? 1 : 0;
            }

            // The first job starts the pool, the first wait that blocks, whenever that is, has memory of its own, and a collection
            // that another test starts also counts what was left of this thread's allocation buffer.
            Assert.InRange(allocating, 0, 5);
        }
    }

    [Fact]
    public void Weights_that_are_not_numbers_are_hashed_all_the_same()
    {
        using var layer = new RandomLayer(Nodes, Inputs, 1);
        layer.MutableRow(3).Fill(float.NaN);
        layer.MutableRow(4).Fill(float.PositiveInfinity);
        layer.MutableRow(5).Clear();
        foreach (var family in Enum.GetValues<HashFamily>())
        {
            using var hashing = new NodeHashing(
                HashFunctions.Create(family, Inputs, 4, 6, 3, 0), Nodes, Nodes, BucketPolicy.Reservoir, RehashSchedule.Every(5));
            hashing.Build(layer.Rows);
            Assert.Equal(Nodes * 6, hashing.Tables.Statistics().Kept);
        }
    }

    [Theory]
    [InlineData(1, new[] { 100, 200, 300, 1_300, 2_300, 2_400, 2_500, 2_600 })]
    [InlineData(64, new[] { 128, 256, 1_280, 2_304, 2_432 })]
    public void The_papers_schedule_has_two_phases_in_each_epoch(int batch, int[] expected)
    {
        var schedule = RehashSchedule.Phases(100, 300, 1_000);
        var due = new List<int>();
        for (var sample = batch; sample <= 2_700; sample += batch)
        {
            if (sample / batch == 2_304 / batch)
            {
                schedule.StartEpoch();
            }

            if (schedule.Advance(batch))
            {
                due.Add(sample);
            }
        }

        Assert.Equal(expected, due);
    }

    [Fact]
    public void The_exponential_schedule_waits_longer_each_time()
    {
        var schedule = RehashSchedule.Exponential(10, Math.Log(2));
        Assert.Equal([10, 30, 70, 150, 310], Enumerable.Range(1, 600).Where(_ => schedule.Advance(1)));
    }

    [Fact]
    public void Settings_that_make_no_sense_are_refused()
    {
        var functions = HashFunctions.Create(HashFamily.SimHash, Inputs, 4, 6, 3, 0);
        Assert.Throws<ArgumentOutOfRangeException>(
            () => new NodeHashing(functions, Nodes, 7, BucketPolicy.Fifo, RehashSchedule.Every(5), delay: 0, background: true));
        Assert.Throws<ArgumentOutOfRangeException>(() => RehashSchedule.Every(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => RehashSchedule.Exponential(1, double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => RehashSchedule.WhenMoved(1, 0));
    }

    /// <summary>Changes some nodes; sometimes all, and slowly their lengths.</summary>
    private static void Train(RandomLayer layer, NodeHashing hashing, int step, ref RandomStream random)
    {
        for (var change = 0; change < (step % 13 == 0 ? Nodes : 6); change++)
        {
            var node = step % 13 == 0 ? change : random.NextInt32(Nodes);
            foreach (ref var weight in layer.MutableRow(node))
            {
                weight = (1.02f * weight) + (0.05f * random.NextNormal());
            }

            hashing.Changed.Add(node);
        }
    }

    private static HashTables Afresh(HashFunctions functions, RandomLayer layer, float scale)
    {
        var codes = new int[Nodes * functions.Tables];
        int[] all = [.. Enumerable.Range(0, Nodes)];
        functions.HashNodes(layer.Rows, all, scale, codes);
        var tables = new HashTables(Nodes, functions.Bits, functions.Tables, 7, BucketPolicy.Reservoir);
        tables.Update(all, codes);
        return tables;
    }

    private static float Longest(RandomLayer layer) =>
        Enumerable.Range(0, Nodes).Max(node => MathF.Sqrt(System.Numerics.Tensors.TensorPrimitives.SumOfSquares(layer.Rows.Row(node))));
}
