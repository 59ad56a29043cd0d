using Whittle.Examples.Evaluation;

namespace Whittle.Examples.Tests.Evaluation;

public sealed class ResultFileTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("whittle-").FullName;

    private static LayerOutcome Layer => new(1, null, null, 0, 0);

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

    [Fact]
    public void A_mark_before_the_first_line_is_none_of_it()
    {
        using (var file = new ResultFile(FilePath))
        {
            file.Add(Result(1));
        }

        File.WriteAllBytes(FilePath, [.. System.Text.Encoding.UTF8.Preamble, .. File.ReadAllBytes(FilePath)]);
        using (var file = new ResultFile(FilePath))
        {
            Assert.Single(file.Results);
            file.Add(Result(2));
        }

        using var again = new ResultFile(FilePath);
        Assert.Equal(2, again.Results.Count);
    }

    [Fact]
    public void A_file_to_which_nothing_was_added_is_not_left()
    {
        new ResultFile(FilePath).Dispose();
        Assert.False(File.Exists(FilePath));
    }

    [Fact]
    public void A_directory_of_its_name_is_told()
    {
        Directory.CreateDirectory(FilePath);
        Assert.Contains("is a directory", Assert.Throws<UserErrorException>(() => new ResultFile(FilePath)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"Test\":0.75", "\"Test\":0.99")]
    [InlineData("\"PredictedClasses\":2", "\"PredictedClasses\":1")]
    [InlineData("[[2,1],[0,1]]", "[[9223372036854775807,1],[0,9223372036854775807]]")]
    public void What_its_confusion_matrix_does_not_give_is_no_result(string written, string wrong)
    {
        using (var file = new ResultFile(FilePath))
        {
            file.Add(Result(1) with { Outcome = new TestOutcome(0.75, [[2, 1], [0, 1]], 2, 1, 1, 1, [Layer]) });
        }

        using (var file = new ResultFile(FilePath))
        {
            Assert.Equal(0.75, Assert.Single(file.Results).Outcome!.Test);
        }

        var text = File.ReadAllText(FilePath);
        Assert.Contains(written, text, StringComparison.Ordinal);
        File.WriteAllText(FilePath, text.Replace(written, wrong, StringComparison.Ordinal));
        Assert.Contains("Line 1", Assert.Throws<UserErrorException>(() => new ResultFile(FilePath)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Many_classes_have_a_result_without_a_matrix()
    {
        using (var file = new ResultFile(FilePath))
        {
            file.Add(Result(1) with { Outcome = new TestOutcome(0.75, [], 5000, 1, 1, 1, [Layer]) });
        }

        using (var file = new ResultFile(FilePath))
        {
            Assert.Equal(5000, Assert.Single(file.Results).Outcome!.PredictedClasses);
        }
    }

    private static CellResult Result(int depth) => new(new CellSettings("mnist", "standard", depth, 20, "sgd", 0.15f, 100, 1, 1), 0.5, 1, false, [], null);
}
