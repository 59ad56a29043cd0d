using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Whittle.Generator.Diagnostics;

namespace Whittle.Generator.Parsing;

/// <summary>The rules for the class that carries the attributes, apart from what they say.</summary>
internal static class ClassRules
{
    /// <summary>The generated code passes readonly references, and derives from a class whose interface has static members.</summary>
    private const LanguageVersion OldestLanguage = LanguageVersion.CSharp12;

    private static readonly HashSet<string> GeneratedMembers =
    [
        "Declaration", "Kernels", "Create", "Load",
        "Forward", "ForwardSingle", "InputGradient", "InputGradientSingle", "WeightGradient", "WeightGradientSingle", "BackwardSingle",
        "ForwardListed", "WeightGradientListed", "WeightGradientSparse", "HashInput", "HashNodes", "IsFused", "ForwardFused", "BackwardFused",
    ];

    public static void Check(
        INamedTypeSymbol type, AttributeReader network, List<AttributeReader> layers, List<Problem> problems, CancellationToken cancellation)
    {
        var place = IdentifierOf(network.Declaration) ?? network.Location;
        if (network.Declaration?.SyntaxTree.Options is CSharpParseOptions { LanguageVersion: < OldestLanguage } options)
        {
            problems.Add(new Problem(
                Descriptors.LanguageVersion, place, type.Name, OldestLanguage.ToDisplayString(), options.LanguageVersion.ToDisplayString()));
        }

        if (Unsupported(type) is { } reason)
        {
            // The other rules ask for what such a type cannot have.
            problems.Add(new Problem(Descriptors.UnsupportedType, place, type.Name, reason));
            return;
        }

        CheckPartial(type, network.Declaration, place, problems);
        if (!type.AllInterfaces.Any(candidate => IsNetworkInterface(candidate, type)))
        {
            problems.Add(new Problem(Descriptors.InterfaceMissing, place, type.Name));
        }

        if (type.BaseType is { SpecialType: not SpecialType.System_Object, TypeKind: not TypeKind.Error } ancestor
            && !IsOfWhittle(ancestor, MetadataNames.BaseClass))
        {
            problems.Add(new Problem(Descriptors.BaseClass, place, type.Name, ancestor.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)));
        }

        CheckMembers(type, place, layers.Any(layer => layer.Integer("Repeat", 1) > 1), problems, cancellation);
    }

    private static string? Unsupported(INamedTypeSymbol type)
    {
        if (type.TypeKind != TypeKind.Class)
        {
            return "it is not a class";
        }

        if (type.IsRecord)
        {
            return "a record compares and copies values, which parameters in native memory do not allow";
        }

        if (type.IsStatic)
        {
            return "it is static";
        }

        if (type.IsAbstract)
        {
            return "it is abstract";
        }

        if (type.IsGenericType)
        {
            return type.TypeParameters.Length > 0 ? "it is generic" : "a type around it is generic";
        }

        for (var outer = type; outer is not null; outer = outer.ContainingType)
        {
            if (outer.IsFileLocal)
            {
                return "its generated half is in another file, which cannot see a file-local type";
            }
        }

        return type.GetMembers().Any(member => member is IPropertySymbol { IsRequired: true } or IFieldSymbol { IsRequired: true })
            ? "the generated Create and Load cannot set its required members"
            : null;
    }

    private static void CheckPartial(INamedTypeSymbol type, SyntaxNode? declaration, Location place, List<Problem> problems)
    {
        if (!IsPartial(declaration))
        {
            problems.Add(new Problem(Descriptors.NotPartial, place, type.Name));
        }

        for (var outer = declaration?.Parent; outer is TypeDeclarationSyntax syntax; outer = outer.Parent)
        {
            if (!IsPartial(outer))
            {
                problems.Add(new Problem(Descriptors.ContainingTypeNotPartial, syntax.Identifier.GetLocation(), syntax.Identifier.ValueText, type.Name));
            }
        }
    }

    private static void CheckMembers(INamedTypeSymbol type, Location place, bool repeats, List<Problem> problems, CancellationToken cancellation)
    {
        if (GeneratedMembers.Contains(type.Name))
        {
            problems.Add(new Problem(Descriptors.MemberCollision, place, type.Name, type.Name));
        }

        foreach (var member in type.GetMembers())
        {
            if (member.IsImplicitlyDeclared || Declared(member, cancellation) is not { } location)
            {
                continue;
            }

            if (member is IMethodSymbol { MethodKind: MethodKind.Constructor } constructor)
            {
                if (Collides(constructor, repeats, cancellation) is { } reason)
                {
                    var generated = repeats ? "ulong seed, int depth" : "ulong seed";
                    problems.Add(new Problem(Descriptors.ConstructorCollision, location, type.Name, reason, generated));
                }
            }
            else if (member is not IMethodSymbol { AssociatedSymbol: not null } && GeneratedMembers.Contains(member.Name))
            {
                problems.Add(new Problem(Descriptors.MemberCollision, location, member.Name, type.Name));
            }
        }
    }

    private static string? Collides(IMethodSymbol constructor, bool repeats, CancellationToken cancellation)
    {
        if (constructor.DeclaringSyntaxReferences.Any(reference => reference.GetSyntax(cancellation) is TypeDeclarationSyntax))
        {
            return "has a primary constructor, which every other constructor would have to call";
        }

        SpecialType[] generated = repeats ? [SpecialType.System_UInt64, SpecialType.System_Int32] : [SpecialType.System_UInt64];
        return constructor.Parameters.Select(parameter => parameter.Type.SpecialType).SequenceEqual(generated)
            ? "declares a constructor with the parameters of the generated one"
            : null;
    }

    /// <summary>Where a person declared the member; null where the generator did: the analyzer sees its output too.</summary>
    private static Location? Declared(ISymbol member, CancellationToken cancellation)
    {
        foreach (var reference in member.DeclaringSyntaxReferences)
        {
            if (reference.SyntaxTree.FilePath.IndexOf(typeof(NetworkGenerator).FullName, StringComparison.Ordinal) < 0)
            {
                return IdentifierOf(reference.GetSyntax(cancellation))
                    ?? member.Locations.FirstOrDefault(location => location.SourceTree == reference.SyntaxTree);
            }
        }

        return null;
    }

    private static Location? IdentifierOf(SyntaxNode? declaration) => (declaration as BaseTypeDeclarationSyntax)?.Identifier.GetLocation();

    private static bool IsPartial(SyntaxNode? declaration) =>
        declaration is TypeDeclarationSyntax { Modifiers: var modifiers } && modifiers.Any(SyntaxKind.PartialKeyword);

    private static bool IsNetworkInterface(INamedTypeSymbol candidate, INamedTypeSymbol type) =>
        IsOfWhittle(candidate, MetadataNames.NetworkInterface)
        && candidate.TypeArguments.Length == 1
        && SymbolEqualityComparer.Default.Equals(candidate.TypeArguments[0], type);

    private static bool IsOfWhittle(INamedTypeSymbol symbol, string name) =>
        symbol.Name == name
        && symbol.ContainingNamespace is { Name: MetadataNames.Namespace, ContainingNamespace.IsGlobalNamespace: true };
}
