using Whittle.Generator.Diagnostics;
using Whittle.Generator.Model;

namespace Whittle.Generator.Parsing;

/// <summary>What a declaration says, or what is wrong with it.</summary>
/// <param name="Spec">The network; null when it has problems or does not compile by itself.</param>
/// <param name="Problems">What is wrong, for the analyzer.</param>
/// <param name="LoopedLayers">Remarks about layers that are too large to be unrolled fully.</param>
internal sealed record ParsedNetwork(NetworkSpec? Spec, IReadOnlyList<Problem> Problems, IReadOnlyList<Problem> LoopedLayers)
{
    public static readonly ParsedNetwork None = new(null, [], []);
}
