using System.Globalization;

namespace Whittle.Generator.Emit;

/// <summary>Values as C# text that is the same on every machine and in every culture.</summary>
internal static class Literal
{
    public static string Float(float value) => float.IsNegativeInfinity(value) ? "float.NegativeInfinity" : Number(value) + "f";

    /// <summary>The shortest decimal number that is read as this value.</summary>
    public static string Number(float value)
    {
        var text = value.ToString("G7", CultureInfo.InvariantCulture);
        return float.Parse(text, CultureInfo.InvariantCulture) == value ? text : value.ToString("G9", CultureInfo.InvariantCulture);
    }

    /// <summary>A setting of a declaration.</summary>
    public static string Of(object value) => value switch
    {
        float number => Float(number),
        bool truth => truth ? "true" : "false",
        Enum member => $"global::Whittle.{member.GetType().Name}.{member}",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture),
    };

    /// <summary>A number as part of a name: 0.01 becomes 0p01.</summary>
    public static string Identifier(float value) =>
        value.ToString("G9", CultureInfo.InvariantCulture).Replace('.', 'p').Replace("-", "m").Replace("+", "");

    public static string String(string value) => Microsoft.CodeAnalysis.CSharp.SymbolDisplay.FormatLiteral(value, quote: true);
}
