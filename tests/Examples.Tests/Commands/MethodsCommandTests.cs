using System.Text.Json.Nodes;
using Whittle.Examples.Commands;

namespace Whittle.Examples.Tests.Commands;

public class MethodsCommandTests
{
    [Fact]
    public async Task Every_training_runs_once_and_the_table_has_the_best_learning_rate()
    {
        using var data = new IdxDirectory(side: 28);
        var results = data.File("results.jsonl");
        string[] arguments =
        [
            "methods", "--data", "mnist", "--path", data.Path, "--epochs", "2", "--grid", "0.01,0.1", "--grid-rows", "20", "--only", "residual", "--output", results,
        ];
        var first = await ExampleProgram.RunAsync(arguments);
        Assert.Empty(first.Error);
        Assert.Equal(0, first.ExitCode);
        var lines = await File.ReadAllLinesAsync(results, TestContext.Current.CancellationToken);

        // Two learning rates and the tested training, for each of three methods.
        Assert.Equal(9, lines.Length);
        var exact = lines.Select(line => JsonNode.Parse(line)!).Where(result => (string?)result["Settings"]!["Method"] == "exact, residual").ToArray();
        var best = exact[..2].MaxBy(result => (double)result["Development"]!)!;
        Assert.Equal((float)best["Settings"]!["LearningRate"]!, (float)exact[2]["Settings"]!["LearningRate"]!);
        Assert.All(exact[..2], result => Assert.Null(result["Test"]));
        Assert.InRange((double)exact[2]["Test"]!, 0, 1);
        Assert.Null(exact[2]["Recall"]);
        Assert.InRange((double)JsonNode.Parse(lines[^1])!["Recall"]!, 0.1, 1);

        var second = await ExampleProgram.RunAsync(arguments);
        Assert.Equal(Table(first.Output), Table(second.Output));
        Assert.Equal(lines, await File.ReadAllLinesAsync(results, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_file_of_something_else_is_refused()
    {
        using var data = new IdxDirectory(side: 28);
        var results = data.File("results.jsonl");
        await File.WriteAllTextAsync(results, "{\"Accuracy\":1}\n", TestContext.Current.CancellationToken);
        var run = await ExampleProgram.RunAsync("methods", "--data", "mnist", "--path", data.Path, "--output", results);
        Assert.Equal(CommandLine.BadInput, run.ExitCode);
        Assert.Contains("Line 1", Assert.Single(run.ErrorLines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_method_that_does_not_exist_is_refused()
    {
        var run = await ExampleProgram.RunAsync("methods", "--only", "magic");
        Assert.Equal(CommandLine.BadInput, run.ExitCode);
        Assert.Contains("magic", Assert.Single(run.ErrorLines), StringComparison.Ordinal);
    }

    private static string[] Table(string output) => [.. output.Split('\n').Where(line => line.StartsWith('|')).TakeLast(5)];
}
