using Whittle.Examples.Evaluation;

namespace Whittle.Examples.Tests.Evaluation;

public sealed class ResultFileTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("whittle-").FullName;

    private string FilePath => Path.Combine(directory, "results.jsonl");

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public void One_run_at_a_time_has_it()
    {
        using (var file = new ResultFile(FilePath))
        {
            file.Add(Result(1));
            Assert.Contains("another evaluation", Assert.Throws<UserErrorException>(() => new ResultFile(FilePath)).Message, StringComparison.Ordinal);
        }

        using var again = new ResultFile(FilePath);
        Assert.Equal(1, Assert.Single(again.Results).Settings.Depth);
    }

    [Theory]
    [InlineData(0, 2)]
    [InlineData(1, 2)]
    [InlineData(2, 1)]
    [InlineData(30, 1)]
    public void A_last_line_that_is_whole_is_kept_and_the_part_of_one_taken_off(int missing, int kept)
    {
        using (var file = new ResultFile(FilePath))
        {
            file.Add(Result(1));
            file.Add(Result(2));
        }

        File.WriteAllBytes(FilePath, File.ReadAllBytes(FilePath)[..^missing]);
        using (var file = new ResultFile(FilePath))
        {
            Assert.Equal(kept, file.Results.Count);
            file.Add(Result(3));
        }

        Assert.Equal(kept + 1, File.ReadAllLines(FilePath).Length);
        using var again = new ResultFile(FilePath);
        Assert.Equal(kept + 1, again.Results.Count);
    }

    private static CellResult Result(int depth) => new(new CellSettings("mnist", "standard", depth, 20, "sgd", 0.15f, 100, 1, 1), 0.5, 1, false, [], null);
}
