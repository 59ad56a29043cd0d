using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;
using Whittle.Generator.Model;

namespace Whittle.Generator.Diagnostics;

/// <summary>A problem as values only, so that it can wait in the generator's cache without the syntax that it is about.</summary>
/// <param name="Descriptor">What is wrong.</param>
/// <param name="Path">The source file.</param>
/// <param name="Span">Where in its text.</param>
/// <param name="Lines">Where by lines and columns.</param>
/// <param name="Arguments">The arguments of the message.</param>
internal sealed record ProblemSpec(
    DiagnosticDescriptor Descriptor, string Path, TextSpan Span, LinePositionSpan Lines, EquatableArray<string> Arguments)
{
    public static ProblemSpec Of(Problem problem) => new(
        problem.Descriptor,
        problem.Location.SourceTree?.FilePath ?? "",
        problem.Location.SourceSpan,
        problem.Location.GetLineSpan().Span,
        problem.Arguments.Select(argument => Convert.ToString(argument, CultureInfo.InvariantCulture)).ToEquatableArray());

    public Diagnostic ToDiagnostic() => Diagnostic.Create(Descriptor, Location.Create(Path, Span, Lines), [.. Arguments]);
}
