using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Whittle.Generator.Parsing;

/// <summary>The arguments of one attribute by the names of its properties, with their places in the source.</summary>
internal sealed class AttributeReader(AttributeData attribute, CancellationToken cancellation)
{
    private readonly AttributeSyntax? syntax = attribute.ApplicationSyntaxReference?.GetSyntax(cancellation) as AttributeSyntax;

    /// <summary>Name of the attribute's class.</summary>
    public string Name => attribute.AttributeClass?.Name ?? "";

    /// <summary>Whether every argument has a value; if not, the compiler reports the reason.</summary>
    public bool IsComplete =>
        attribute.AttributeConstructor is { } constructor
        && constructor.Parameters.Length == attribute.ConstructorArguments.Length
        && attribute.ConstructorArguments.All(argument => argument.Kind != TypedConstantKind.Error)
        && attribute.NamedArguments.All(argument => argument.Value.Kind != TypedConstantKind.Error);

    /// <summary>The declaration that the attribute stands on.</summary>
    public SyntaxNode? Declaration => syntax?.Parent?.Parent;

    public Location Location => syntax?.GetLocation() ?? Location.None;

    /// <summary>The value of a property, given by its name or through the constructor; null when it is not given.</summary>
    /// <param name="property">Name of the property; its constructor parameter has the same name in camel case.</param>
    public object? Value(string property)
    {
        foreach (var argument in attribute.NamedArguments)
        {
            if (argument.Key == property)
            {
                return argument.Value.Value;
            }
        }

        var position = Position(property);
        return position >= 0 && position < attribute.ConstructorArguments.Length ? attribute.ConstructorArguments[position].Value : null;
    }

    public int Integer(string property, int byDefault) => Value(property) is int value ? value : byDefault;

    /// <summary>A fraction: attributes take double precision, so that a literal needs no suffix.</summary>
    public float Single(string property, double byDefault) => (float)(Value(property) is double value ? value : byDefault);

    public bool Boolean(string property) => Value(property) is true;

    /// <summary>Whether the source writes the property out.</summary>
    public bool Writes(string property) => Argument(property) is not null;

    /// <summary>Where the property's value is written; the attribute itself where it is not.</summary>
    public Location LocationOf(string property) => Argument(property)?.Expression.GetLocation() ?? Location;

    private AttributeArgumentSyntax? Argument(string property)
    {
        if (syntax?.ArgumentList is not { } list)
        {
            return null;
        }

        var parameter = Parameter(property);
        var named = list.Arguments.LastOrDefault(argument =>
            argument.NameEquals?.Name.Identifier.ValueText == property
            || (parameter is not null && argument.NameColon?.Name.Identifier.ValueText == parameter));
        if (named is not null)
        {
            return named;
        }

        var position = Position(property);
        return position >= 0 && position < list.Arguments.Count
            && list.Arguments[position] is { NameEquals: null, NameColon: null } positional
            ? positional
            : null;
    }

    private int Position(string property)
    {
        var parameter = Parameter(property);
        return attribute.AttributeConstructor?.Parameters.FirstOrDefault(candidate => candidate.Name == parameter)?.Ordinal ?? -1;
    }

    private static string Parameter(string property) => char.ToLowerInvariant(property[0]) + property.Substring(1);
}
