using Whittle.Examples.Commands;
using Whittle.Examples.DataSets;
using Whittle.Examples.Tests.Downloads;

namespace Whittle.Examples.Tests.Commands;

public sealed class DataCommandTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("whittle-data-").FullName;

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public async Task The_list_tells_what_is_here()
    {
        Directory.CreateDirectory(Path.Combine(root, "mnist"));
        await File.WriteAllTextAsync(Path.Combine(root, "mnist", "train-images-idx3-ubyte"), "", TestContext.Current.CancellationToken);
        var run = await ExampleProgram.RunAsync("data", "list", "--path", root);
        Assert.Equal(0, run.ExitCode);
        Assert.All(PublicSet.All, set => Assert.Contains($" {set.Name} ", run.Output, StringComparison.Ordinal));
        Assert.Matches("│ mnist .* 60,000 .* 10,000 .* 12 MB .* 1 of 4 files", run.Output);
        Assert.Matches("│ norb .* 263 MB .* no ", run.Output);
        Assert.Contains(root, run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Getting_what_is_not_there_is_one_line_and_leaves_nothing()
    {
        using var server = new FaultyServer(_ => new Reply("404 Not Found", []));
        var run = await ExampleProgram.RunAsync("data", "get", "cifar-10-grey", "--path", root, "--mirror", server.Address.AbsoluteUri);
        run.AssertRefused("404 Not Found", "cifar-10-binary.tar.gz", "--mirror");
        Assert.Equal("/cifar-10-binary.tar.gz", Assert.Single(server.Requests).Target);
        Assert.Empty(Directory.GetFiles(root, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Getting_something_else_is_one_line_and_leaves_nothing()
    {
        using var server = new FaultyServer(_ => new Reply("200 OK", new byte[10_000_000]));
        var run = await ExampleProgram.RunAsync("data", "get", "mnist", "--path", root, "--proxy", server.Address.AbsoluteUri, "--mirror", "http://data.invalid/mnist");
        run.AssertRefused("http://data.invalid/mnist/train-images-idx3-ubyte.gz", "not the published file", "SHA-256");
        Assert.Empty(Directory.GetFiles(root, "*", SearchOption.AllDirectories));
    }

    [Theory]
    [InlineData("mnits", "did you mean 'mnist'")]
    [InlineData("strokes", "There is no data set of files 'strokes'")]
    [InlineData("digits", "Nobody publishes digits")]
    public async Task A_set_that_cannot_be_fetched_is_told(string name, string reason) =>
        (await ExampleProgram.RunAsync("data", "get", name, "--path", root)).AssertRefused(reason);

    [Fact]
    public async Task Verifying_finds_what_is_missing_or_different_and_reads_the_rest()
    {
        (await ExampleProgram.RunAsync("data", "verify", "--path", root)).AssertRefused(root, "data get NAME");

        using var small = new IdxDirectory();
        Directory.CreateDirectory(Path.Combine(root, "digits"));
        Directory.CreateDirectory(Path.Combine(root, "mnist"));
        foreach (var path in Directory.GetFiles(small.Path))
        {
            File.Copy(path, Path.Combine(root, "digits", Path.GetFileName(path)));
        }

        File.Copy(small.File(IdxDirectory.TrainLabels), Path.Combine(root, "mnist", IdxDirectory.TrainLabels));
        var run = await ExampleProgram.RunAsync("data", "verify", "--path", root);
        run.AssertRefused("digits", "mnist", "data get");
        Assert.Contains("digits: it has 60 and 60 images, not 3,823 and 1,797", run.Output, StringComparison.Ordinal);
        Assert.Contains($"mnist/{IdxDirectory.TrainImages}: missing", run.Output, StringComparison.Ordinal);
        Assert.Contains($"{IdxDirectory.TrainLabels} is not the published file", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_real_sets_are_the_published_ones()
    {
        var data = Repository.Data;
        Assert.SkipUnless(Directory.Exists(Path.Combine(data, "mnist")), $"{data} does not hold the data sets; set WHITTLE_DATA to the directory that does");
        foreach (var name in new[] { "mnist", "fashion-mnist" })
        {
            Directory.CreateSymbolicLink(Path.Combine(root, name), Path.GetFullPath(Path.Combine(data, name)));
        }

        var run = await ExampleProgram.RunAsync("data", "verify", "--path", root);
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains("mnist: sound", run.Output, StringComparison.Ordinal);
        Assert.Contains("fashion-mnist: sound", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Training_on_a_set_that_is_not_here_says_how_to_get_it()
    {
        var run = await ExampleProgram.RunAsync("train", "--data", "emnist-letters", "--path", root);
        run.AssertRefused(root, "emnist-letters-train-images-idx3-ubyte.gz");
    }

    [Theory]
    [InlineData("data", "get")]
    [InlineData("data", "get", "mnist", "--mirror", "ftp://somewhere/")]
    [InlineData("data", "get", "mnist", "--proxy", "somewhere")]
    [InlineData("data", "fetch")]
    public async Task Wrong_usage_is_exit_code_2(params string[] args) => Assert.Equal(CommandLine.WrongUsage, (await ExampleProgram.RunAsync(args)).ExitCode);
}
