using Whittle.Generator.Diagnostics;
using Whittle.Generator.Model;

namespace Whittle.Generator.Parsing;

/// <summary>What a declaration says, or what is wrong with it.</summary>
/// <param name="Spec">The network; null when it has problems or does not compile by itself.</param>
/// <param name="Problems">What is wrong; the generator tells it.</param>
/// <param name="LoopedLayers">Remarks about layers that are too large to be unrolled fully; the analyzer tells them.</param>
internal sealed record ParsedNetwork(NetworkSpec? Spec, IReadOnlyList<Problem> Problems, IReadOnlyList<Problem> LoopedLayers)
{
    public static readonly ParsedNetwork None = new(null, [], []);

    /// <summary>The same as values.</summary>
    public Declared ToDeclared() => new(Spec, Problems.Select(ProblemSpec.Of).ToEquatableArray());
}
