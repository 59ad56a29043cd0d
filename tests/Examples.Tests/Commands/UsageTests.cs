using Whittle.Examples.Commands;

namespace Whittle.Examples.Tests.Commands;

public class UsageTests
{
    [Theory]
    [InlineData("trian")]
    [InlineData("train", "--epochs", "many")]
    [InlineData("train", "--epochs", "0")]
    [InlineData("train", "--learning-rate", "-1")]
    [InlineData("train", "--learning-rate", "0,1")]
    [InlineData("train", "--optimizer", "magic")]
    [InlineData("train", "--data", "csv")]
    [InlineData("train", "--data", "mnist", "--path", "")]
    [InlineData("train", "--seed", "-1")]
    [InlineData("train", "--threads", "-1")]
    [InlineData("train", "--seed", "18446744073709551616")]
    [InlineData("train", "--save", "")]
    [InlineData("train", "--epochs", "0", "--seed", "many")]
    [InlineData("methods", "--grid", "0.1,x")]
    [InlineData("methods", "--epochs", "0")]
    [InlineData("predict")]
    [InlineData("predict", "--model", "")]
    [InlineData("predict", "--model", "m", "--index", "-1")]
    [InlineData("--no-such-option")]
    public async Task Wrong_usage_is_exit_code_2_and_one_line_that_points_to_help(params string[] args)
    {
        var run = await ExampleProgram.RunAsync(args);
        Assert.Equal(CommandLine.WrongUsage, run.ExitCode);
        var line = Assert.Single(run.ErrorLines);
        Assert.Contains("--help", line, StringComparison.Ordinal);
        Assert.DoesNotContain("System.", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("train", "--help")]
    [InlineData("predict", "--help")]
    [InlineData("explain", "--help")]
    [InlineData("methods", "--help")]
    [InlineData("data", "--help")]
    [InlineData("data", "get", "--help")]
    public async Task Help_is_printed(params string[] args)
    {
        var run = await ExampleProgram.RunAsync(args);
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("Usage:", run.Output, StringComparison.Ordinal);
        Assert.Empty(run.Error);
    }

    [Fact]
    public async Task Explain_tells_the_plan_of_every_kernel_of_the_active_instruction_set()
    {
        var run = await ExampleProgram.RunAsync("explain", "small-digits");
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("64 x 128", run.Output, StringComparison.Ordinal);
        Assert.All(
            Enum.GetNames<KernelProduct>().Except([nameof(KernelProduct.InputGradientSingle), nameof(KernelProduct.WeightGradientSparse), nameof(KernelProduct.ForwardListed), nameof(KernelProduct.WeightGradientListed), nameof(KernelProduct.HashInput), nameof(KernelProduct.HashNodes)]),
            name => Assert.Contains(name, run.Output, StringComparison.Ordinal));
        Assert.DoesNotContain('\u001b', run.Output);
    }

    [Fact]
    public async Task Explain_names_what_is_sampled()
    {
        var run = await ExampleProgram.RunAsync("explain", "node-sampled-digits");
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("[NodeSampled(1000, Activation.Relu, Selector = NodeSelector.LowRank, Share = 0.1, Rank = 16", run.Output, StringComparison.Ordinal);
        Assert.Contains("NodeSampled LowRank", run.Output, StringComparison.Ordinal);
        var measured = await ExampleProgram.RunAsync("explain", "input-sampled-digits", "--measure");
        Assert.Equal(CommandLine.BadInput, measured.ExitCode);
        Assert.Contains("bench/Peers", Assert.Single(measured.ErrorLines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explain_measures_every_kernel()
    {
        var run = await ExampleProgram.RunAsync("explain", "small-digits", "--measure");
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("of peak", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", run.Output, StringComparison.Ordinal);
    }
}
