using System.Globalization;
using Whittle.Generator.Diagnostics;

namespace Whittle.Generator.Parsing;

/// <summary>The rules for single arguments.</summary>
internal static class ValueRules
{
    public static void Size(AttributeReader attribute, string property, int value, int limit, List<Problem> problems)
    {
        if (value < 1 || value > limit)
        {
            problems.Add(new Problem(Descriptors.SizeOutOfRange, attribute.LocationOf(property), property, Invariant(value), Invariant(limit)));
        }
    }

    public static TEnum Enumeration<TEnum>(AttributeReader attribute, string property, TEnum byDefault, List<Problem> problems)
        where TEnum : struct, Enum
    {
        if (attribute.Value(property) is not int number)
        {
            return byDefault;
        }

        var value = (TEnum)Enum.ToObject(typeof(TEnum), number);
        if (!Enum.IsDefined(typeof(TEnum), value))
        {
            problems.Add(new Problem(
                Descriptors.UndefinedValue,
                attribute.LocationOf(property),
                Invariant(number),
                typeof(TEnum).Name,
                string.Join(", ", Enum.GetNames(typeof(TEnum)))));
        }

        return value;
    }

    public static void Slope(AttributeReader attribute, Activation activation, float slope, List<Problem> problems)
    {
        if (activation != Activation.LeakyRelu && attribute.Writes("Slope"))
        {
            problems.Add(new Problem(Descriptors.SlopeWithoutLeakyRelu, attribute.LocationOf("Slope"), activation));
        }
        else if (!(slope > 0 && slope < 1))
        {
            problems.Add(new Problem(Descriptors.SlopeOutOfRange, attribute.LocationOf("Slope"), slope.ToString(CultureInfo.InvariantCulture)));
        }
    }

    private static string Invariant(int value) => value.ToString(CultureInfo.InvariantCulture);
}
