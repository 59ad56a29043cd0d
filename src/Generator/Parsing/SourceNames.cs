using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Whittle.Generator.Model;

namespace Whittle.Generator.Parsing;

/// <summary>How a generated part names the type it belongs to.</summary>
internal static class SourceNames
{
    /// <summary>The name as source may write it: with @ where it is a keyword or, all in small letters, may become one (CS8981).</summary>
    public static string Identifier(string name) =>
        SyntaxFacts.GetKeywordKind(name) != SyntaxKind.None || name.All(letter => letter is >= 'a' and <= 'z') ? "@" + name : name;

    /// <summary>The namespace with dots; empty for the global one.</summary>
    public static string Namespace(INamedTypeSymbol type)
    {
        var names = new Stack<string>();
        for (var space = type.ContainingNamespace; space is { IsGlobalNamespace: false }; space = space.ContainingNamespace)
        {
            names.Push(Identifier(space.Name));
        }

        return string.Join(".", names);
    }

    /// <summary>Headers of the types around it, outermost first. Modifiers other than partial may stay out of a part.</summary>
    public static EquatableArray<string> ContainingTypes(INamedTypeSymbol type)
    {
        var headers = new Stack<string>();
        for (var outer = type.ContainingType; outer is not null; outer = outer.ContainingType)
        {
            var keyword = outer switch
            {
                { TypeKind: TypeKind.Interface } => "interface",
                { TypeKind: TypeKind.Struct, IsRecord: true } => "record struct",
                { TypeKind: TypeKind.Struct } => "struct",
                { IsRecord: true } => "record",
                _ => "class",
            };
            headers.Push("partial " + keyword + " " + Identifier(outer.Name));
        }

        return headers.ToEquatableArray();
    }

    /// <summary>Accessibility, and <c>sealed</c> if declared.</summary>
    public static string Modifiers(INamedTypeSymbol type) =>
        SyntaxFacts.GetText(type.DeclaredAccessibility) + (type.IsSealed ? " sealed" : "");
}
