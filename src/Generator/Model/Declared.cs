using Whittle.Generator.Diagnostics;

namespace Whittle.Generator.Model;

/// <summary>What a declaration says, or what is wrong with it, as values.</summary>
/// <param name="Network">The network; null when it has problems or does not compile by itself.</param>
/// <param name="Problems">What is wrong.</param>
internal sealed record Declared(NetworkSpec? Network, EquatableArray<ProblemSpec> Problems);
