using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using Spectre.Console;
using Whittle.Bench.Peers.Cases;
using Whittle.Bench.Peers.Measurement;

namespace Whittle.Bench.Peers.Reporting;

/// <summary>The table of a run and what belongs beside it.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Contenders">Who took part.</param>
/// <param name="Results">What was measured.</param>
/// <param name="Own">Facts of ours; null where the run was interrupted.</param>
internal sealed record Report(
    Machine Machine, IReadOnlyList<(string Name, string Version)> Contenders, IReadOnlyList<CaseResult> Results, OwnFacts? Own)
{
    private static readonly JsonSerializerOptions JsonFormat = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Writes the facts of the machine, the table and the facts of ours.</summary>
    public void WriteTable(IAnsiConsole console)
    {
        void Line(FormattableString text) => console.Profile.Out.Writer.WriteLine(FormattableString.Invariant(text));

        Line($"{Machine.Processor}, .NET {Environment.Version}, {RuntimeInformation.OSDescription}");
        Line($"One thread: {Machine.PeakGigaFlops:N1} GFLOP/s of multiply-adds in registers ({InstructionSets.Active}){(Machine.Avx2PeakGigaFlops is { } avx2 ? FormattableString.Invariant($", {avx2:N1} with AVX2") : "")}; memory {Machine.ReadGigaBytes:N1} GB/s read, {Machine.CopyGigaBytes:N1} GB/s copied (read and written).");
        foreach (var (name, version) in Contenders)
        {
            Line($"{name}: {version}");
        }

        Line($"");
        var table = new Table().RoundedBorder().AddColumns("case");
        foreach (var heading in (string[])["threads", "ours, ms", "10 %..90 %", "of peak"])
        {
            table.AddColumn(new TableColumn(heading).RightAligned());
        }

        table.AddColumn("peer");
        foreach (var heading in (string[])["peer, ms", "10 %..90 %", "peer / ours"])
        {
            table.AddColumn(new TableColumn(heading).RightAligned());
        }

        foreach (var result in Results)
        {
            string[] ours = [result.Case.Name, FormattableString.Invariant($"{result.Case.Threads}"), .. Cells(result.Own), ShareOfPeak(result) is { } share ? FormattableString.Invariant($"{share:P0}") : ""];
            if (result.Peers.Count == 0)
            {
                table.AddRow([.. ours.Select(Markup.Escape)]);
            }

            // The following rows of a case leave its own columns empty.
            for (var index = 0; index < result.Peers.Count; index++)
            {
                var peer = result.Peers[index];
                string[] theirs = [peer.Name, .. Cells(peer.Time), FormattableString.Invariant($"{peer.Time.Median / result.Own.Median:F2}")];
                table.AddRow([.. (index == 0 ? ours : ours.Select(_ => "")).Concat(theirs).Select(Markup.Escape)]);
            }
        }

        console.Write(table);
        Line($"Medians of passes taken in turns; peer / ours above 1 means that ours is faster. Shares of the peak count zeros as work, which ours skips.");
        foreach (var result in Results.Where(result => result.Recall.Count > 0))
        {
            Line($"{result.Case.Name}: recall of the true largest nodes, layer by layer: {string.Join(", ", result.Recall.Select(recall => FormattableString.Invariant($"{recall:F2}")))}.");
        }

        Own?.Write(text => Line(text));
    }

    /// <summary>The rows as JSON, one for each case and peer; times in milliseconds.</summary>
    public string ToJson() => JsonSerializer.Serialize(
        Results.SelectMany(result => result.Peers.Select(peer => (PeerResult?)peer).DefaultIfEmpty().Select(peer => new JsonRow(
            result.Case.Name,
            result.Case.Threads,
            result.Own.Median,
            result.Own.Low,
            result.Own.High,
            peer?.Time.Median,
            peer?.Time.Low,
            peer?.Time.High,
            peer?.Name,
            peer?.Time.Median / result.Own.Median,
            ShareOfPeak(result),
            result.Recall.Count > 0 ? result.Recall : null))),
        JsonFormat);

    private static string[] Cells(Spread time) => [Milliseconds(time.Median), $"{Milliseconds(time.Low)}..{Milliseconds(time.High)}"];

    private static string Milliseconds(double value) => value.ToString(value >= 10 ? "F1" : value >= 1 ? "F2" : value >= 0.1 ? "F3" : value >= 0.01 ? "F4" : "F6", System.Globalization.CultureInfo.InvariantCulture);

    // A case limited to AVX2 is measured against what AVX2 can do.
    private double? ShareOfPeak(CaseResult result)
    {
        if (result.Case.Sampled is not null)
        {
            return null;
        }

        var peak = result.Case.Own == ContenderKind.OwnAvx2 ? Machine.Avx2PeakGigaFlops ?? Machine.PeakGigaFlops : Machine.PeakGigaFlops;
        return result.Case.Flops / (result.Own.Median * 1e6) / (peak * result.Case.Threads);
    }

    private sealed record JsonRow(
        string Case,
        int Threads,
        double Ours,
        double OursLow,
        double OursHigh,
        double? Peer,
        double? PeerLow,
        double? PeerHigh,
        string? PeerName,
        double? Ratio,
        double? ShareOfPeak,
        IReadOnlyList<double>? Recall);
}
