using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Whittle.Bench.Peers.Contenders;

/// <summary>Starts ours as bench/Peers.Aot publishes it.</summary>
internal static class AheadOfTimeWorker
{
    /// <summary>Starts it.</summary>
    /// <exception cref="ContenderUnavailableException">It is not published, or does not run here.</exception>
    public static WorkerContender Start(PeerOptions options)
    {
        var program = options.AotWorker?.FullName ?? Path.Combine(
            SiblingProgram.OutputDirectory("Peers.Aot"),
            SiblingProgram.Framework,
            RuntimeInformation.RuntimeIdentifier,
            "publish",
            OperatingSystem.IsWindows() ? "Whittle.Bench.Peers.Aot.exe" : "Whittle.Bench.Peers.Aot");
        return File.Exists(program)
            ? WorkerContender.Start("NativeAOT", new ProcessStartInfo(program))
            : throw new ContenderUnavailableException(
                $"NativeAOT is left out: {program} does not exist; publish it with: dotnet publish -c Release -r {RuntimeInformation.RuntimeIdentifier} bench/Peers.Aot");
    }
}
