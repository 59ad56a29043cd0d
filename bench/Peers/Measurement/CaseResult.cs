using Whittle.Bench.Peers.Cases;

namespace Whittle.Bench.Peers.Measurement;

/// <summary>What came of a case.</summary>
/// <param name="Case">The case.</param>
/// <param name="Own">Our time.</param>
/// <param name="Peers">The peers that took part.</param>
internal sealed record CaseResult(BenchmarkCase Case, Spread Own, IReadOnlyList<PeerResult> Peers);

/// <summary>A peer's part in a case.</summary>
/// <param name="Name">The peer.</param>
/// <param name="Time">Its time.</param>
internal sealed record PeerResult(string Name, Spread Time);
