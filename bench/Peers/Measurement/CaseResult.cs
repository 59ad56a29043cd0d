using Whittle.Bench.Peers.Cases;

namespace Whittle.Bench.Peers.Measurement;

/// <summary>What came of a case.</summary>
/// <param name="Case">The case.</param>
/// <param name="Own">Our time.</param>
/// <param name="Peers">The peers that took part.</param>
/// <param name="Recall">How many of the true largest nodes our sampled layers found, layer by layer; empty where none chooses nodes.</param>
internal sealed record CaseResult(BenchmarkCase Case, Spread Own, IReadOnlyList<PeerResult> Peers, IReadOnlyList<double> Recall);

/// <summary>A peer's part in a case.</summary>
/// <param name="Name">The peer.</param>
/// <param name="Time">Its time.</param>
internal sealed record PeerResult(string Name, Spread Time);
