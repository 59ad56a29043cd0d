using Microsoft.CodeAnalysis;

namespace Whittle.Generator.Diagnostics;

/// <summary>What is wrong with a declaration, and where. Lives only while a declaration is read: it holds on to syntax.</summary>
internal sealed class Problem(DiagnosticDescriptor descriptor, Location location, params object[] arguments)
{
    public DiagnosticDescriptor Descriptor { get; } = descriptor;

    public Location Location { get; } = location;

    public IReadOnlyList<object> Arguments => arguments;

    public Diagnostic ToDiagnostic() => Diagnostic.Create(Descriptor, Location, arguments);
}
