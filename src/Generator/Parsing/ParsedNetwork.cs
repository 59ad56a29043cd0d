using Whittle.Generator.Diagnostics;
using Whittle.Generator.Model;

namespace Whittle.Generator.Parsing;

/// <summary>What a declaration says, or what is wrong with it.</summary>
/// <param name="Spec">The network; null when it has problems or does not compile by itself.</param>
/// <param name="Problems">What is wrong; the generator tells it.</param>
/// <param name="Layers">The attributes of the network's layers, for what the analyzer has to say about them.</param>
internal sealed record ParsedNetwork(NetworkSpec? Spec, IReadOnlyList<Problem> Problems, IReadOnlyList<AttributeReader> Layers)
{
    public static readonly ParsedNetwork None = new(null, [], []);

    /// <summary>The same as values.</summary>
    public Declared ToDeclared() => new(Spec, Problems.Select(ProblemSpec.Of).ToEquatableArray());
}
