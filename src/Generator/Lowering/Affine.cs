using System.Globalization;
using Whittle.Generator.Model;

namespace Whittle.Generator.Lowering;

/// <summary>One summand of an address: <c>Coefficient * Symbol * Variable</c>; no symbol means 1.</summary>
internal readonly record struct AffineTerm(string Variable, int Coefficient, string? Symbol = null);

/// <summary>An address in floats: a constant plus terms, each linear in one loop variable.</summary>
internal sealed record Affine(int Constant, EquatableArray<AffineTerm> Terms)
{
    /// <summary>The variable whose value is always one; it stands in terms that are a constant times a symbol.</summary>
    public const string One = "";

    public static implicit operator Affine(int constant) => new(constant, default);

    public static Affine Of(string variable, int coefficient = 1, string? symbol = null) =>
        new(0, new[] { new AffineTerm(variable, coefficient, symbol) }.ToEquatableArray());

    public static Affine operator +(Affine left, Affine right)
    {
        var terms = left.Terms.Concat(right.Terms)
            .GroupBy(term => (term.Variable, term.Symbol))
            .Select(group => new AffineTerm(group.Key.Variable, group.Sum(term => term.Coefficient), group.Key.Symbol))
            .Where(term => term.Coefficient != 0);
        return new Affine(left.Constant + right.Constant, terms.ToEquatableArray());
    }

    /// <summary>The coefficient of <paramref name="variable"/> in terms without a symbol.</summary>
    public int CoefficientOf(string variable) =>
        Terms.Where(term => term.Variable == variable && term.Symbol is null).Sum(term => term.Coefficient);

    public bool Mentions(string variable) => Terms.Any(term => term.Variable == variable);

    /// <summary>Replaces a variable by <paramref name="replacement"/> (nothing when null) plus a constant.</summary>
    public Affine Substitute(string variable, string? replacement, int shift)
    {
        Affine result = Constant;
        foreach (var term in Terms)
        {
            if (term.Variable != variable)
            {
                result += Of(term.Variable, term.Coefficient, term.Symbol);
                continue;
            }

            if (replacement is not null)
            {
                result += Of(replacement, term.Coefficient, term.Symbol);
            }

            result += term.Symbol is null
                ? (Affine)(shift * term.Coefficient)
                : Of(One, shift * term.Coefficient, term.Symbol);
        }

        return result;
    }

    /// <summary>The terms that a predicate selects, with or without the constant.</summary>
    public Affine Part(Func<AffineTerm, bool> selected, bool withConstant) =>
        new(withConstant ? Constant : 0, Terms.Where(selected).ToEquatableArray());

    /// <summary>The address as a C# expression, such as <c>row * inputStride + 8</c>.</summary>
    public override string ToString()
    {
        var parts = new List<string>();
        foreach (var term in Terms)
        {
            var factors = new[] { term.Variable, term.Symbol ?? "", term.Coefficient == 1 ? "" : Invariant(term.Coefficient) }
                .Where(factor => factor.Length > 0)
                .ToArray();
            parts.Add(factors.Length == 0 ? "1" : string.Join(" * ", factors));
        }

        if (Constant != 0 || parts.Count == 0)
        {
            parts.Add(Invariant(Constant));
        }

        return string.Join(" + ", parts);
    }

    private static string Invariant(int value) => value.ToString(CultureInfo.InvariantCulture);
}
