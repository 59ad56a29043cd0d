using System.Globalization;
using Whittle.Generator.Lowering;
using Whittle.Generator.Model;

namespace Whittle.Generator.Scheduling;

/// <summary>
/// Turns the signs of sums into codes of a few bits: vector by vector into words of 64 signs, from which each code is cut. As many
/// tables as a vector has lanes fill whole vectors, so more of them run in a loop.
/// </summary>
internal static class SignPacking
{
    /// <summary>Name of the method.</summary>
    public const string Name = "Pack";

    /// <summary>Name of the list that receives the codes.</summary>
    public const string Codes = "codes";

    private const int WordBits = 64;

    /// <summary>The method for one vector's sums and codes.</summary>
    public static Procedure Of(SignEpilogue signs, int lanes)
    {
        var body = new List<Statement>();
        if (signs.Tables <= lanes)
        {
            body.AddRange(Group(signs, lanes, signs.Tables, 0, 0));
        }
        else
        {
            body.Add(new DeclareNumber("table", null, null));
            body.Add(new Loop("table", signs.Tables, lanes, Listed(lanes)));
            if (signs.Tables % lanes is var rest && rest > 0)
            {
                body.Add(new Scope(Listed(rest)));
            }
        }

        return new Procedure(
            Name,
            FormattableString.Invariant($"The signs of the sums: {signs.Bits} of them make the code of each table, the first its lowest bit, set below zero."),
            new[] { NamesUsed.NameOf(signs.Target) }.ToEquatableArray(),
            new[] { Codes }.ToEquatableArray(),
            default,
            Updates: false,
            body.ToEquatableArray());

        EquatableArray<Statement> Listed(int tables) => Group(signs, lanes, tables, Affine.Of("table", signs.Bits), Affine.Of("table")).ToEquatableArray();
    }

    /// <summary>The call for sums and codes that begin at the given addresses.</summary>
    public static Call Call(SignEpilogue signs, Affine sums, Affine codes) => new(
        Name, new[] { new CallView(NamesUsed.NameOf(signs.Target), sums) }.ToEquatableArray(), new[] { new CallView(Codes, codes) }.ToEquatableArray(), default, Updates: false);

    private static IEnumerable<Statement> Group(SignEpilogue signs, int lanes, int tables, Affine firstSum, Affine firstTable)
    {
        for (var bit = 0; bit < tables * signs.Bits; bit += lanes)
        {
            yield return new CollectSigns(Word(bit), NamesUsed.NameOf(signs.Target), firstSum + bit, lanes, bit % WordBits);
        }

        for (var table = 0; table < tables; table++)
        {
            var bit = table * signs.Bits;
            var last = bit + signs.Bits - 1;
            yield return new StoreCode(Codes, firstTable + table, Word(bit), Word(bit) == Word(last) ? null : Word(last), bit % WordBits, signs.Bits);
        }
    }

    private static string Word(int bit) => "signs" + (bit / WordBits).ToString(CultureInfo.InvariantCulture);
}
