using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Whittle.Examples.Commands;
using Whittle.Examples.Networks;

namespace Whittle.Examples.Tests.Commands;

public partial class TrainingTests
{
    [Fact]
    public async Task The_last_line_is_the_test_accuracy_and_the_saved_network_predicts()
    {
        var digits = Path.Combine(Repository.Data, "digits");
        Assert.SkipUnless(Directory.Exists(digits), $"{digits} does not exist; set WHITTLE_DATA to the directory of the data sets");
        using var scratch = new IdxDirectory();
        var model = scratch.File("model.safetensors");

        var training = await ExampleProgram.RunAsync("train", "--data", "digits", "--path", digits, "--epochs", "5", "--save", model);
        Assert.Equal(0, training.ExitCode);
        Assert.Empty(training.Error);
        Assert.DoesNotContain('\u001b', training.Output);
        var accuracy = AccuracyLine().Match(training.Output.TrimEnd().Split('\n')[^1].TrimEnd());
        Assert.True(accuracy.Success, training.Output);
        Assert.InRange(double.Parse(accuracy.Groups[1].Value, CultureInfo.InvariantCulture), 93, 100);

        var prediction = await ExampleProgram.RunAsync("predict", "--model", model, "--data", "digits", "--path", digits, "--index", "3");
        Assert.Equal(0, prediction.ExitCode);
        Assert.Matches("prediction [0-9], truth 3", prediction.Output);
    }

    [Fact]
    public async Task Statistics_come_as_tables_of_every_layer()
    {
        var digits = Path.Combine(Repository.Data, "digits");
        Assert.SkipUnless(Directory.Exists(digits), $"{digits} does not exist; set WHITTLE_DATA to the directory of the data sets");
        var training = await ExampleProgram.RunAsync("train", "--data", "digits", "--path", digits, "--epochs", "1", "--statistics");
        Assert.Equal(0, training.ExitCode);
        var lines = training.Output.Split('\n');
        var layers = DeclaredNetwork.Find("small-digits").Declaration.Layers.Count;
        Assert.Equal((2 * layers) - 1, lines.Count(line => line.Contains("layer ", StringComparison.Ordinal) && line.Contains("100.0 %", StringComparison.Ordinal)));
        Assert.Contains("belong to no layer", training.Output);
    }

    [Fact]
    public async Task An_interrupt_keeps_the_best_network_and_says_where()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "sends the signal that a Unix terminal sends for Ctrl-C");
        Assert.SkipWhen(IgnoresInterrupts(), "a shell started the tests in the background, where programs ignore Ctrl-C");
        var cancellation = TestContext.Current.CancellationToken;
        using var data = new IdxDirectory();
        using var program = ExampleProgram.Start(data.Path, "train", "--data", "digits", "--path", data.Path, "--epochs", "100000");
        var error = program.StandardError.ReadToEndAsync(cancellation);
        var lines = new List<string>();
        while (lines.Count(line => line.StartsWith("epoch ", StringComparison.Ordinal)) < 2)
        {
            lines.Add(await program.StandardOutput.ReadLineAsync(cancellation) ?? throw new InvalidOperationException($"It ended: {await error}"));
        }

        Assert.Equal(0, Kill(program.Id, 2));
        var rest = await program.StandardOutput.ReadToEndAsync(cancellation);
        await program.WaitForExitAsync(cancellation);

        Assert.Equal(CommandLine.Interrupted, program.ExitCode);
        var path = InterruptedLine().Match(rest).Groups[1].Value;
        Assert.Equal(data.File("digits-interrupted.safetensors"), path);
        using var kept = SmallDigits.Load(path);
        Assert.InRange(kept.Classify(new float[64]), 0, 9);
    }

    /// <summary>Whether SIGINT (2) is in the mask of ignored signals, which child processes inherit.</summary>
    private static bool IgnoresInterrupts()
    {
        const string Status = "/proc/self/status";
        var mask = File.Exists(Status) ? File.ReadLines(Status).FirstOrDefault(line => line.StartsWith("SigIgn:", StringComparison.Ordinal)) : null;
        return mask is not null && (ulong.Parse(mask["SigIgn:".Length..].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture) & 2) != 0;
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int process, int signal);

    [GeneratedRegex(@"^test accuracy (\d+\.\d\d) %$")]
    private static partial Regex AccuracyLine();

    [GeneratedRegex(@"the best so far, is in (.+\S)")]
    private static partial Regex InterruptedLine();
}
