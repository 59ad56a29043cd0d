using System.Globalization;

namespace Whittle.Generator.Emit;

/// <summary>Values as C# text that is the same on every machine and in every culture.</summary>
internal static class Literal
{
    public static string Float(float value) => value.ToString("G9", CultureInfo.InvariantCulture) + "f";

    /// <summary>A number as part of a name: 0.01 becomes 0p01.</summary>
    public static string Identifier(float value) =>
        value.ToString("G9", CultureInfo.InvariantCulture).Replace('.', 'p').Replace("-", "m").Replace("+", "");

    public static string String(string value) => Microsoft.CodeAnalysis.CSharp.SymbolDisplay.FormatLiteral(value, quote: true);
}
