using Xunit.Sdk;

namespace Whittle.Generator.Tests.Baselines;

public sealed class BaselineSetTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("baselines");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void Equal_files_pass_whatever_their_line_ends()
    {
        Write("A.g.verified.cs", "one\ntwo\n");
        Compare(("A.g.cs", "one\r\ntwo\r\n"));
    }

    [Fact]
    public void A_missing_baseline_fails_and_leaves_what_was_received()
    {
        var message = Failure(() => Compare(("A.g.cs", "text")));
        Assert.Contains("No baseline: A.g", message);
        Assert.Equal(["Class.Test#A.g.received.cs"], FileNames());
    }

    [Fact]
    public void A_file_that_is_no_longer_generated_fails()
    {
        Write("A.g.verified.cs", "a");
        Write("B.g.verified.cs", "b");
        Assert.Contains("No longer generated: B.g", Failure(() => Compare(("A.g.cs", "a"))));
    }

    [Fact]
    public void A_changed_text_fails_with_the_lines_that_changed()
    {
        Write("A.g.verified.cs", "one\ntwo\nthree\n");
        var message = Failure(() => Compare(("A.g.cs", "one\n2\nthree\n")));
        Assert.Contains("2 - two", message);
        Assert.Contains("3 + 2", message);
        Assert.DoesNotContain("three", message);
    }

    [Fact]
    public void The_version_of_the_generator_does_not_matter()
    {
        Write("A.g.verified.cs", "version %VERSION%");
        Compare(("A.g.cs", "version " + typeof(NetworkGenerator).Assembly.GetName().Version));
    }

    [Fact]
    public void Updating_rewrites_adds_and_deletes_baselines_of_this_test_only()
    {
        Write("Stale.g.verified.cs", "old");
        File.WriteAllText(Path.Combine(folder.FullName, "Class.Other#A.g.verified.cs"), "other");
        new BaselineSet(folder.FullName, "Class.Test", Update: true, BuildServer: false).Check(Files(("A.g.cs", "new")));
        Assert.Equal(["Class.Other#A.g.verified.cs", "Class.Test#A.g.verified.cs"], FileNames());
        Compare(("A.g.cs", "new"));
    }

    [Fact]
    public void A_build_server_does_not_update()
    {
        Write("A.g.verified.cs", "old");
        var set = new BaselineSet(folder.FullName, "Class.Test", Update: true, BuildServer: true);
        Assert.Contains("build server", Failure(() => set.Check(Files(("A.g.cs", "new")))));
        Compare(("A.g.cs", "old"));
    }

    private static Dictionary<string, string> Files(params (string Hint, string Text)[] files) => files.ToDictionary(file => file.Hint, file => file.Text);

    private static string Failure(Action check) => Assert.ThrowsAny<XunitException>(check).Message;

    private void Compare(params (string Hint, string Text)[] files) =>
        new BaselineSet(folder.FullName, "Class.Test", Update: false, BuildServer: false).Check(Files(files));

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(folder.FullName, "Class.Test#" + name), text);

    private IEnumerable<string> FileNames() => folder.EnumerateFiles().Select(file => file.Name).Order(StringComparer.Ordinal);
}
