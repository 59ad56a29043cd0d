using System.Globalization;
using Whittle.Generator.Model;

namespace Whittle.Generator.Lowering;

/// <summary>One summand of an address: <c>Coefficient * Variable</c>.</summary>
internal readonly record struct AffineTerm(string Variable, int Coefficient);

/// <summary>An address in floats: a constant plus terms, each linear in one loop variable.</summary>
internal sealed record Affine(int Constant, EquatableArray<AffineTerm> Terms)
{
    public static implicit operator Affine(int constant) => new(constant, default);

    public static Affine Of(string variable, int coefficient = 1) =>
        new(0, new[] { new AffineTerm(variable, coefficient) }.ToEquatableArray());

    public static Affine operator +(Affine left, Affine right)
    {
        var terms = left.Terms.Concat(right.Terms)
            .GroupBy(term => term.Variable)
            .Select(group => new AffineTerm(group.Key, group.Sum(term => term.Coefficient)))
            .Where(term => term.Coefficient != 0);
        return new Affine(left.Constant + right.Constant, terms.ToEquatableArray());
    }

    /// <summary>The address times a constant.</summary>
    public Affine Scaled(int factor) => new(Constant * factor, Terms.Select(term => term with { Coefficient = term.Coefficient * factor }).ToEquatableArray());

    public int CoefficientOf(string variable) =>
        Terms.Where(term => term.Variable == variable).Sum(term => term.Coefficient);

    /// <summary>Replaces a variable by <paramref name="replacement"/> (nothing when null) plus a constant.</summary>
    public Affine Substitute(string variable, string? replacement, int shift)
    {
        var coefficient = CoefficientOf(variable);
        var rest = this with { Terms = Terms.Where(term => term.Variable != variable).ToEquatableArray() };
        return rest + (replacement is null ? 0 : Of(replacement, coefficient)) + (shift * coefficient);
    }

    /// <summary>The terms in the given variables.</summary>
    public Affine In(params string?[] variables) =>
        new(0, Terms.Where(term => variables.Contains(term.Variable)).ToEquatableArray());

    /// <summary>The address as a C# expression, such as <c>row * 1008 + 8</c>.</summary>
    public override string ToString()
    {
        var parts = Terms.Select(term => term.Coefficient == 1 ? term.Variable : term.Variable + " * " + Invariant(term.Coefficient));
        return string.Join(" + ", Constant != 0 || Terms.Count == 0 ? parts.Append(Invariant(Constant)) : parts);
    }

    private static string Invariant(int value) => value.ToString(CultureInfo.InvariantCulture);
}
