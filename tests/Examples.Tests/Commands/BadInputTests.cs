namespace Whittle.Examples.Tests.Commands;

public class BadInputTests
{
    [Fact]
    public async Task A_missing_idx_file_is_named()
    {
        using var data = new IdxDirectory();
        data.Delete(IdxDirectory.TrainLabels);
        (await TrainOn(data)).AssertRefused(data.Path, "train-labels");
    }

    [Fact]
    public async Task A_truncated_idx_file_is_refused()
    {
        using var data = new IdxDirectory();
        data.Truncate(IdxDirectory.TrainImages);
        (await TrainOn(data)).AssertRefused(IdxDirectory.TrainImages);
    }

    [Fact]
    public async Task A_corrupt_idx_file_is_refused()
    {
        using var data = new IdxDirectory();
        data.Corrupt(IdxDirectory.TrainImages);
        (await TrainOn(data)).AssertRefused(IdxDirectory.TrainImages);
    }

    [Fact]
    public async Task Labels_out_of_range_are_refused()
    {
        using var data = new IdxDirectory(largestLabel: 12);
        (await TrainOn(data)).AssertRefused(IdxDirectory.TrainLabels, "10", "0 to 9");
    }

    [Fact]
    public async Task Images_of_another_size_are_refused()
    {
        using var data = new IdxDirectory(side: 9);
        (await TrainOn(data)).AssertRefused("81", "64", "784");
    }

    [Fact]
    public async Task An_unknown_data_set_is_answered_with_those_that_exist() =>
        (await ExampleProgram.RunAsync("train", "--data", "mnits", "--path", ".")).AssertRefused("mnits", "fashion-mnist", "did you mean 'mnist'");

    [Fact]
    public async Task A_directory_that_does_not_exist_is_named() =>
        (await ExampleProgram.RunAsync("train", "--data", "mnist", "--path", "no-such-directory")).AssertRefused("no-such-directory");

    [Fact]
    public async Task A_path_without_permission_is_refused()
    {
        if (OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess)
        {
            Assert.Skip("needs a file that this user may not read");
            return;
        }

        using var data = new IdxDirectory();
        File.SetUnixFileMode(data.File(IdxDirectory.TrainImages), UnixFileMode.None);
        (await TrainOn(data)).AssertRefused(IdxDirectory.TrainImages, "permission");
    }

    [Fact]
    public async Task A_file_in_place_of_the_directory_is_refused()
    {
        using var data = new IdxDirectory();
        (await ExampleProgram.RunAsync("train", "--data", "digits", "--path", data.File(IdxDirectory.TrainImages))).AssertRefused(IdxDirectory.TrainImages);
    }

    [Fact]
    public async Task Not_a_number_in_the_data_is_refused()
    {
        using var data = new IdxDirectory();
        var path = data.File("data.csv");
        await File.WriteAllLinesAsync(
            path,
            ["label," + string.Join(',', Enumerable.Range(0, 64).Select(index => $"p{index}")), "1," + string.Join(',', Enumerable.Repeat("NaN", 64))],
            TestContext.Current.CancellationToken);
        (await ExampleProgram.RunAsync("train", "--data", "csv", "--path", path)).AssertRefused("NaN");
    }

    [Fact]
    public async Task Too_few_rows_to_hold_some_back_are_refused()
    {
        using var data = new IdxDirectory();
        var path = data.File("data.csv");
        var header = "label," + string.Join(',', Enumerable.Range(0, 64).Select(index => $"p{index}"));
        var row = "1," + string.Join(',', Enumerable.Repeat("1", 64));
        foreach (var (rows, training) in new[] { (1, 1), (3, 2) })
        {
            await File.WriteAllLinesAsync(path, [header, .. Enumerable.Repeat(row, rows)], TestContext.Current.CancellationToken);
            (await ExampleProgram.RunAsync("train", "--data", "csv", "--path", path)).AssertRefused($"{training} row", "at least");
        }
    }

    [Fact]
    public async Task A_learning_rate_that_diverges_is_named()
    {
        using var data = new IdxDirectory();
        (await ExampleProgram.RunAsync("train", "--data", "digits", "--path", data.Path, "--optimizer", "sgd", "--learning-rate", "1e9", "--epochs", "3"))
            .AssertRefused("diverged", "learning rate");
    }

    [Fact]
    public async Task A_model_file_that_is_none_is_refused()
    {
        using var data = new IdxDirectory();
        (await ExampleProgram.RunAsync("predict", "--model", data.File(IdxDirectory.TrainImages), "--data", "digits", "--path", data.Path))
            .AssertRefused(IdxDirectory.TrainImages);
    }

    [Fact]
    public async Task An_unknown_network_is_answered_with_those_that_exist() =>
        (await ExampleProgram.RunAsync("explain", "digist")).AssertRefused("digist", "small-digits", "did you mean 'digits'");

    [Fact]
    public async Task An_unknown_instruction_set_is_answered_with_those_that_exist()
    {
        // Read once by each process.
        using var program = ExampleProgram.Start(".", [(InstructionSets.OverrideVariable, "avx1024")], "explain", "digits");
        var cancellation = TestContext.Current.CancellationToken;
        var (output, error) = (program.StandardOutput.ReadToEndAsync(cancellation), program.StandardError.ReadToEndAsync(cancellation));
        await program.WaitForExitAsync(cancellation);
        new ExampleRun(program.ExitCode, await output, await error).AssertRefused("avx1024", "avx512, avx2 or portable");
    }

    private static Task<ExampleRun> TrainOn(IdxDirectory data) => ExampleProgram.RunAsync("train", "--data", "digits", "--path", data.Path, "--epochs", "1");
}
