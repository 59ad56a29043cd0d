using System.Globalization;

namespace Whittle.Generator.Tests.Compilation;

/// <summary>A culture that writes numbers as no C# source may: any number formatted with it breaks the generated code.</summary>
internal static class HostileCulture
{
    public static CultureInfo Create()
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.NumberFormat.NegativeSign = "\u2212";
        culture.NumberFormat.NumberDecimalSeparator = ",";
        culture.NumberFormat.NumberGroupSeparator = ".";
        culture.NumberFormat.NaNSymbol = "?";
        return culture;
    }

    public static T Run<T>(Func<T> action)
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = Create();
        try
        {
            return action();
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
