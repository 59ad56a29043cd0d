namespace Whittle.Bench.Peers.Contenders;

/// <summary>Where peers in other processes are found.</summary>
/// <param name="Python">The Python interpreter that has PyTorch; null to try the usual ones.</param>
/// <param name="TorchLauncher">Words that go before the command of the TorchSharp worker, to start it in another environment.</param>
/// <param name="TorchWorker">The TorchSharp worker's program; null for the one that is built beside this.</param>
/// <param name="AotWorker">Ours compiled ahead of time; null for the program that is published beside this.</param>
internal sealed record PeerOptions(string? Python, string? TorchLauncher, FileInfo? TorchWorker, FileInfo? AotWorker);
