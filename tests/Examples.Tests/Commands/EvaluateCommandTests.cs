using System.Diagnostics;
using System.Text.Json.Nodes;
using Whittle.Examples.Commands;

namespace Whittle.Examples.Tests.Commands;

public class EvaluateCommandTests
{
    private const int Kills = 20;

    [Fact]
    public async Task Every_training_runs_once_and_every_depth_has_the_best_learning_rate()
    {
        using var data = new IdxDirectory(side: 28);
        var output = data.File("out");
        string[] arguments =
        [
            "evaluate", "--data", "mnist", "--path", data.Path, "--epochs", "2", "--grid", "0.01,0.1", "--trial-rows", "20", "--trial-depth", "1",
            "--methods", "standard,lowrank-5", "--depths", "1,3", "--batch", "20", "--output", output,
        ];
        var first = await ExampleProgram.RunAsync(arguments);
        Assert.Empty(first.Error);
        Assert.Equal(0, first.ExitCode);

        // Two learning rates for each method; two depths of standard, one of lowrank-5, which has at least two layers.
        var results = await ResultsAsync(output);
        Assert.Equal(7, results.Length);
        Assert.All(results, result => Assert.NotEmpty((string?)result["Version"] ?? ""));
        var standard = results.Where(result => (string?)result["Settings"]!["Method"] == "standard").ToArray();
        var trials = standard.Where(result => result["Outcome"] is null).ToArray();
        var tested = standard.Where(result => result["Outcome"] is not null).ToArray();
        var best = trials.MaxBy(result => (double)result["Development"]!)!;
        Assert.All(tested, result => Assert.Equal((float)best["Settings"]!["LearningRate"]!, (float)result["Settings"]!["LearningRate"]!));
        Assert.Equal([1, 3], tested.Select(result => (int)result["Settings"]!["Depth"]!).Order());
        Assert.All(trials, result => Assert.Equal(20, (int)result["Settings"]!["Rows"]!));
        Assert.All(tested, result =>
        {
            Assert.Equal(60, result["Outcome"]!["Confusion"]!.AsArray().Sum(row => row!.AsArray().Sum(count => (long)count!)));
            Assert.Equal(2, result["Epochs"]!.AsArray().Count);
        });

        var second = await ExampleProgram.RunAsync(arguments);
        Assert.Contains("7 trainings already", second.Output, StringComparison.Ordinal);
        Assert.Equal(results.Select(result => result.ToJsonString()), (await ResultsAsync(output)).Select(result => result.ToJsonString()));
        var table = await File.ReadAllLinesAsync(Path.Combine(output, "results.csv"), TestContext.Current.CancellationToken);
        Assert.Equal(1 + 3, table.Length);
        Assert.All(table, line => Assert.Equal(table[0].Split(',').Length, line.Split(',').Length));
    }

    [Fact]
    public async Task A_run_that_is_killed_at_random_moments_ends_with_the_bits_of_one_that_is_not()
    {
        using var data = new IdxDirectory(side: 28);
        string[] Arguments(string output) =>
        [
            "evaluate", "--data", "mnist", "--path", data.Path, "--epochs", "5", "--grid", "0.01,0.1", "--trial-epochs", "2", "--trial-depth", "1",
            "--methods", "standard,lowrank-5", "--depths", "2,3", "--seeds", "1,2", "--batch", "20", "--output", output,
        ];
        var whole = data.File("whole");
        var started = Stopwatch.GetTimestamp();
        Assert.Equal(0, (await ExampleProgram.RunAsync(Arguments(whole))).ExitCode);
        var duration = Stopwatch.GetElapsedTime(started);

        // A run that ends before all kills are spent is compared, and another begun.
        var expected = WithoutTimes(await ResultsAsync(whole)).ToArray();
        var moments = new Random(1);
        var (kills, runs, resumed) = (0, 0, 0);
        string[] kept = [];
        while (kills < Kills)
        {
            var killed = data.File($"killed-{runs}");
            using var process = ExampleProgram.Start(data.Path, Arguments(killed));

            // In proportion to what this machine, as busy as it is, takes: a fixed time may be over before the first training is.
            using var patience = new CancellationTokenSource(duration * (0.15 + (0.4 * moments.NextDouble())));
            try
            {
                await process.WaitForExitAsync(patience.Token);
                Assert.Equal(0, process.ExitCode);
                Assert.Equal(expected, WithoutTimes(await ResultsAsync(killed)));
                await AssertKept(killed);
                kept = [];
                runs++;

                // The machine may have been busier at first: kills come sooner then, or hardly any would.
                duration *= 0.8;
            }
            catch (OperationCanceledException)
            {
                process.Kill();
                await process.WaitForExitAsync(TestContext.Current.CancellationToken);
                kills++;
                await AssertKept(killed);
                kept = await WholeLinesAsync(killed);
            }
        }

        var left = data.File($"killed-{runs}");
        var last = await ExampleProgram.RunAsync(Arguments(left));
        Assert.Empty(last.Error);
        Assert.Equal(0, last.ExitCode);
        Assert.Equal(expected, WithoutTimes(await ResultsAsync(left)));
        await AssertKept(left);
        Assert.True(resumed > 0, "No run was killed between two of its trainings.");

        // What a killed run had finished stands as it was, times included: it did not run again.
        async Task AssertKept(string directory)
        {
            Assert.Equal(kept, (await WholeLinesAsync(directory)).Take(kept.Length));
            resumed += kept.Length;
        }

        static async Task<string[]> WholeLinesAsync(string directory)
        {
            var path = Path.Combine(directory, "results.jsonl");
            return File.Exists(path) ? (await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken)).Split('\n')[..^1] : [];
        }
    }

    [Fact]
    public async Task A_line_that_was_not_finished_is_run_again()
    {
        using var data = new IdxDirectory(side: 28);
        var output = data.File("out");
        var arguments = OfStandard(data, output, epochs: 1, rate: "0.1", depths: "1,2");
        Assert.Equal(0, (await ExampleProgram.RunAsync(arguments)).ExitCode);
        var before = WithoutTimes(await ResultsAsync(output));
        var path = Path.Combine(output, "results.jsonl");
        var text = await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(path, text[..^20], TestContext.Current.CancellationToken);
        var run = await ExampleProgram.RunAsync(arguments);
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("1 training already", run.Output, StringComparison.Ordinal);
        Assert.Equal(before, WithoutTimes(await ResultsAsync(output)));
    }

    [Theory]
    [InlineData("results.csv")]
    [InlineData("report.html")]
    [InlineData("report.md")]
    [InlineData("plots", true)]
    public async Task What_cannot_be_written_at_the_end_is_told_before_anything_is_trained(string name, bool isFile = false)
    {
        using var data = new IdxDirectory(side: 28);
        var output = data.File("out");
        Directory.CreateDirectory(isFile ? output : Path.Combine(output, name));
        if (isFile)
        {
            await File.WriteAllTextAsync(Path.Combine(output, name), "", TestContext.Current.CancellationToken);
        }

        var run = await ExampleProgram.RunAsync("evaluate", "--data", "mnist", "--path", data.Path, "--output", output);
        run.AssertRefused(Path.Combine(output, name), "--output");
        Assert.False(File.Exists(Path.Combine(output, "results.jsonl")));
    }

    [Fact]
    public async Task A_set_is_not_read_as_another()
    {
        using var data = new IdxDirectory(side: 28);
        var named = Path.Combine(data.Path, "mnist");
        Directory.CreateDirectory(named);
        foreach (var file in Directory.GetFiles(data.Path))
        {
            File.Copy(file, Path.Combine(named, Path.GetFileName(file)));
        }

        (await ExampleProgram.RunAsync("evaluate", "--data", "fashion-mnist", "--path", named, "--output", data.File("out"))).AssertRefused(named, "another set", "fashion-mnist");
        Directory.Delete(named, recursive: true);
        (await ExampleProgram.RunAsync("evaluate", "--data", "mnist,fashion-mnist", "--path", data.Path, "--output", data.File("out"))).AssertRefused("mnist and fashion-mnist are the same rows", "--path");
    }

    [Fact]
    public async Task A_mini_batch_of_more_rows_than_are_trained_on_is_refused()
    {
        using var data = new IdxDirectory(side: 28);
        (await ExampleProgram.RunAsync("evaluate", "--data", "mnist", "--path", data.Path, "--batch", "20", "--train-rows", "5", "--output", data.File("out"))).AssertRefused("--batch has 20", "5 rows", "--train-rows");
        Assert.False(File.Exists(Path.Combine(data.File("out"), "results.jsonl")));
    }

    [Fact]
    public async Task The_last_weights_are_tested_where_they_are_asked_for()
    {
        using var data = new IdxDirectory(side: 28);
        var output = data.File("out");
        // Random labels: the loss on the development rows rises from the first epochs on.
        var arguments = OfStandard(data, output, epochs: 15, rate: "0.2", depths: "2");
        Assert.Equal(0, (await ExampleProgram.RunAsync(arguments)).ExitCode);
        Assert.Equal(0, (await ExampleProgram.RunAsync([.. arguments, "--keep", "last"])).ExitCode);
        var results = await ResultsAsync(output);
        Assert.Equal([false, true], results.Select(result => (bool)result["Settings"]!["KeepsLast"]!));
        Assert.Equal(15, (int)results[1]["BestEpoch"]!);
        Assert.Equal((double)results[1]["Epochs"]!.AsArray()[14]!["Development"]!, (double)results[1]["Development"]!);
        Assert.NotEqual(15, (int)results[0]["BestEpoch"]!);
        var misspelt = await ExampleProgram.RunAsync([.. arguments, "--keep", "lats"]);
        Assert.NotEqual(0, misspelt.ExitCode);
        Assert.Contains("'lats'; did you mean 'last'? Known are best, last.", Assert.Single(misspelt.ErrorLines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Results_of_another_version_are_told()
    {
        using var data = new IdxDirectory(side: 28);
        var output = data.File("out");
        var arguments = OfStandard(data, output, epochs: 1, rate: "0.1", depths: "1");
        Assert.DoesNotContain("version", (await ExampleProgram.RunAsync(arguments)).Output, StringComparison.Ordinal);
        Assert.DoesNotContain("version", (await ExampleProgram.RunAsync(arguments)).Output, StringComparison.Ordinal);
        var path = Path.Combine(output, "results.jsonl");
        var result = (await ResultsAsync(output)).Single();
        result["Version"] = "0.1.0+abc";
        await File.WriteAllTextAsync(path, result.ToJsonString() + "\n", TestContext.Current.CancellationToken);
        Assert.Contains("of version 0.1.0+abc of this program", (await ExampleProgram.RunAsync(arguments)).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_of_something_else_is_refused_and_left_as_it_is()
    {
        using var data = new IdxDirectory(side: 28);
        var path = data.File("results.jsonl");
        await File.WriteAllTextAsync(path, "{\"Accuracy\":1}\n", TestContext.Current.CancellationToken);
        var run = await ExampleProgram.RunAsync("evaluate", "--data", "mnist", "--path", data.Path, "--output", data.Path);
        run.AssertRefused("Line 1", path);
        Assert.Equal("{\"Accuracy\":1}\n", await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("my notes")]
    [InlineData("{\"Settings\":{\"Data\":\"mnist\"},\"Epochs\":[null]}\n")]
    public async Task What_is_no_whole_result_is_refused_and_left_as_it_is(string text)
    {
        using var data = new IdxDirectory(side: 28);
        var path = data.File("results.jsonl");
        await File.WriteAllTextAsync(path, text, TestContext.Current.CancellationToken);
        var run = await ExampleProgram.RunAsync("evaluate", "--data", "mnist", "--path", data.Path, "--output", data.Path);
        run.AssertRefused("Line 1", path);
        Assert.Equal(text, await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task What_cannot_be_trained_is_told_before_anything_is_written()
    {
        using var data = new IdxDirectory(side: 28);
        (await Run("--batch", "2000000")).AssertRefused("2000000", "rows to train on");
        (await Run("--methods", "drawn-outputs-5")).AssertRefused("drawn-outputs-5 is declared for 784 values and 10000 classes");
        (await Run("--methods", "lowrank-5", "--depths", "1")).AssertRefused("lowrank-5 has at least 2 hidden layers");
        var twice = await Run("--depths", "1", "--depths", "2");
        Assert.Equal(CommandLine.WrongUsage, twice.ExitCode);
        Assert.Contains("--depths", twice.Error, StringComparison.Ordinal);
        (await ExampleProgram.RunAsync("evaluate", "--data", "mnist", "--path", data.File("none"), "--output", data.File("never"))).AssertRefused("none");
        Assert.False(Directory.Exists(data.File("never")));

        Task<ExampleRun> Run(params string[] arguments) => ExampleProgram.RunAsync(["evaluate", "--data", "mnist", "--path", data.Path, "--output", data.File("out"), .. arguments]);
    }

    [Fact]
    public async Task Results_of_other_rows_of_the_same_name_are_refused()
    {
        using var data = new IdxDirectory(side: 28);
        string[] arguments = ["evaluate", "--data", "mnist", "--epochs", "1", "--grid", "0.1", "--methods", "width-250", "--depths", "1", "--batch", "20", "--output", data.File("out"), "--path"];
        Assert.Equal(0, (await ExampleProgram.RunAsync([.. arguments, data.Path])).ExitCode);
        using var others = new IdxDirectory(side: 28, images: 64);
        (await ExampleProgram.RunAsync([.. arguments, others.Path])).AssertRefused("other rows", "mnist", "--output");
    }

    [Fact]
    public async Task Rows_that_no_network_is_declared_for_are_refused_before_anything_runs()
    {
        using var data = new IdxDirectory(side: 8);
        var run = await ExampleProgram.RunAsync("evaluate", "--data", "mnist", "--path", data.Path, "--output", data.File("out"));
        run.AssertRefused("mnist has rows of 64 values", "784 values");
        Assert.False(Directory.Exists(data.File("out")));
    }

    [Theory]
    [InlineData(8, "28x28")]
    [InlineData(28, "5000")]
    public async Task Images_that_no_numbers_can_be_made_of_are_refused(int side, string expected)
    {
        using var data = new IdxDirectory(side);
        (await ExampleProgram.RunAsync("evaluate", "--data", "mnist-numbers", "--path", data.Path, "--output", data.File("out"))).AssertRefused(expected);
    }

    [Fact]
    public async Task What_is_declared_for_rows_of_many_classes_is_told()
    {
        Assert.SkipUnless(Directory.Exists(Path.Combine(Repository.Data, "mnist")), $"{Repository.Data} does not hold the data sets; set WHITTLE_DATA to the directory that does");
        using var data = new IdxDirectory();
        (await ExampleProgram.RunAsync("evaluate", "--data", "mnist-numbers", "--path", Repository.Data, "--output", data.File("out")))
            .AssertRefused("residual is declared for", "Declared for mnist-numbers are standard, width-500, drawn-outputs-5:", "--methods");
    }

    [Fact]
    public async Task Rows_too_few_to_hold_any_back_are_refused_before_anything_runs()
    {
        using var data = new IdxDirectory(side: 28);
        var path = data.File("few.csv");
        var columns = string.Join(',', Enumerable.Range(0, 784).Select(column => $"x{column}"));
        await File.WriteAllLinesAsync(
            path, [columns + ",label", .. Enumerable.Range(0, 5).Select(row => string.Join(',', Enumerable.Repeat("0.5", 784)) + $",{row % 2}")], TestContext.Current.CancellationToken);
        var run = await ExampleProgram.RunAsync("evaluate", "--data", "csv", "--path", path, "--output", data.File("out"));
        run.AssertRefused("csv has 4 rows to train on; at least 5 are needed");
        Assert.False(Directory.Exists(data.File("out")));
    }

    [Theory]
    [InlineData("--methods", "standart", "did you mean 'standard'")]
    [InlineData("--methods", ",", "--methods is empty")]
    [InlineData("--preset", "quik", "did you mean 'quick'")]
    [InlineData("--data", "minst", "did you mean 'mnist'")]
    [InlineData("--optimizer", "adem", "did you mean 'adam'")]
    [InlineData("--depths", "0-3", "--depths has '0'")]
    [InlineData("--depths", "1-8", "--depths has '1-8'")]
    [InlineData("--depths", "3-1", "--depths has '3-1'")]
    [InlineData("--batch", "x", "--batch has 'x'")]
    [InlineData("--grid", "0.1,-1", "--grid has '-1'")]
    [InlineData("--seeds", "1,-1", "--seeds has '-1'")]
    [InlineData("--epochs", "0", "--epochs is '0'")]
    [InlineData("--jobs", "two", "--jobs is 'two'")]
    [InlineData("--trial-depth", "8", "--trial-depth is '8'")]
    [InlineData("--data", "csv", "--data csv needs --path")]
    [InlineData("--path", "", "--path is empty")]
    [InlineData("--output", "", "--output is empty")]
    public async Task A_wrong_option_is_told(string option, string value, string message)
    {
        var run = await ExampleProgram.RunAsync("evaluate", option, value);
        Assert.Equal(CommandLine.WrongUsage, run.ExitCode);
        Assert.Contains(message, Assert.Single(run.ErrorLines), StringComparison.Ordinal);
    }

    private static string[] OfStandard(IdxDirectory data, string output, int epochs, string rate, string depths) =>
        ["evaluate", "--data", "mnist", "--path", data.Path, "--epochs", $"{epochs}", "--grid", rate, "--methods", "standard", "--depths", depths, "--batch", "20", "--output", output];

    private static async Task<JsonNode[]> ResultsAsync(string output) =>
        [.. (await File.ReadAllLinesAsync(Path.Combine(output, "results.jsonl"), TestContext.Current.CancellationToken)).Select(line => JsonNode.Parse(line)!)];

    // Trainings side by side finish in any order, and how long they take and what memory they find differs.
    private static IEnumerable<string> WithoutTimes(IEnumerable<JsonNode> results) => results.Select(result =>
    {
        foreach (var epoch in result["Epochs"]!.AsArray().Select(node => node!.AsObject()))
        {
            foreach (var name in epoch.Select(member => member.Key).Where(key => key.EndsWith("Seconds", StringComparison.Ordinal)).ToArray())
            {
                epoch.Remove(name);
            }
        }

        (result["Outcome"] as JsonObject)?.Remove("PeakMemory");
        return result.ToJsonString();
    }).Order(StringComparer.Ordinal);
}
