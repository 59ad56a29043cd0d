namespace Whittle.Bench.Peers.Contenders;

/// <summary>A peer is not installed here, or does not run here; the message says which, why, and what would help.</summary>
internal sealed class ContenderUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
