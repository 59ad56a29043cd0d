using System.Globalization;
using System.Text;

namespace Whittle.Bench.Peers.Protocol;

/// <summary>
/// The other end of a contender in another process. It says <c>ready VERSION</c>, then answers lines:
/// <c>start</c> and a workload with <c>values ...</c> (the check), <c>time SAMPLES PASSES</c> with <c>times ...</c>, both of
/// them with <c>error MESSAGE</c> where they fail, until its input ends.
/// </summary>
public static class WorkerLoop
{
    /// <summary>Serves until the input ends.</summary>
    public static void Serve(IContender contender, Stream input, Stream output)
    {
        using var answers = new StreamWriter(output, new UTF8Encoding(false)) { AutoFlush = true, NewLine = "\n" };
        answers.WriteLine($"ready {contender.Version}");
        IContenderRun? run = null;
        while (RawNumbers.ReadLine(input) is { } line)
        {
            try
            {
                var words = line.Split(' ');
                if (words[0] == "start")
                {
                    run?.Dispose();
                    run = null;
                    run = contender.Start(Workload.Read(input));
                    answers.WriteLine(Numbers("values", run.Check()));
                }
                else if (words is ["time", var samples, var passes] && run is not null)
                {
                    answers.WriteLine(Numbers("times", run.Time(int.Parse(samples, CultureInfo.InvariantCulture), int.Parse(passes, CultureInfo.InvariantCulture))));
                }
                else
                {
                    answers.WriteLine($"error unexpected line '{line}'");
                }
            }
            catch (Exception exception)
            {
                answers.WriteLine($"error {exception.Message.ReplaceLineEndings(" ")}");
            }
        }

        run?.Dispose();
    }

    private static string Numbers(string word, double[] numbers) =>
        $"{word} {string.Join(' ', numbers.Select(number => number.ToString("R", CultureInfo.InvariantCulture)))}";
}
